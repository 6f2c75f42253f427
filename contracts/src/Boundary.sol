// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Where a period begins: the closing of the bill before. Energies in milliwatt hours, instants in unix seconds.
/// The ledger keeps its hash; who makes the next bill brings the contents, which the events tell, in seven words.
struct Boundary {
    /// Hash of the boundary before; zero when the account begins here.
    bytes32 previous;
    address meter;
    /// Of the registers.
    uint64 instant;
    uint64 importRegister;
    uint64 exportRegister;
    uint64[4] bands;
    /// Start of the period: earlier than `instant` when the meter was exchanged in it.
    uint64 begun;
    /// What meters counted in the period until they were exchanged.
    uint64 importBefore;
    uint64 exportBefore;
    uint64[4] bandsBefore;
    /// Energy credit.
    uint64 carried;
    /// Energy that the meter had bought from and sold to neighbours here, as its running totals.
    uint64 bought;
    uint64 sold;
    /// Traded before that and not yet taken off: more than a period's use, or by the meter that was exchanged.
    uint64 boughtBefore;
    uint64 soldBefore;
    /// Import a day of the latest period that ended with a signed reading.
    uint64 usual;
    uint32 tariff;
    uint32 microgrid;
    /// Whether the registers are estimated.
    bool estimated;
    /// Whether the account ends here.
    bool ended;
}

/// @title The seven words of a boundary, from the highest bit down: previous; meter 160, tariff 32, microgrid 32, flags 32
/// (1 estimated, 2 ended); instant, begun, import, export, 64 each; the bands; importBefore, exportBefore, carried, usual;
/// bandsBefore; bought, sold, boughtBefore, soldBefore.
/// @dev Unpacked it would be 22 words, of which calldata, hash and event would cost 12,000 gas a bill more.
library Boundaries {
    uint256 private constant ESTIMATED = 1;
    uint256 private constant ENDED = 2;

    /// @notice What the ledger keeps.
    function hash(bytes32[7] memory form) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := keccak256(form, 224)
        }
    }

    function parse(bytes32[7] memory form) internal pure returns (Boundary memory boundary) {
        boundary.previous = form[0];
        uint256 word = uint256(form[1]);
        boundary.meter = address(bytes20(form[1]));
        // forge-lint: disable-next-line(unsafe-typecast)
        (boundary.tariff, boundary.microgrid) = (uint32(word >> 64), uint32(word >> 32));
        boundary.estimated = word & ESTIMATED != 0;
        boundary.ended = word & ENDED != 0;
        word = uint256(form[2]);
        (boundary.instant, boundary.begun) = (_part(word, 3), _part(word, 2));
        (boundary.importRegister, boundary.exportRegister) = (_part(word, 1), _part(word, 0));
        boundary.bands = _four(uint256(form[3]));
        word = uint256(form[4]);
        (boundary.importBefore, boundary.exportBefore) = (_part(word, 3), _part(word, 2));
        (boundary.carried, boundary.usual) = (_part(word, 1), _part(word, 0));
        boundary.bandsBefore = _four(uint256(form[5]));
        word = uint256(form[6]);
        (boundary.bought, boundary.sold) = (_part(word, 3), _part(word, 2));
        (boundary.boughtBefore, boundary.soldBefore) = (_part(word, 1), _part(word, 0));
    }

    function pack(Boundary memory boundary) internal pure returns (bytes32[7] memory form) {
        uint256 flags = (boundary.estimated ? ESTIMATED : 0) | (boundary.ended ? ENDED : 0);
        form[0] = boundary.previous;
        form[1] = bytes32(
            uint256(uint160(boundary.meter)) << 96 | uint256(boundary.tariff) << 64 | uint256(boundary.microgrid) << 32
                | flags
        );
        form[2] = _word(boundary.instant, boundary.begun, boundary.importRegister, boundary.exportRegister);
        form[3] = _words(boundary.bands);
        form[4] = _word(boundary.importBefore, boundary.exportBefore, boundary.carried, boundary.usual);
        form[5] = _words(boundary.bandsBefore);
        form[6] = _word(boundary.bought, boundary.sold, boundary.boughtBefore, boundary.soldBefore);
    }

    function _part(uint256 word, uint256 place) private pure returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(word >> 64 * place);
    }

    function _four(uint256 word) private pure returns (uint64[4] memory) {
        return [_part(word, 3), _part(word, 2), _part(word, 1), _part(word, 0)];
    }

    function _word(uint64 a, uint64 b, uint64 c, uint64 d) private pure returns (bytes32) {
        return bytes32(uint256(a) << 192 | uint256(b) << 128 | uint256(c) << 64 | d);
    }

    function _words(uint64[4] memory parts) private pure returns (bytes32) {
        return _word(parts[0], parts[1], parts[2], parts[3]);
    }
}
