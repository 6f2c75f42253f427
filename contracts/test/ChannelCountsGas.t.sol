// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Settlement} from "../src/Deliverer.sol";
import {Turns} from "./support/Turns.sol";

/// @title What it costs to take a turn's energy off two bills. Run with --isolate.
contract ChannelCountsGasTest is Turns {
    function setUp() external {
        deployTurns();
    }

    function test_Count() external {
        count(run(turn(), 4.2e6, 4e6));
        vm.snapshotGasLastCall("gas", "channel: count the meters' first turn");
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        count(made);
        uint256 gas = vm.snapshotGasLastCall("gas", "channel: count a turn");
        assertTrue(gas <= 130_000, "a turn costs at most 130,000");
    }
}
