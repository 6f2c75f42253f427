// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DuesTraffic} from "./support/DuesTraffic.sol";
import {Check} from "./support/Vm.sol";

/// @title What stays true of debts and permits whatever is billed, paid, objected to, corrected and taken back.
contract PaymentsInvariantsTest is Check {
    struct Target {
        address traffic;
        bytes4[] selectors;
    }

    DuesTraffic private traffic;

    function setUp() external {
        traffic = new DuesTraffic();
        traffic.start();
    }

    /// Read by forge: only the traffic is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(traffic);
    }

    /// Read by forge: only its acts.
    function targetSelectors() external view returns (Target[] memory targets) {
        bytes4[11] memory acts = [
            DuesTraffic.bill.selector,
            DuesTraffic.bill.selector,
            DuesTraffic.correct.selector,
            DuesTraffic.payFor.selector,
            DuesTraffic.setAside.selector,
            DuesTraffic.takeBack.selector,
            DuesTraffic.collect.selector,
            DuesTraffic.object.selector,
            DuesTraffic.reply.selector,
            DuesTraffic.refund.selector,
            DuesTraffic.mark.selector
        ];
        targets = new Target[](1);
        targets[0] = Target(address(traffic), new bytes4[](acts.length));
        for (uint256 i = 0; i < acts.length; ++i) {
            targets[0].selectors[i] = acts[i];
        }
    }

    /// forge-config: default.invariant.runs = 256
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check-interval = 25
    /// forge-config: default.invariant.fail-on-revert = true
    function invariant_DebtsPermitsAndMoneyAgree() external view {
        checkAll();
    }

    /// A campaign in which nothing succeeds would prove nothing.
    function test_Traffic_EveryActSucceedsSometimes() external {
        for (uint256 i = 0; i < 300; ++i) {
            uint256 draw = uint256(keccak256(abi.encode(i)));
            if (i % 10 == 0) traffic.mark(draw);
            traffic.bill(draw);
            if (i % 3 == 0) traffic.payFor(draw);
            if (i % 4 == 0) traffic.correct(draw);
            if (i % 5 == 0) traffic.setAside(draw);
            if (i % 7 == 0) traffic.takeBack(draw);
            if (i % 6 == 0) traffic.collect(draw);
            if (i % 2 == 0) traffic.object(draw);
            if (i % 3 == 1) traffic.reply(draw);
            if (i % 3 == 2) traffic.refund(draw);
            if (i % 10 == 9) checkAll();
        }
        bytes32[10] memory acts =
            [bytes32("bill"), "correct", "pay", "fund", "unfund", "collect", "dispute", "answer", "refund", "mark"];
        for (uint256 i = 0; i < acts.length; ++i) {
            assertTrue(traffic.done(acts[i]) >= 5, string(abi.encodePacked(acts[i])));
        }
    }

    function checkAll() private view {
        traffic.checkDebt();
        traffic.checkMoney();
        traffic.checkPermit();
    }
}
