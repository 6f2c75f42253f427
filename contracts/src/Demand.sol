// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Energy that somebody wants. The ledger keeps the money locked for its id; the rest is in the event.
struct Demand {
    address buyer;
    uint32 microgrid;
    /// Unix seconds.
    uint40 posted;
    uint40 until;
    /// Wei a kilowatt hour.
    uint96 price;
    /// Milliwatt hours.
    uint64 energy;
    /// Basis points of tax that the locked money reaches for.
    uint16 tax;
    /// Whether the first who offers has it.
    bool firstCome;
}

/// @title The two words of a demand, from the highest bit down: buyer 160, microgrid 32, posted 40, tax 16, flags 8 (1 first
/// come); price 96, energy 64, until 40, 56 of zero.
library DemandForms {
    uint256 private constant FIRST_COME = 1;
    uint256 private constant BASIS = 10_000;
    uint256 private constant KILOWATT_HOUR = 1e6;

    function id(bytes32[2] memory form) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := keccak256(form, 64)
        }
    }

    function parse(bytes32[2] memory form) internal pure returns (Demand memory demand) {
        // forge-lint: disable-start(unsafe-typecast)
        uint256 word = uint256(form[0]);
        demand.buyer = address(bytes20(form[0]));
        (demand.microgrid, demand.posted) = (uint32(word >> 64), uint40(word >> 24));
        (demand.tax, demand.firstCome) = (uint16(word >> 8), word & FIRST_COME != 0);
        word = uint256(form[1]);
        (demand.price, demand.energy, demand.until) = (uint96(word >> 160), uint64(word >> 96), uint40(word >> 56));
        // forge-lint: disable-end(unsafe-typecast)
    }

    function pack(Demand memory demand) internal pure returns (bytes32[2] memory form) {
        uint256 flags = demand.firstCome ? FIRST_COME : 0;
        form[0] = bytes32(
            uint256(uint160(demand.buyer)) << 96 | uint256(demand.microgrid) << 64 | uint256(demand.posted) << 24
                | uint256(demand.tax) << 8 | flags
        );
        form[1] = bytes32(uint256(demand.price) << 160 | uint256(demand.energy) << 96 | uint256(demand.until) << 56);
    }

    /// @notice What the seller gets.
    function share(Demand memory demand) internal pure returns (uint256) {
        return uint256(demand.energy) * demand.price / KILOWATT_HOUR;
    }

    /// @notice What is locked while it waits: the seller's share and the highest tax.
    function locked(Demand memory demand) internal pure returns (uint256) {
        uint256 price = share(demand);
        return price + price * demand.tax / BASIS;
    }
}
