// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Council} from "./Council.sol";
import {Meters} from "./Meters.sol";
import {RuleBook} from "./RuleBook.sol";

/// @notice The rules that a purchase begins under, in one slot. Shares in basis points, energies in milliwatt hours.
struct PurchaseRules {
    uint40 firstEnergy;
    uint40 secondEnergy;
    uint16 firstShare;
    uint16 secondShare;
    uint16 thirdShare;
    uint16 loss;
    uint24 deliverySeconds;
    uint24 settlementSeconds;
    /// Whether a firmware is under an advisory: only then anybody can be barred.
    bool advised;
}

/// @notice The rules that an advert or a demand begins under, in one slot.
struct PostingRules {
    /// Wei a kilowatt hour.
    uint96 ceiling;
    uint16 step;
    uint24 life;
    /// The greatest share of the tax table.
    uint16 highestShare;
    bool advised;
}

/// @title The rules of the market as the Council has them, kept so that a purchase reads one slot instead of twenty.
library MarketRules {
    uint64 internal constant LEAST_ENERGY = 1000;
    uint64 internal constant MOST_ENERGY = 1e11;
    uint256 private constant BASIS = 10_000;

    error EnergyTooLittle(uint64 energy, uint64 needed);
    error EnergyTooMuch(uint64 energy, uint64 maximum);
    error PriceOutOfRange(uint256 price, uint256 maximum);

    /// @notice What the Council has now.
    function read(Council council, Meters meters)
        internal
        view
        returns (PurchaseRules memory purchase, PostingRules memory posting)
    {
        bytes32[11] memory names = [
            RuleBook.TAX_FIRST_ENERGY,
            RuleBook.TAX_SECOND_ENERGY,
            RuleBook.TAX_FIRST_SHARE,
            RuleBook.TAX_SECOND_SHARE,
            RuleBook.TAX_THIRD_SHARE,
            RuleBook.DELIVERY_LOSS_SHARE,
            RuleBook.DELIVERY_SECONDS,
            RuleBook.SETTLEMENT_SECONDS,
            RuleBook.PRICE_CEILING,
            RuleBook.ADVERT_STEP_SHARE,
            RuleBook.ADVERT_LIFE
        ];
        // In a loop: eleven calls written out are a kilobyte of the board's code.
        uint256[11] memory values;
        for (uint256 i = 0; i < 11; ++i) {
            values[i] = council.rule(names[i]);
        }
        // forge-lint: disable-start(unsafe-typecast)
        (purchase.firstEnergy, purchase.secondEnergy) = (uint40(values[0]), uint40(values[1]));
        (purchase.firstShare, purchase.secondShare) = (uint16(values[2]), uint16(values[3]));
        (purchase.thirdShare, purchase.loss) = (uint16(values[4]), uint16(values[5]));
        (purchase.deliverySeconds, purchase.settlementSeconds) = (uint24(values[6]), uint24(values[7]));
        (posting.ceiling, posting.step, posting.life) = (uint96(values[8]), uint16(values[9]), uint24(values[10]));
        // forge-lint: disable-end(unsafe-typecast)
        posting.highestShare = purchase.firstShare > purchase.secondShare ? purchase.firstShare : purchase.secondShare;
        if (purchase.thirdShare > posting.highestShare) posting.highestShare = purchase.thirdShare;
        purchase.advised = posting.advised = meters.anyAdvisory();
    }

    /// @notice What may be advertised or asked for: from a watt hour up, at a price from a wei up to the ceiling.
    function checkPosting(PostingRules memory rules, uint64 energy, uint256 price) internal pure {
        if (energy < LEAST_ENERGY) revert EnergyTooLittle(energy, LEAST_ENERGY);
        if (energy > MOST_ENERGY) revert EnergyTooMuch(energy, MOST_ENERGY);
        if (price == 0 || price > rules.ceiling) revert PriceOutOfRange(price, rules.ceiling);
    }

    /// @notice The tax on a share for energy that a buyer buys after so much of that day: marginal, so that splitting a
    /// purchase gains nothing.
    function taxOn(PurchaseRules memory rules, uint256 share, uint256 bought, uint256 energy)
        internal
        pure
        returns (uint256)
    {
        uint256 first = _within(bought, energy, 0, rules.firstEnergy);
        uint256 second = _within(bought, energy, rules.firstEnergy, rules.secondEnergy);
        uint256 rest = energy - first - second;
        uint256 weighted = first * rules.firstShare + second * rules.secondShare + rest * rules.thirdShare;
        return share * weighted / (energy * BASIS);
    }

    /// How much of what is bought from `bought` on lies between two bounds; nothing when they are the wrong way round.
    function _within(uint256 bought, uint256 energy, uint256 low, uint256 high) private pure returns (uint256) {
        uint256 from = bought > low ? bought : low;
        uint256 to = bought + energy < high ? bought + energy : high;
        return to > from ? to - from : 0;
    }
}
