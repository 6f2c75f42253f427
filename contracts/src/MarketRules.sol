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
    uint256 private constant BASIS = 10_000;

    function purchase(Council council, Meters meters) internal view returns (PurchaseRules memory rules) {
        // forge-lint: disable-start(unsafe-typecast)
        rules.firstEnergy = uint40(council.rule(RuleBook.TAX_FIRST_ENERGY));
        rules.secondEnergy = uint40(council.rule(RuleBook.TAX_SECOND_ENERGY));
        rules.firstShare = uint16(council.rule(RuleBook.TAX_FIRST_SHARE));
        rules.secondShare = uint16(council.rule(RuleBook.TAX_SECOND_SHARE));
        rules.thirdShare = uint16(council.rule(RuleBook.TAX_THIRD_SHARE));
        rules.loss = uint16(council.rule(RuleBook.DELIVERY_LOSS_SHARE));
        rules.deliverySeconds = uint24(council.rule(RuleBook.DELIVERY_SECONDS));
        rules.settlementSeconds = uint24(council.rule(RuleBook.SETTLEMENT_SECONDS));
        // forge-lint: disable-end(unsafe-typecast)
        rules.advised = meters.anyAdvisory();
    }

    function posting(Council council, PurchaseRules memory rules) internal view returns (PostingRules memory posting_) {
        // forge-lint: disable-start(unsafe-typecast)
        posting_.ceiling = uint96(council.rule(RuleBook.PRICE_CEILING));
        posting_.step = uint16(council.rule(RuleBook.ADVERT_STEP_SHARE));
        posting_.life = uint24(council.rule(RuleBook.ADVERT_LIFE));
        // forge-lint: disable-end(unsafe-typecast)
        posting_.advised = rules.advised;
        posting_.highestShare = rules.firstShare > rules.secondShare ? rules.firstShare : rules.secondShare;
        if (rules.thirdShare > posting_.highestShare) posting_.highestShare = rules.thirdShare;
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
