// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What premises owe, in one storage slot. Money in wei, instants in unix seconds.
struct Account {
    /// Sum of what is outstanding; negative when the payee owes: a credit to later bills.
    int96 debt;
    /// When the permit ends for the oldest bill that can lead there; 0 when none can.
    uint40 deadline;
    /// No bill with a lower number is outstanding.
    uint24 oldest;
    /// Number of bills; they count from 1.
    uint24 bills;
    uint8 flags;
    uint32 microgrid;
    /// Number of the tariff whose payee is paid.
    uint32 tariff;
}

/// @notice One bill, in one storage slot.
struct Bill {
    uint96 outstanding;
    /// As its latest version says; negative when it is a credit.
    int96 amount;
    /// When it ends the permit unless it is paid or disputed; 0 when it never does.
    uint40 deadline;
    uint8 flags;
    /// 1, and one more with each correction.
    uint16 version;
}

/// @notice How far the money of prepaid premises lasts.
struct Prepaid {
    /// Until where the use is billed.
    uint40 billedUntil;
    uint40 until;
    /// Wei a day at the use that counts.
    uint128 dailyCost;
}

/// @title Flags of accounts and bills.
library Flags {
    uint8 internal constant OPEN = 1;
    /// The last bill is made.
    uint8 internal constant ENDED = 2;
    uint8 internal constant PROTECTED = 4;
    uint8 internal constant PREPAID = 8;
    uint8 internal constant SAFETY_TRIP = 16;
    uint8 internal constant THEFT_TRIP = 32;

    uint8 internal constant ESTIMATED = 1;
    uint8 internal constant DISPUTED = 2;
    /// Debt from before the account, not metered here.
    uint8 internal constant ARREARS = 4;
    /// The node told the import apart by bands, because the meter does not.
    uint8 internal constant BANDED_BY_NODE = 8;
    /// The objection to this version is answered.
    uint8 internal constant ANSWERED = 16;
}
