// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BillTraffic} from "./support/BillTraffic.sol";
import {Check} from "./support/Vm.sol";

/// @title What stays true of periods and energy whatever is read, guessed, corrected and exchanged.
contract BillingInvariantsTest is Check {
    struct Target {
        address traffic;
        bytes4[] selectors;
    }

    BillTraffic private traffic;

    function setUp() external {
        traffic = new BillTraffic();
        traffic.start();
    }

    /// Read by forge: only the traffic is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(traffic);
    }

    /// Read by forge: only its acts.
    function targetSelectors() external view returns (Target[] memory targets) {
        bytes4[7] memory acts = [
            BillTraffic.close.selector,
            BillTraffic.close.selector,
            BillTraffic.guess.selector,
            BillTraffic.displace.selector,
            BillTraffic.amendClosing.selector,
            BillTraffic.exchangeMeter.selector,
            BillTraffic.trade.selector
        ];
        targets = new Target[](1);
        targets[0] = Target(address(traffic), new bytes4[](acts.length));
        for (uint256 i = 0; i < acts.length; ++i) {
            targets[0].selectors[i] = acts[i];
        }
    }

    function afterInvariant() external {
        traffic.checkOldOpeningRefused();
    }

    /// forge-config: default.invariant.runs = 64
    /// forge-config: default.invariant.depth = 150
    /// forge-config: default.invariant.check-interval = 5
    /// forge-config: default.invariant.fail-on-revert = true
    function invariant_BillsAreTheMeteredEnergy() external view {
        checkAll();
    }

    /// A campaign in which nothing succeeds would prove nothing.
    function test_Traffic_EveryActSucceedsSometimes() external {
        for (uint256 i = 0; i < 40; ++i) {
            uint256 draw = uint256(keccak256(abi.encode(i)));
            traffic.close(draw);
            checkAll();
            if (i % 2 == 0) traffic.guess(draw);
            if (i % 3 == 0) traffic.displace(draw);
            if (i % 3 == 1) traffic.amendClosing(draw);
            if (i % 4 == 0) traffic.trade(draw);
            checkAll();
            if (i % 3 == 2) traffic.exchangeMeter(draw);
            checkAll();
        }
        traffic.checkOldOpeningRefused();
        bytes32[6] memory acts = [bytes32("close"), "guess", "displace", "amend", "exchange", "trade"];
        for (uint256 i = 0; i < acts.length; ++i) {
            assertTrue(traffic.done(acts[i]) >= 3, string(abi.encodePacked(acts[i])));
        }
    }

    function checkAll() private view {
        traffic.checkEnergyIsMoney();
        traffic.checkChain();
    }
}
