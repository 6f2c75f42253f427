// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A purchase on its way. The ledger keeps nothing of it but the money locked for its id; who settles it brings
/// the contents, which the event tells, in six words.
struct Delivery {
    address seller;
    address buyer;
    /// The meter whose export counts: the store's, or the seller's.
    address source;
    /// The meter whose import counts.
    address sink;
    uint32 microgrid;
    /// Milliwatt hours at the buyer's meter.
    uint64 energy;
    /// What was left before, where it was bought: no two purchases of one advert have the same.
    uint64 before;
    /// Wei for the seller, and the tax on it, when all is delivered.
    uint128 share;
    uint128 tax;
    /// Unix seconds.
    uint40 opened;
    uint40 deadline;
    /// Seconds that the buyer's meter is waited for after the deadline.
    uint24 patience;
    /// Basis points of what leaves the source that may be lost on the way.
    uint16 loss;
    /// Whether it comes out of the store, and of the seller's credit there.
    bool stored;
    /// Id of the advert or the demand; zero for energy that a member draws.
    bytes32 origin;
}

/// @title The six words of a delivery, from the highest bit down: seller 160, microgrid 32, opened 40, loss 16, flags 8
/// (1 stored); buyer 160, deadline 40, patience 24, 32 of zero; source 160, energy 64, 32 of zero; sink 160, before 64,
/// 32 of zero; share 128, tax 128; origin.
/// @dev As a struct it would be fifteen, of which calldata and event would cost 4,000 gas more.
library Deliveries {
    uint256 private constant STORED = 1;

    /// @notice What the purchase is named by everywhere: the purpose of the money locked for it, and what meters sign.
    function id(bytes32[6] memory form) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := keccak256(form, 192)
        }
    }

    function parse(bytes32[6] memory form) internal pure returns (Delivery memory delivery) {
        // forge-lint: disable-start(unsafe-typecast)
        uint256 word = uint256(form[0]);
        delivery.seller = address(bytes20(form[0]));
        (delivery.microgrid, delivery.opened) = (uint32(word >> 64), uint40(word >> 24));
        (delivery.loss, delivery.stored) = (uint16(word >> 8), word & STORED != 0);
        word = uint256(form[1]);
        delivery.buyer = address(bytes20(form[1]));
        (delivery.deadline, delivery.patience) = (uint40(word >> 56), uint24(word >> 32));
        delivery.source = address(bytes20(form[2]));
        delivery.energy = uint64(uint256(form[2]) >> 32);
        delivery.sink = address(bytes20(form[3]));
        delivery.before = uint64(uint256(form[3]) >> 32);
        (delivery.share, delivery.tax) = (uint128(uint256(form[4]) >> 128), uint128(uint256(form[4])));
        delivery.origin = form[5];
        // forge-lint: disable-end(unsafe-typecast)
    }

    function pack(Delivery memory delivery) internal pure returns (bytes32[6] memory form) {
        uint256 flags = delivery.stored ? STORED : 0;
        form[0] = bytes32(
            uint256(uint160(delivery.seller)) << 96 | uint256(delivery.microgrid) << 64 | uint256(delivery.opened) << 24
                | uint256(delivery.loss) << 8 | flags
        );
        form[1] = bytes32(
            uint256(uint160(delivery.buyer)) << 96 | uint256(delivery.deadline) << 56 | uint256(delivery.patience) << 32
        );
        form[2] = bytes32(uint256(uint160(delivery.source)) << 96 | uint256(delivery.energy) << 32);
        form[3] = bytes32(uint256(uint160(delivery.sink)) << 96 | uint256(delivery.before) << 32);
        form[4] = bytes32(uint256(delivery.share) << 128 | delivery.tax);
        form[5] = delivery.origin;
    }
}
