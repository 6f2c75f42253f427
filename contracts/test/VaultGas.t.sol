// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Bystander, VaultDeployment} from "./support/VaultDeployment.sol";

/// @title What money's ways cost, between accounts that have some. Run with --isolate.
contract VaultGasTest is VaultDeployment {
    address private billing;

    function test_Ether() external {
        begin("");
        vm.prank(BOB);
        vault.depositFor{value: 1 ether}(ALICE, 1 ether);
        uint256 gas = vm.snapshotGasLastCall("gas", "vault, Ether: deposit");
        assertTrue(gas <= 35_000, "a payment of a bill, which has 55,000, does this and more");
        vm.prank(ALICE);
        vault.withdraw(1 ether);
        vm.snapshotGasLastCall("gas", "vault, Ether: withdraw");
        vm.prank(TREASURER);
        vault.issue{value: 1 ether}(ALICE, 1 ether, "second");
        vm.snapshotGasLastCall("gas", "vault, Ether: issue");
        vm.prank(TREASURER);
        vault.redeem(ALICE, 1 ether, "third");
        vm.snapshotGasLastCall("gas", "vault, Ether: redeem");
    }

    function test_CommunityCoin() external {
        begin("Village coin");
        vm.prank(BOB);
        vault.depositFor(ALICE, 1 ether);
        vm.snapshotGasLastCall("gas", "vault, community coin: deposit");
        vm.prank(ALICE);
        vault.withdraw(1 ether);
        vm.snapshotGasLastCall("gas", "vault, community coin: withdraw");
        vm.prank(TREASURER);
        vault.issue(ALICE, 1 ether, "second");
        vm.snapshotGasLastCall("gas", "vault, community coin: issue");
        vm.prank(TREASURER);
        vault.redeem(ALICE, 1 ether, "third");
        vm.snapshotGasLastCall("gas", "vault, community coin: redeem");
    }

    function test_Module() external {
        begin("");
        vm.prank(billing);
        vault.lock(ALICE, OTHER_PURPOSE, 1 ether);
        vm.snapshotGasLastCall("gas", "vault: lock for a new purpose");
        vm.prank(billing);
        vault.lock(ALICE, PURPOSE, 1 ether);
        vm.snapshotGasLastCall("gas", "vault: lock for an old purpose");
        vm.prank(billing);
        vault.pay(ALICE, PURPOSE, BOB, 1 ether);
        vm.snapshotGasLastCall("gas", "vault: pay");
        vm.prank(billing);
        vault.release(ALICE, OTHER_PURPOSE, 1 ether);
        vm.snapshotGasLastCall("gas", "vault: release");
    }

    /// Alice, Bob and the module have balances, purses and a bucket; allowances are given.
    function begin(string memory communityCoin) private {
        deployVault(address(0), communityCoin);
        billing = address(new Bystander());
        install(PAYMENTS, billing);
        vm.deal(BOB, 100 ether);
        vm.deal(TREASURER, 100 ether);
        bool ether_ = vault.coin() == address(0);
        vm.startPrank(TREASURER);
        vault.issue{value: ether_ ? 10 ether : 0}(ALICE, 10 ether, "first of Alice");
        vault.issue{value: ether_ ? 10 ether : 0}(BOB, 10 ether, "first of Bob");
        vm.stopPrank();
        vm.startPrank(ALICE);
        vault.withdraw(1 ether);
        vault.allowRedemption(5 ether);
        vm.stopPrank();
        vm.startPrank(BOB);
        vault.withdraw(5 ether);
        if (!ether_) IERC20(vault.coin()).approve(address(vault), 50 ether);
        vm.stopPrank();
        vm.prank(TREASURER);
        vault.redeem(ALICE, 1 ether, "first out");
        vm.prank(billing);
        vault.lock(ALICE, PURPOSE, 2 ether);
    }
}
