// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/Channels.sol";
import {ChannelDeployment} from "./support/ChannelDeployment.sol";

/// @title What pay-as-you-go costs on the ledger: an opening and a closing, whatever lies between. Run with --isolate.
contract ChannelsGasTest is ChannelDeployment {
    function setUp() external {
        deployChannels();
    }

    /// The payer has another channel open, as one who trades with two neighbours has.
    function test_OpenAndClose() external {
        openFirst();
        vm.prank(PAYER);
        bytes32 id = channels.open(PAYEE, address(0), PRICE, end(), 0.123_456_789 ether);
        uint256 gas = vm.snapshotGasLastCall("gas", "channel open");
        assertTrue(gas <= 80_000, "an opening costs at most 80,000");
        opened = uint40(time);
        pass(1 hours);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, 0.098_765_432_1 ether, 987_654);
        vm.prank(PAYEE);
        channels.close(terms(), 0.098_765_432_1 ether, 987_654, r, vs);
        gas = vm.snapshotGasLastCall("gas", "channel close");
        assertTrue(gas <= 60_000, "a closing costs at most 60,000");
    }

    function test_Close_ByANode() external {
        openFirst();
        vm.prank(PAYEE);
        channels.nameCloser(ANYONE, true);
        vm.snapshotGasLastCall("gas", "channel: name a closer");
        bytes32 id = openOne();
        pass(1 hours);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, 0.098_765_432_1 ether, 987_654);
        vm.prank(ANYONE);
        channels.close(terms(), 0.098_765_432_1 ether, 987_654, r, vs);
        uint256 gas = vm.snapshotGasLastCall("gas", "channel close, by the payee's node");
        assertTrue(gas <= 64_000, "the look into the payee's list is all that it costs more");
    }

    function test_TheRest() external {
        vm.prank(PAYER);
        channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
        opened = uint40(time);
        vm.snapshotGasLastCall("gas", "channel open, the payer's only one");
        vm.prank(PAYER);
        channels.topUp(terms(), 0.5 ether);
        vm.snapshotGasLastCall("gas", "channel: top up");
        vm.prank(PAYER);
        channels.extend(terms(), end() + 1 days);
        vm.snapshotGasLastCall("gas", "channel: extend");
        pass(LIFE + 2 days + 1);
        vm.prank(ANYONE);
        channels.reclaim(terms());
        vm.snapshotGasLastCall("gas", "channel: reclaim");
    }

    function openFirst() private {
        vm.prank(PAYER);
        channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
        pass(1 hours);
    }
}
