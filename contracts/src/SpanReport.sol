// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Which of a meter's registers a report tells of. The order is part of what meters sign.
enum Flow {
    None,
    Import,
    Export
}

/// @notice What a meter signed about a delivery: its register at two instants.
struct SpanReport {
    /// From the highest bit down, 64 bits each: opened and closed, unix seconds; the register then, milliwatt hours.
    uint256 span;
    /// The signature in its compact form (EIP-2098); `r` is zero when there is no report.
    bytes32 r;
    bytes32 vs;
}

/// @notice A report taken apart.
struct Span {
    uint64 opened;
    uint64 closed;
    uint64 from;
    uint64 to;
}

/// @title What meters sign about deliveries: keccak-256 of 117 bytes, without any prefix.
library SpanReports {
    error WrongReportSigner(address signer, address meter);
    error SpanBackwards(uint64 opened, uint64 closed, uint64 from, uint64 to);

    /// @notice The span, when the meter signed it for this subject and flow.
    /// @param domain Of the purpose "Busbar Span v1".
    /// @param subject What the report is for: a delivery's id.
    function open(SpanReport calldata report, bytes32 domain, bytes32 subject, address meter, Flow flow)
        internal
        pure
        returns (Span memory span)
    {
        uint256 word = report.span;
        bytes32 digest = keccak256(abi.encodePacked(domain, subject, meter, uint8(flow), word));
        (address signer,,) = ECDSA.tryRecover(digest, report.r, report.vs);
        if (signer != meter || signer == address(0)) revert WrongReportSigner(signer, meter);
        // forge-lint: disable-start(unsafe-typecast)
        span.opened = uint64(word >> 192);
        span.closed = uint64(word >> 128);
        span.from = uint64(word >> 64);
        span.to = uint64(word);
        // forge-lint: disable-end(unsafe-typecast)
        if (span.closed < span.opened || span.to < span.from) {
            revert SpanBackwards(span.opened, span.closed, span.from, span.to);
        }
    }

    /// @notice Whether there is a report at all.
    function isThere(SpanReport calldata report) internal pure returns (bool) {
        return report.r != 0;
    }
}
