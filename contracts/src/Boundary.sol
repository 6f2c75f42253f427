// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Where a period begins: the closing of the bill before. Energies in milliwatt hours, instants in unix seconds.
/// The ledger keeps its hash; who makes the next bill brings the contents, which the events tell.
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
    /// Energy bought from and sold to neighbours that bills have taken off, as running totals.
    uint64 bought;
    uint64 sold;
    /// Import a day of the latest period that ended with a signed reading.
    uint64 usual;
    uint32 tariff;
    uint32 microgrid;
    bool estimated;
    /// Whether the account ends here.
    bool ended;
}
