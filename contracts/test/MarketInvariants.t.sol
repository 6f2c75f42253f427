// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketTraffic} from "./support/MarketTraffic.sol";
import {Check} from "./support/Vm.sol";

/// @title What stays true of energy and money on the board whatever anybody does, signs, or leaves undone.
contract MarketInvariantsTest is Check {
    struct Target {
        address traffic;
        bytes4[] selectors;
    }

    MarketTraffic private traffic;

    function setUp() external {
        traffic = new MarketTraffic();
        traffic.start();
    }

    /// Read by forge: only the traffic is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(traffic);
    }

    /// Read by forge: only its acts.
    function targetSelectors() external view returns (Target[] memory targets) {
        targets = new Target[](1);
        targets[0] = Target(address(traffic), acts());
    }

    /// forge-config: default.invariant.runs = 128
    /// forge-config: default.invariant.depth = 250
    /// forge-config: default.invariant.check-interval = 25
    function invariant_MoneyEnergyAndSpans() external view {
        traffic.checkMoney();
        traffic.checkStore();
        traffic.checkSpans();
    }

    /// A campaign in which nothing succeeds would prove nothing.
    function test_Traffic_EveryActSucceedsSometimes() external {
        bytes4[] memory all = acts();
        uint256 lot = 1;
        for (uint256 i = 0; i < 2500; ++i) {
            lot = uint256(keccak256(abi.encode(lot)));
            (bool went,) = address(traffic).call(abi.encodeWithSelector(all[lot % all.length], lot >> 8));
            assertTrue(went, "no act fails");
        }
        traffic.checkMoney();
        traffic.checkStore();
        traffic.checkSpans();
        bytes32[18] memory names = [
            bytes32("advertise"),
            "buy",
            "closeAdvert",
            "demand",
            "offer",
            "firstCome",
            "accept",
            "closeDemand",
            "withdrawOffer",
            "draw",
            "settle",
            "instalment",
            "decide",
            "expire",
            "remove",
            "claim",
            "countTurn",
            "refuseTurn"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            assertTrue(traffic.done(names[i]) >= 2, string(abi.encodePacked(names[i])));
        }
    }

    function acts() private pure returns (bytes4[] memory all) {
        bytes4[15] memory selectors = [
            MarketTraffic.advertise.selector,
            MarketTraffic.buy.selector,
            MarketTraffic.closeAdvert.selector,
            MarketTraffic.demand.selector,
            MarketTraffic.offer.selector,
            MarketTraffic.accept.selector,
            MarketTraffic.closeDemand.selector,
            MarketTraffic.withdrawOffer.selector,
            MarketTraffic.draw.selector,
            MarketTraffic.settle.selector,
            MarketTraffic.decide.selector,
            MarketTraffic.expire.selector,
            MarketTraffic.countTurn.selector,
            MarketTraffic.claim.selector,
            MarketTraffic.pass.selector
        ];
        all = new bytes4[](17);
        for (uint256 i = 0; i < 15; ++i) {
            all[i] = selectors[i];
        }
        // People trade more often than they come and go.
        (all[15], all[16]) = (MarketTraffic.settle.selector, MarketTraffic.removeOrAdmit.selector);
    }
}
