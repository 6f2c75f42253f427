// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Narrow offices to which regulators appoint keys. The order is part of the ABI: append, never reorder.
enum Office {
    None,
    /// Anchors intervals, issues bills, reports deliveries.
    Operator,
    /// Commits the order sets of the auction.
    Sequencer,
    /// Sets load priorities.
    Authority,
    /// Issues and redeems the community's own coin against the cash desk.
    Treasurer
}
