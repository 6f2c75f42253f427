// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {CommunityCoin} from "../src/CommunityCoin.sol";
import {Vault} from "../src/Vault.sol";
import {Actor, IDirector, Manner} from "./support/Actor.sol";
import {FeeAndHookCoin, ForeignCoin, OldCoin, SurchargeCoin} from "./support/Coins.sol";
import {VaultDeployment} from "./support/VaultDeployment.sol";

/// @title The vault with the community's coin, with other people's, and with coins that misbehave.
contract VaultCoinsTest is VaultDeployment, IDirector {
    uint256 private constant CAROL_KEY = 0xCA201;
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    address private caller;
    bytes private message;
    bytes private answer;

    function test_Construct_CoinMustBeAContract() external {
        deploy(3);
        vm.expectRevert(abi.encodeWithSelector(Vault.CoinIsNotAContract.selector, ALICE));
        new Vault(council, ALICE, "", "");
    }

    function test_Construct_OneCoinOnly() external {
        deploy(3);
        ForeignCoin coin = new ForeignCoin();
        vm.expectRevert(abi.encodeWithSelector(Vault.TwoCoins.selector, address(coin)));
        new Vault(council, address(coin), "Village coin", "UNIT");
    }

    function test_CommunityCoin_OnlyTheVaultMakesAndDestroys() external {
        CommunityCoin coin = deployWithCommunityCoin();
        assertTrue(vault.makesCoin(), "its own");
        assertEq(coin.vault(), address(vault));
        assertEq(keccak256(bytes(coin.name())), keccak256("Village coin"));
        assertEq(keccak256(bytes(coin.symbol())), keccak256("UNIT"));
        vm.startPrank(TREASURER);
        vm.expectRevert(abi.encodeWithSelector(CommunityCoin.NotVault.selector, TREASURER, address(vault)));
        coin.mint(1);
        vm.expectRevert(abi.encodeWithSelector(CommunityCoin.NotVault.selector, TREASURER, address(vault)));
        coin.burn(1);
    }

    function test_CommunityCoin_SupplyIsIssuedLessRedeemed() external {
        CommunityCoin coin = deployWithCommunityCoin();
        vm.prank(TREASURER);
        vault.issue(ALICE, 5 ether, RECEIPT);
        vm.startPrank(ALICE);
        vault.withdraw(2 ether);
        assertEq(coin.balanceOf(ALICE), 2 ether);
        require(coin.transfer(BOB, 1 ether));
        vault.allowRedemption(1 ether);
        vm.stopPrank();
        vm.prank(TREASURER);
        vault.redeem(ALICE, 1 ether, PURPOSE);
        assertEq(vault.freeOf(ALICE), 2 ether);
        assertEq(vault.held(), 2 ether);
        assertEq(coin.totalSupply(), 4 ether);
        assertEq(vault.issuedTotal() - vault.redeemedTotal(), 4 ether);
    }

    function test_CommunityCoin_EtherSentAlongRefused() external {
        CommunityCoin coin = deployWithCommunityCoin();
        vm.deal(TREASURER, 1 ether);
        vm.startPrank(TREASURER);
        vm.expectRevert(abi.encodeWithSelector(Vault.WrongValue.selector, 1, 0));
        vault.issue{value: 1}(ALICE, 1, RECEIPT);
        vault.issue(TREASURER, 1, RECEIPT);
        vault.withdraw(1);
        coin.approve(address(vault), 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.WrongValue.selector, 1, 0));
        vault.deposit{value: 1}(1);
        vault.deposit(1);
        assertEq(vault.freeOf(TREASURER), 1);
    }

    function test_Permit_DepositsInOneTransaction() external {
        CommunityCoin coin = deployWithCommunityCoin();
        address carol = vm.addr(CAROL_KEY);
        vm.prank(TREASURER);
        vault.issue(carol, 5 ether, RECEIPT);
        vm.prank(carol);
        vault.withdraw(5 ether);
        (uint8 v, bytes32 r, bytes32 s) = permit(coin, carol, 3 ether);
        vm.prank(carol);
        vault.depositWithPermit(ALICE, 3 ether, type(uint256).max, v, r, s);
        assertEq(vault.freeOf(ALICE), 3 ether);
        assertEq(coin.balanceOf(carol), 2 ether);
    }

    function test_Permit_BroughtByAnotherFirst_StillDeposits() external {
        CommunityCoin coin = deployWithCommunityCoin();
        address carol = vm.addr(CAROL_KEY);
        vm.prank(TREASURER);
        vault.issue(carol, 5 ether, RECEIPT);
        vm.prank(carol);
        vault.withdraw(5 ether);
        (uint8 v, bytes32 r, bytes32 s) = permit(coin, carol, 3 ether);
        vm.prank(BOB);
        coin.permit(carol, address(vault), 3 ether, type(uint256).max, v, r, s);
        vm.prank(BOB);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 3 ether)
        );
        vault.depositWithPermit(BOB, 3 ether, type(uint256).max, v, r, s);
        vm.prank(carol);
        vault.depositWithPermit(carol, 3 ether, type(uint256).max, v, r, s);
        assertEq(vault.freeOf(carol), 3 ether);
    }

    function test_ForeignCoin_DeskBringsAndTakesIt() external {
        deploy(3);
        ForeignCoin coin = new ForeignCoin();
        deployVault(address(coin), "");
        assertTrue(!vault.makesCoin(), "somebody else's");
        coin.give(TREASURER, 10 ether);
        vm.startPrank(TREASURER);
        coin.approve(address(vault), 4 ether);
        vault.issue(ALICE, 4 ether, RECEIPT);
        vm.stopPrank();
        vm.prank(ALICE);
        vault.allowRedemption(1 ether);
        vm.prank(TREASURER);
        vault.redeem(ALICE, 1 ether, PURPOSE);
        assertEq(coin.balanceOf(TREASURER), 7 ether);
        assertEq(vault.freeOf(ALICE), 3 ether);
        assertEq(vault.held(), 3 ether);
        assertEq(vault.issuedTotal(), 4 ether);
        assertEq(vault.redeemedTotal(), 1 ether);
    }

    function test_FeeCoin_WhatArrivedIsCounted() external {
        FeeAndHookCoin coin = deployWithFee(100);
        coin.give(ALICE, 10_000);
        coin.give(TREASURER, 10_000);
        vm.startPrank(ALICE);
        coin.approve(address(vault), 10_000);
        vm.expectEmit();
        emit Vault.Deposited(ALICE, ALICE, 9900);
        vault.deposit(10_000);
        vm.stopPrank();
        vm.startPrank(TREASURER);
        coin.approve(address(vault), 10_000);
        vm.expectEmit();
        emit Vault.Issued(BOB, RECEIPT, TREASURER, 4950);
        vault.issue(BOB, 5000, RECEIPT);
        vm.stopPrank();
        assertEq(vault.issuedTotal(), 4950);
        assertEq(vault.held(), 9900 + 4950);
        vm.prank(ALICE);
        vault.withdraw(9900);
        assertEq(vault.held(), vault.freeOf(BOB));
    }

    function test_FeeCoin_NothingArrives() external {
        FeeAndHookCoin coin = deployWithFee(10_000);
        coin.give(ALICE, 100);
        vm.startPrank(ALICE);
        coin.approve(address(vault), 100);
        vm.expectRevert(Vault.ZeroAmount.selector);
        vault.deposit(100);
    }

    function test_SurchargeCoin_OthersDoNotPayTheFee() external {
        SurchargeCoin coin = new SurchargeCoin();
        deployVault(address(coin), "");
        coin.give(ALICE, 1000);
        coin.give(BOB, 2020);
        depositFrom(IERC20(address(coin)), ALICE, 900);
        depositFrom(IERC20(address(coin)), BOB, 2000);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Vault.CoinTookMore.selector, 1010, 1000));
        vault.withdraw(1000);
        assertEq(vault.held(), 2900);
    }

    function test_OldCoin_FalseIsARefusal() external {
        OldCoin coin = new OldCoin(true);
        deployVault(address(coin), "");
        coin.give(ALICE, 100);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(coin)));
        vault.deposit(100);
        coin.approve(address(vault), 100);
        vault.deposit(100);
        vault.withdraw(40);
        assertEq(coin.balanceOf(ALICE), 40);
        assertEq(vault.freeOf(ALICE), 60);
    }

    function test_OldCoin_NoAnswerIsAYes() external {
        OldCoin coin = new OldCoin(false);
        deployVault(address(coin), "");
        coin.give(ALICE, 100);
        vm.startPrank(ALICE);
        vm.expectRevert(bytes(""));
        vault.deposit(100);
        coin.approve(address(vault), 100);
        vault.deposit(100);
        vault.withdraw(40);
        assertEq(coin.balanceOf(ALICE), 40);
        assertEq(vault.freeOf(ALICE), 60);
    }

    /// Counted twice, a deposit inside a deposit would be credited for both.
    function test_HookCoin_DepositInsideADeposit() external {
        (FeeAndHookCoin coin, Actor thief) = deployWithHook();
        (caller, message) = (address(thief), abi.encodeCall(Vault.deposit, (40)));
        (bool done,) = thief.act(address(vault), 0, abi.encodeCall(Vault.deposit, (60)));
        assertTrue(done, "the outer one stands");
        assertAnswer(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        assertEq(vault.freeOf(address(thief)), 60);
        assertEq(vault.held(), 60);
        assertEq(coin.balanceOf(address(thief)), 40);
    }

    function test_HookCoin_WithdrawalInsideAWithdrawal() external {
        (FeeAndHookCoin coin, Actor thief) = deployWithHook();
        thief.act(address(vault), 0, abi.encodeCall(Vault.deposit, (60)));
        (caller, message) = (address(thief), abi.encodeCall(Vault.withdraw, (60)));
        (bool done,) = thief.act(address(vault), 0, abi.encodeCall(Vault.withdraw, (60)));
        assertTrue(done, "the outer one stands");
        assertAnswer(abi.encodeWithSelector(Vault.FreeTooLittle.selector, address(thief), 0, 60));
        assertEq(vault.held(), 0);
        assertEq(coin.balanceOf(address(thief)), 100);
    }

    function calledBack() external {
        if (caller == address(0)) return;
        (, answer) = Actor(payable(caller)).act(address(vault), 0, message);
    }

    function deployWithCommunityCoin() private returns (CommunityCoin) {
        deployVault(address(0), "Village coin");
        return CommunityCoin(vault.coin());
    }

    function deployWithFee(uint256 fee) private returns (FeeAndHookCoin coin) {
        coin = new FeeAndHookCoin(fee);
        deployVault(address(coin), "");
    }

    function deployWithHook() private returns (FeeAndHookCoin coin, Actor thief) {
        coin = deployWithFee(0);
        thief = new Actor(Manner.CallsBack);
        coin.give(address(thief), 100);
        thief.act(address(coin), 0, abi.encodeCall(FeeAndHookCoin.hook, ()));
        thief.act(address(coin), 0, abi.encodeCall(IERC20.approve, (address(vault), 1000)));
    }

    function depositFrom(IERC20 coin, address account, uint256 amount) private {
        vm.startPrank(account);
        coin.approve(address(vault), amount);
        vault.deposit(amount);
        vm.stopPrank();
    }

    function permit(CommunityCoin coin, address owner, uint256 amount)
        private
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        bytes32 words =
            keccak256(abi.encode(PERMIT, owner, address(vault), amount, coin.nonces(owner), type(uint256).max));
        return vm.sign(CAROL_KEY, keccak256(abi.encodePacked("\x19\x01", coin.DOMAIN_SEPARATOR(), words)));
    }

    function assertAnswer(bytes memory expected) private view {
        assertEq(keccak256(answer), keccak256(expected));
    }
}
