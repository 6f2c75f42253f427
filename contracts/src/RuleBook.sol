// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One rule: its name, the bounds that a vote cannot leave, and its first value.
struct Rule {
    bytes32 name;
    uint128 minimum;
    uint128 maximum;
    uint128 value;
}

/// @title The names, units, bounds and first values of the rules that regulators vote on.
/// @dev Shares are basis points (1/10,000), energies milliwatt hours, times seconds, prices wei.
library RuleBook {
    /// @notice Seconds between a passed vote, or an owner's change of membership, and its effect.
    bytes32 internal constant DELAY_SECONDS = "delaySeconds";
    /// @notice Length in seconds of the intervals of a microgrid anchored for the first time: 60, 300, 900, 1800 or 3600.
    bytes32 internal constant INTERVAL_SECONDS = "intervalSeconds";
    /// @notice Most milliwatts of constant loss that an operator may allow for a feeder.
    bytes32 internal constant LOSS_FIXED_MAXIMUM = "lossFixedMaximum";
    /// @notice Most microwatts of loss per square kilowatt of load that an operator may allow for a feeder.
    bytes32 internal constant LOSS_QUADRATIC_MAXIMUM = "lossQuadraticMaximum";
    /// @notice Widest basis points of the transformer's throughput within which an interval may count as balanced.
    bytes32 internal constant TOLERANCE_MAXIMUM = "toleranceMaximum";
    /// @notice Least days of grace that a tariff gives after its bills are due, and that arrears and answers to objections give.
    bytes32 internal constant GRACE_DAYS = "graceDays";
    /// @notice Greatest estimated use in a period, as a multiple of the usual.
    bytes32 internal constant ESTIMATE_MULTIPLE = "estimateMultiple";
    /// @notice Least milliwatt hours a day by which it is reckoned how far prepaid money lasts.
    bytes32 internal constant PREPAID_FLOOR = "prepaidFloorEnergy";
    /// @notice 1 when anyone may seal the Vault, which then never admits another module; 0 before. Community-wide.
    bytes32 internal constant VAULT_SEALED = "vaultSealed";

    /// @notice Milliwatt hours of a microgrid's store that belong to nobody, and its greatest content.
    bytes32 internal constant STORAGE_MINIMUM = "storageMinimumEnergy";
    bytes32 internal constant STORAGE_MAXIMUM = "storageMaximumEnergy";
    /// @notice Share of the greatest content that one member may fill.
    bytes32 internal constant STORAGE_MEMBER_SHARE = "storageMemberShare";
    /// @notice Share of what goes into a store that is lost by storing it.
    bytes32 internal constant STORAGE_LOSS_SHARE = "storageLossShare";
    /// @notice Share of what leaves a seller or a store that may be lost on the way to the buyer.
    bytes32 internal constant DELIVERY_LOSS_SHARE = "deliveryLossShare";
    /// @notice Seconds from a purchase to the deadline of its delivery.
    bytes32 internal constant DELIVERY_SECONDS = "deliverySeconds";
    /// @notice Seconds after the deadline in which the buyer's meter is waited for; after as many again the rest is freed.
    bytes32 internal constant SETTLEMENT_SECONDS = "settlementSeconds";
    /// @notice The tax table: milliwatt hours a day up to which the first and the second share are due, and the three shares.
    bytes32 internal constant TAX_FIRST_ENERGY = "taxFirstSlabEnergy";
    bytes32 internal constant TAX_SECOND_ENERGY = "taxSecondSlabEnergy";
    bytes32 internal constant TAX_FIRST_SHARE = "taxFirstSlabShare";
    bytes32 internal constant TAX_SECOND_SHARE = "taxSecondSlabShare";
    bytes32 internal constant TAX_THIRD_SHARE = "taxThirdSlabShare";
    /// @notice The owner's share of taxes; the regulators have the rest.
    bytes32 internal constant TAX_OWNER_SHARE = "taxOwnerShare";
    /// @notice Share of its first price by which an advert rises each whole hour, and seconds that it lives.
    bytes32 internal constant ADVERT_STEP_SHARE = "advertHourlyStepShare";
    bytes32 internal constant ADVERT_LIFE = "advertLifeSeconds";
    /// @notice Greatest price, in wei a kilowatt hour, of an advert when it is posted and of a demand.
    bytes32 internal constant PRICE_CEILING = "priceCeilingPerKilowattHour";

    /// @notice Every rule of the deployment.
    function all() internal pure returns (Rule[] memory rules) {
        rules = new Rule[](25);
        rules[0] = Rule(DELAY_SECONDS, 1 hours, 30 days, 7 days);
        rules[1] = Rule(INTERVAL_SECONDS, 60, 3600, 900);
        rules[2] = Rule(LOSS_FIXED_MAXIMUM, 0, type(uint32).max, 10_000_000);
        rules[3] = Rule(LOSS_QUADRATIC_MAXIMUM, 0, type(uint32).max, 100_000_000);
        rules[4] = Rule(TOLERANCE_MAXIMUM, 0, 2000, 500);
        rules[5] = Rule(TAX_FIRST_ENERGY, 0, 1e12, 5_000_000);
        rules[6] = Rule(TAX_SECOND_ENERGY, 0, 1e12, 20_000_000);
        rules[7] = Rule(TAX_FIRST_SHARE, 0, 5000, 200);
        rules[8] = Rule(TAX_SECOND_SHARE, 0, 5000, 300);
        rules[9] = Rule(TAX_THIRD_SHARE, 0, 5000, 500);
        rules[10] = Rule(TAX_OWNER_SHARE, 0, 10_000, 5000);
        rules[11] = Rule(ADVERT_STEP_SHARE, 0, 10_000, 1000);
        rules[12] = Rule(ADVERT_LIFE, 1 hours, 24 hours, 3 hours);
        rules[13] = Rule(STORAGE_MINIMUM, 0, 1e12, 1_000_000);
        rules[14] = Rule(STORAGE_MAXIMUM, 0, 1e15, 1_000_000_000);
        rules[15] = Rule(STORAGE_MEMBER_SHARE, 0, 10_000, 10_000);
        rules[16] = Rule(PRICE_CEILING, 1, 1e27, 1e18);
        rules[17] = Rule(GRACE_DAYS, 0, 365, 14);
        rules[18] = Rule(ESTIMATE_MULTIPLE, 1, 10, 2);
        rules[19] = Rule(PREPAID_FLOOR, 0, 1e9, 500_000);
        rules[20] = Rule(VAULT_SEALED, 0, 1, 0);
        rules[21] = Rule(STORAGE_LOSS_SHARE, 0, 5000, 1000);
        rules[22] = Rule(DELIVERY_LOSS_SHARE, 0, 2000, 200);
        rules[23] = Rule(DELIVERY_SECONDS, 10 minutes, 7 days, 3 hours);
        rules[24] = Rule(SETTLEMENT_SECONDS, 10 minutes, 30 days, 1 days);
    }

    /// @notice Whether the value has a meaning beyond lying between its bounds.
    function meaningful(bytes32 name, uint256 value) internal pure returns (bool) {
        if (name != INTERVAL_SECONDS) return true;
        return value == 60 || value == 300 || value == 900 || value == 1800 || value == 3600;
    }

    /// @notice Whether the rule has one value for the community, and a microgrid can have none of its own.
    function communityWide(bytes32 name) internal pure returns (bool) {
        return name == DELAY_SECONDS || name == VAULT_SEALED || ofMarket(name);
    }

    /// @notice Whether `Board` or `Taxes` go by the rule. They keep copies, and are told when one changes.
    function ofMarket(bytes32 name) internal pure returns (bool) {
        return name == TAX_FIRST_ENERGY || name == TAX_SECOND_ENERGY || name == TAX_FIRST_SHARE
            || name == TAX_SECOND_SHARE || name == TAX_THIRD_SHARE || name == TAX_OWNER_SHARE
            || name == ADVERT_STEP_SHARE || name == ADVERT_LIFE || name == PRICE_CEILING || name == DELIVERY_LOSS_SHARE
            || name == DELIVERY_SECONDS || name == SETTLEMENT_SECONDS;
    }
}
