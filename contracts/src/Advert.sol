// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Energy for sale. The ledger keeps what is left of it by its id; the rest is in the event.
struct Advert {
    address seller;
    uint32 microgrid;
    /// Unix seconds.
    uint40 posted;
    /// Basis points of the first price by which it rises each whole hour.
    uint16 step;
    /// Wei a kilowatt hour in the first hour.
    uint96 price;
    /// Milliwatt hours.
    uint64 energy;
    /// Seconds.
    uint24 life;
    /// The store's meter.
    address source;
}

/// @title The three words of an advert, from the highest bit down: seller 160, microgrid 32, posted 40, step 16, 8 of zero;
/// price 96, energy 64, life 24, 72 of zero; source 160, 96 of zero.
library Adverts {
    uint256 private constant BASIS = 10_000;
    uint256 private constant KILOWATT_HOUR = 1e6;

    function id(bytes32[3] memory form) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := keccak256(form, 96)
        }
    }

    function parse(bytes32[3] memory form) internal pure returns (Advert memory advert) {
        // forge-lint: disable-start(unsafe-typecast)
        uint256 word = uint256(form[0]);
        advert.seller = address(bytes20(form[0]));
        (advert.microgrid, advert.posted, advert.step) = (uint32(word >> 64), uint40(word >> 24), uint16(word >> 8));
        word = uint256(form[1]);
        (advert.price, advert.energy, advert.life) = (uint96(word >> 160), uint64(word >> 96), uint24(word >> 72));
        advert.source = address(bytes20(form[2]));
        // forge-lint: disable-end(unsafe-typecast)
    }

    function pack(Advert memory advert) internal pure returns (bytes32[3] memory form) {
        form[0] = bytes32(
            uint256(uint160(advert.seller)) << 96 | uint256(advert.microgrid) << 64 | uint256(advert.posted) << 24
                | uint256(advert.step) << 8
        );
        form[1] = bytes32(uint256(advert.price) << 160 | uint256(advert.energy) << 96 | uint256(advert.life) << 72);
        form[2] = bytes32(uint256(uint160(advert.source)) << 96);
    }

    /// @notice What the seller gets for so much of it at an instant: rises by `step` each whole hour; one division.
    function shareAt(Advert memory advert, uint64 energy, uint256 instant) internal pure returns (uint256) {
        uint256 hours_ = (instant - advert.posted) / 1 hours;
        return uint256(energy) * advert.price * (BASIS + advert.step * hours_) / (BASIS * KILOWATT_HOUR);
    }
}
