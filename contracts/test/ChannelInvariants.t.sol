// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelTraffic} from "./support/ChannelTraffic.sol";
import {Check} from "./support/Vm.sol";

/// @title What stays true of channels whatever anybody signs, closes or lets go by: a payee gets at most the voucher and
/// what is locked, nobody but the two gains or loses, not a wei is lost, and everyone can leave.
contract ChannelInvariantsTest is Check {
    struct Target {
        address traffic;
        bytes4[] selectors;
    }

    ChannelTraffic private traffic;

    function setUp() external {
        traffic = new ChannelTraffic();
        traffic.start();
    }

    /// Read by forge: only the traffic is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(traffic);
    }

    /// Read by forge: only its acts.
    function targetSelectors() external view returns (Target[] memory targets) {
        bytes4[10] memory acts = [
            ChannelTraffic.open.selector,
            ChannelTraffic.topUp.selector,
            ChannelTraffic.extend.selector,
            ChannelTraffic.promiseMore.selector,
            ChannelTraffic.close.selector,
            ChannelTraffic.forgo.selector,
            ChannelTraffic.reclaim.selector,
            ChannelTraffic.nameCloser.selector,
            ChannelTraffic.jump.selector,
            ChannelTraffic.remove.selector
        ];
        targets = new Target[](1);
        targets[0] = Target(address(traffic), new bytes4[](acts.length));
        for (uint256 i = 0; i < acts.length; ++i) {
            targets[0].selectors[i] = acts[i];
        }
    }

    function afterInvariant() external {
        traffic.check();
        traffic.leaveAll();
    }

    /// A campaign in which nothing succeeds would prove nothing.
    function test_Traffic_EveryActSucceedsSometimes() external {
        for (uint256 i = 0; i < 400; ++i) {
            traffic.open(i);
            traffic.promiseMore(1000 + i);
            traffic.topUp(2000 + i);
            traffic.extend(3000 + i);
            traffic.promiseMore(4000 + i);
            traffic.jump(5000 + i);
            traffic.close(6000 + i);
            traffic.forgo(7000 + i);
            traffic.reclaim(8000 + i);
            traffic.nameCloser(9000 + i);
            if (i % 4 == 0) traffic.remove(10_000 + i);
        }
        traffic.check();
        bytes32[9] memory acts =
            [bytes32("open"), "topUp", "extend", "close", "close, old", "forgo", "reclaim", "nameCloser", "remove"];
        for (uint256 i = 0; i < acts.length; ++i) {
            assertTrue(traffic.done(acts[i]) >= 5, string(abi.encodePacked(acts[i])));
        }
        traffic.leaveAll();
    }

    /// forge-config: default.invariant.runs = 256
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check-interval = 25
    function invariant_PaysAtMostVoucherAndLocked() external view {
        traffic.check();
    }
}
