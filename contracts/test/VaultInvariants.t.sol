// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Vault} from "../src/Vault.sol";
import {Flow, VaultTraffic} from "./support/VaultTraffic.sol";
import {Check} from "./support/Vm.sol";

/// @title What stays true of the money whatever anybody does, refuses, or does while being paid.
/// @dev One campaign for each coin: what is cheap to see is looked at after every call, the rest at the end of a run.
abstract contract VaultInvariants is Check {
    struct Target {
        address traffic;
        bytes4[] selectors;
    }

    VaultTraffic internal traffic;
    Vault internal vault;

    /// Read by forge: only the traffic is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(traffic);
    }

    /// Read by forge: only its acts.
    function targetSelectors() external view returns (Target[] memory targets) {
        bytes4[11] memory acts = [
            VaultTraffic.deposit.selector,
            VaultTraffic.withdraw.selector,
            VaultTraffic.lock.selector,
            VaultTraffic.release.selector,
            VaultTraffic.pay.selector,
            VaultTraffic.issue.selector,
            VaultTraffic.allow.selector,
            VaultTraffic.redeem.selector,
            VaultTraffic.force.selector,
            VaultTraffic.replaceModule.selector,
            VaultTraffic.seal.selector
        ];
        targets = new Target[](1);
        targets[0] = Target(address(traffic), new bytes4[](acts.length));
        for (uint256 i = 0; i < acts.length; ++i) {
            targets[0].selectors[i] = acts[i];
        }
    }

    function afterInvariant() external {
        checkNobodysBalanceMovedByOthers();
        checkLocksAreTheirBuckets();
        checkDesk();
        traffic.checkModules();
        // Last, because it ends the traffic.
        checkEverybodyCanLeave();
    }

    /// A campaign in which nothing succeeds would prove nothing.
    function test_Traffic_EveryActSucceedsSometimes() external {
        for (uint256 i = 0; i < 200; ++i) {
            traffic.deposit(i);
            traffic.withdraw(1000 + i);
            traffic.lock(2000 + i);
            traffic.release(3000 + i);
            traffic.pay(4000 + i);
            traffic.issue(5000 + i);
            traffic.allow(6000 + i);
            traffic.redeem(7000 + i);
            traffic.force(8000 + i);
            if (i > 100) traffic.replaceModule(i);
        }
        traffic.seal(0);
        checkCovered();
        bytes32[11] memory acts = [
            bytes32("deposit"),
            "withdraw",
            "lock",
            "release",
            "pay",
            "issue",
            "issueFor",
            "allow",
            "redeem",
            "admit",
            "seal"
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            assertTrue(traffic.done(acts[i]) >= (acts[i] == "seal" ? 1 : 5), string(abi.encodePacked(acts[i])));
        }
        if (vault.makesCoin()) return;
        assertTrue(traffic.done("inside") >= 20, "acts inside acts");
        assertTrue(traffic.done("force") >= 20, "coin forced in");
    }

    function begin(Flow flow) internal {
        traffic = new VaultTraffic(flow);
        vault = traffic.theVault();
    }

    /// Free and locked of all are what is held, to the wei, but for what was forced in; and every call so far came out
    /// as the rules say: so whoever had it free could withdraw it.
    function checkCovered() internal view {
        uint256 sum = 0;
        uint256 count = traffic.actorCount();
        for (uint256 i = 0; i < count; ++i) {
            address account = traffic.account(i);
            sum += vault.freeOf(account) + traffic.lockedOf(account);
        }
        assertEq(sum + traffic.forced(), vault.held());
        assertEq(traffic.surprise(), 0);
    }

    function checkNobodysBalanceMovedByOthers() private view {
        for (uint256 i = 0; i < traffic.actorCount(); ++i) {
            address account = traffic.account(i);
            assertEq(vault.freeOf(account), traffic.free(account));
            assertEq(vault.redeemableOf(account), traffic.redeemable(account));
        }
    }

    function checkLocksAreTheirBuckets() private view {
        traffic.checkBuckets();
    }

    function checkDesk() private view {
        assertEq(vault.issuedTotal(), traffic.issued());
        assertEq(vault.redeemedTotal(), traffic.redeemed());
        if (!vault.makesCoin()) return;
        assertEq(IERC20(vault.coin()).totalSupply(), vault.issuedTotal() - vault.redeemedTotal());
    }

    function checkEverybodyCanLeave() private {
        traffic.closeDown();
        assertEq(vault.held(), traffic.forced());
    }
}

contract VaultEtherInvariantsTest is VaultInvariants {
    function setUp() external {
        begin(Flow.Ether);
    }

    /// forge-config: default.invariant.runs = 256
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check-interval = 25
    function invariant_EtherIsCovered() external view {
        checkCovered();
    }
}

contract VaultCommunityCoinInvariantsTest is VaultInvariants {
    function setUp() external {
        begin(Flow.CommunityCoin);
    }

    /// forge-config: default.invariant.runs = 256
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check-interval = 25
    function invariant_CommunityCoinIsCovered() external view {
        checkCovered();
    }
}

contract VaultHostileCoinInvariantsTest is VaultInvariants {
    function setUp() external {
        begin(Flow.FeeAndHook);
    }

    /// forge-config: default.invariant.runs = 256
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check-interval = 25
    function invariant_HostileCoinIsCovered() external view {
        checkCovered();
    }
}
