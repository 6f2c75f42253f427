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

    /// @notice Every rule of the deployment.
    function all() internal pure returns (Rule[] memory rules) {
        rules = new Rule[](21);
        rules[0] = Rule(DELAY_SECONDS, 1 hours, 30 days, 7 days);
        rules[1] = Rule(INTERVAL_SECONDS, 60, 3600, 900);
        rules[2] = Rule(LOSS_FIXED_MAXIMUM, 0, type(uint32).max, 10_000_000);
        rules[3] = Rule(LOSS_QUADRATIC_MAXIMUM, 0, type(uint32).max, 100_000_000);
        rules[4] = Rule(TOLERANCE_MAXIMUM, 0, 2000, 500);
        rules[5] = Rule("taxFirstSlabEnergy", 0, 1e12, 5_000_000);
        rules[6] = Rule("taxSecondSlabEnergy", 0, 1e12, 20_000_000);
        rules[7] = Rule("taxFirstSlabShare", 0, 5000, 200);
        rules[8] = Rule("taxSecondSlabShare", 0, 5000, 300);
        rules[9] = Rule("taxThirdSlabShare", 0, 5000, 500);
        rules[10] = Rule("taxOwnerShare", 0, 10_000, 5000);
        rules[11] = Rule("advertHourlyStepShare", 0, 10_000, 1000);
        rules[12] = Rule("advertLifeSeconds", 1 hours, 24 hours, 3 hours);
        rules[13] = Rule("storageMinimumEnergy", 0, 1e12, 1_000_000);
        rules[14] = Rule("storageMaximumEnergy", 0, 1e15, 1_000_000_000);
        rules[15] = Rule("storageMemberShare", 0, 10_000, 10_000);
        rules[16] = Rule("priceCeilingPerKilowattHour", 1, 1e27, 1e18);
        rules[17] = Rule(GRACE_DAYS, 0, 365, 14);
        rules[18] = Rule(ESTIMATE_MULTIPLE, 1, 10, 2);
        rules[19] = Rule(PREPAID_FLOOR, 0, 1e9, 500_000);
        rules[20] = Rule(VAULT_SEALED, 0, 1, 0);
    }

    /// @notice Whether the value has a meaning beyond lying between its bounds.
    function meaningful(bytes32 name, uint256 value) internal pure returns (bool) {
        if (name != INTERVAL_SECONDS) return true;
        return value == 60 || value == 300 || value == 900 || value == 1800 || value == 3600;
    }

    /// @notice Whether the rule has one value for the community, and a microgrid can have none of its own.
    function communityWide(bytes32 name) internal pure returns (bool) {
        return name == DELAY_SECONDS || name == VAULT_SEALED;
    }
}
