// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Everything about a microgrid that its next interval needs, in one storage slot. From the lowest bit: end 32
/// (minutes from 1970), length 8 (minutes; 0 before the first anchor), known 8, tolerance 16, lossFixed 32,
/// lossQuadratic 32, importRegister 64, exportRegister 64 (the transformer's at the end, when known).
type Head is uint256;

using Heads for Head global;

/// @title Reading and rewriting the packed head.
/// @dev The compiler reads and writes a packed struct member by member: 2,000 gas an anchor more than this.
library Heads {
    uint256 private constant FEEDER = uint256(type(uint80).max) << 48;
    uint256 private constant LENGTH = uint256(type(uint8).max) << 32;

    function end(Head head) internal pure returns (uint64) {
        unchecked {
            return uint64(uint32(Head.unwrap(head))) * 60;
        }
    }

    function intervalSeconds(Head head) internal pure returns (uint64) {
        unchecked {
            return uint64(uint8(Head.unwrap(head) >> 32)) * 60;
        }
    }

    function known(Head head) internal pure returns (bool) {
        return Head.unwrap(head) & (1 << 40) != 0;
    }

    function tolerance(Head head) internal pure returns (uint16) {
        return uint16(Head.unwrap(head) >> 48);
    }

    function lossFixed(Head head) internal pure returns (uint32) {
        return uint32(Head.unwrap(head) >> 64);
    }

    function lossQuadratic(Head head) internal pure returns (uint32) {
        return uint32(Head.unwrap(head) >> 96);
    }

    function importRegister(Head head) internal pure returns (uint64) {
        return uint64(Head.unwrap(head) >> 128);
    }

    function exportRegister(Head head) internal pure returns (uint64) {
        return uint64(Head.unwrap(head) >> 192);
    }

    /// @notice The head before its first anchor, which begins at `start`; both in seconds, whole minutes.
    function begun(Head head, uint64 start, uint64 interval) internal pure returns (Head) {
        return Head.wrap((Head.unwrap(head) & FEEDER) | (interval / 60) << 32 | (start / 60));
    }

    function withFeeder(Head head, uint32 fixed_, uint32 quadratic, uint16 tolerance_) internal pure returns (Head) {
        uint256 packed = uint256(quadratic) << 96 | uint256(fixed_) << 64 | uint256(tolerance_) << 48;
        return Head.wrap((Head.unwrap(head) & ~FEEDER) | packed);
    }

    /// @notice The head with another end, in seconds, where nothing is known of the transformer.
    function withEnd(Head head, uint64 end_) internal pure returns (Head) {
        return Head.wrap((Head.unwrap(head) & (FEEDER | LENGTH)) | (end_ / 60));
    }

    /// @notice The head with another end, in seconds, and the transformer's registers there.
    function withRegisters(Head head, uint64 end_, uint64 imported, uint64 exported) internal pure returns (Head) {
        uint256 kept = Head.unwrap(withEnd(head, end_));
        return Head.wrap(kept | 1 << 40 | uint256(imported) << 128 | uint256(exported) << 192);
    }
}
