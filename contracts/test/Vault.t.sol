// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Council} from "../src/Council.sol";
import {Office} from "../src/Office.sol";
import {Vault} from "../src/Vault.sol";
import {Actor, IDirector, Manner} from "./support/Actor.sol";
import {Bystander, VaultDeployment} from "./support/VaultDeployment.sol";

/// @title The vault's rules, with Ether.
contract VaultTest is VaultDeployment, IDirector {
    address private billing;
    address private successor;

    /// What the next call back does, and whether it could.
    address private caller;
    bytes private message;
    uint256 private callsBack;

    function setUp() external {
        deployVault(address(0), "");
        billing = address(new Bystander());
        successor = address(new Bystander());
        install(PAYMENTS, billing);
        vm.deal(ALICE, 100 ether);
        vm.deal(BOB, 100 ether);
        vm.deal(TREASURER, 100 ether);
        depositFrom(ALICE, 10 ether);
    }

    function test_Deposit_OwnAndForAnother() external {
        vm.prank(BOB);
        vm.expectEmit();
        emit Vault.Deposited(ALICE, BOB, 3 ether);
        vault.depositFor{value: 3 ether}(ALICE, 3 ether);
        assertBalance(ALICE, 13 ether, 0);
        assertBalance(BOB, 0, 0);
        assertEq(vault.held(), 13 ether);
    }

    function test_Deposit_OtherValueThanTheAmount() external {
        vm.startPrank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Vault.WrongValue.selector, 1, 2));
        vault.deposit{value: 1}(2);
        vm.expectRevert(abi.encodeWithSelector(Vault.WrongValue.selector, 3, 2));
        vault.depositFor{value: 3}(ALICE, 2);
        vm.expectRevert(Vault.CoinIsEther.selector);
        vault.depositWithPermit(BOB, 1, type(uint256).max, 27, 0, 0);
    }

    function test_Deposit_NothingOrForNobody() external {
        vm.startPrank(BOB);
        vm.expectRevert(Vault.ZeroAmount.selector);
        vault.deposit(0);
        vm.expectRevert(abi.encodeWithSelector(Vault.InvalidAccount.selector, address(0)));
        vault.depositFor{value: 1}(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.InvalidAccount.selector, address(vault)));
        vault.depositFor{value: 1}(address(vault), 1);
    }

    function test_Ether_SentWithoutWordsRefused() external {
        vm.prank(BOB);
        (bool done,) = address(vault).call{value: 1}("");
        assertTrue(!done, "whose would it be");
    }

    function test_Ether_ForcedInBelongsToNobody() external {
        // PUSH20 heir, SELFDESTRUCT: the contract leaves its Ether to an heir that is not asked.
        bytes memory code = abi.encodePacked(hex"73", address(vault), hex"ff");
        vm.deal(address(this), 5 ether);
        assembly {
            pop(create(5000000000000000000, add(code, 32), mload(code)))
        }
        assertEq(vault.held(), 15 ether);
        assertBalance(ALICE, 10 ether, 0);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, ALICE, 10 ether, 10 ether + 1));
        vault.withdraw(10 ether + 1);
        vm.prank(ALICE);
        vault.withdraw(10 ether);
        assertEq(vault.held(), 5 ether);
    }

    function test_Withdraw_ToSelfAndToAnother() external {
        vm.startPrank(ALICE);
        vm.expectEmit();
        emit Vault.Withdrawn(ALICE, ALICE, 4 ether);
        vault.withdraw(4 ether);
        assertEq(ALICE.balance, 94 ether);
        vm.expectEmit();
        emit Vault.Withdrawn(ALICE, BOB, 6 ether);
        vault.withdrawTo(payable(BOB), 6 ether);
        assertEq(BOB.balance, 106 ether);
        vault.withdraw(0);
        assertBalance(ALICE, 0, 0);
    }

    function test_Withdraw_LockedOrForNobodyRefused() external {
        lockFor(billing, ALICE, 7 ether);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, ALICE, 3 ether, 4 ether));
        vault.withdraw(4 ether);
        vm.expectRevert(abi.encodeWithSelector(Vault.InvalidAccount.selector, address(0)));
        vault.withdrawTo(payable(address(0)), 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.InvalidAccount.selector, address(vault)));
        vault.withdrawTo(payable(address(vault)), 1);
        vault.withdraw(3 ether);
    }

    function test_Withdraw_ReceiverRefusesItsOwnOnly() external {
        Actor refuser = new Actor(Manner.Refuses);
        vm.prank(BOB);
        vault.depositFor{value: 1 ether}(address(refuser), 1 ether);
        (bool done, bytes memory answer) = refuser.act(address(vault), 0, abi.encodeCall(Vault.withdraw, (1 ether)));
        assertTrue(!done, "it took the money");
        assertEq(
            keccak256(answer),
            keccak256(abi.encodeWithSelector(Vault.PaymentRefused.selector, address(refuser), uint256(1 ether)))
        );
        assertBalance(address(refuser), 1 ether, 0);
        (done,) = refuser.act(address(vault), 0, abi.encodeCall(Vault.withdrawTo, (payable(BOB), 1 ether)));
        assertTrue(done, "elsewhere it can go");
        vm.prank(ALICE);
        vault.withdraw(10 ether);
    }

    function test_Withdraw_CalledBack_PaidOnce() external {
        Actor thief = new Actor(Manner.CallsBack);
        vm.prank(BOB);
        vault.depositFor{value: 1 ether}(address(thief), 1 ether);
        (caller, message) = (address(thief), abi.encodeCall(Vault.withdraw, (1 ether)));
        (bool done,) = thief.act(address(vault), 0, abi.encodeCall(Vault.withdraw, (1 ether)));
        assertTrue(done && callsBack == 0, "the second withdrawal found nothing");
        assertEq(address(thief).balance, 1 ether);
        assertEq(vault.held(), 10 ether);
    }

    function test_Withdraw_CalledBack_HalfEach() external {
        Actor careful = new Actor(Manner.CallsBack);
        vm.prank(BOB);
        vault.depositFor{value: 2 ether}(address(careful), 2 ether);
        (caller, message) = (address(careful), abi.encodeCall(Vault.withdraw, (0.5 ether)));
        (bool done,) = careful.act(address(vault), 0, abi.encodeCall(Vault.withdraw, (0.5 ether)));
        assertTrue(done && callsBack == 3, "free is free, also inside a call back");
        assertEq(address(careful).balance, 2 ether);
        assertBalance(address(careful), 0, 0);
    }

    /// Not the council, not a module, not a sealed vault.
    function test_Withdraw_AsksNobody() external {
        vm.prank(ALICE);
        vault.withdraw(1 ether);
        Vault deaf = new Vault(Council(address(0)), address(0), "", "");
        vm.prank(ALICE);
        deaf.deposit{value: 1 ether}(1 ether);
        vm.prank(ALICE);
        deaf.withdraw(1 ether);
        assertEq(ALICE.balance, 91 ether);
    }

    function test_Lock_ByAModule() external {
        vm.prank(billing);
        vm.expectEmit();
        emit Vault.Locked(billing, ALICE, PURPOSE, 4 ether);
        vault.lock(ALICE, PURPOSE, 4 ether);
        lockFor(billing, ALICE, 1 ether);
        assertBalance(ALICE, 5 ether, 5 ether);
        assertEq(vault.lockedFor(billing, ALICE, PURPOSE), 5 ether);
        assertEq(vault.lockedFor(billing, ALICE, OTHER_PURPOSE), 0);
        assertEq(vault.lockedFor(successor, ALICE, PURPOSE), 0);
    }

    function test_Lock_MoreThanFree() external {
        vm.startPrank(billing);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, ALICE, 10 ether, 10 ether + 1));
        vault.lock(ALICE, PURPOSE, 10 ether + 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, ALICE, 10 ether, type(uint256).max));
        vault.lock(ALICE, PURPOSE, type(uint256).max);
    }

    function test_Module_OthersRefused() external {
        lockFor(billing, ALICE, 1 ether);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Vault.MayNotLock.selector, ALICE));
        vault.lock(ALICE, PURPOSE, 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.LockedTooLittle.selector, ALICE, ALICE, PURPOSE, 0, 1));
        vault.release(ALICE, PURPOSE, 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.LockedTooLittle.selector, ALICE, ALICE, PURPOSE, 0, 1));
        vault.pay(ALICE, PURPOSE, ALICE, 1);
    }

    function test_Release_OfThatPurposeOnly() external {
        lockFor(billing, ALICE, 4 ether);
        vm.startPrank(billing);
        vm.expectRevert(abi.encodeWithSelector(Vault.LockedTooLittle.selector, billing, ALICE, OTHER_PURPOSE, 0, 1));
        vault.release(ALICE, OTHER_PURPOSE, 1);
        vm.expectRevert(
            abi.encodeWithSelector(Vault.LockedTooLittle.selector, billing, ALICE, PURPOSE, 4 ether, 5 ether)
        );
        vault.release(ALICE, PURPOSE, 5 ether);
        vm.expectEmit();
        emit Vault.Released(billing, ALICE, PURPOSE, 3 ether);
        vault.release(ALICE, PURPOSE, 3 ether);
        assertBalance(ALICE, 9 ether, 1 ether);
        assertEq(vault.lockedFor(billing, ALICE, PURPOSE), 1 ether);
    }

    function test_Pay_IntoAnotherFreeBalance() external {
        lockFor(billing, ALICE, 4 ether);
        vm.startPrank(billing);
        vm.expectRevert(
            abi.encodeWithSelector(Vault.LockedTooLittle.selector, billing, ALICE, PURPOSE, 4 ether, 4 ether + 1)
        );
        vault.pay(ALICE, PURPOSE, BOB, 4 ether + 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.InvalidAccount.selector, address(0)));
        vault.pay(ALICE, PURPOSE, address(0), 1);
        vm.expectEmit();
        emit Vault.Paid(billing, ALICE, PURPOSE, BOB, 3 ether);
        vault.pay(ALICE, PURPOSE, BOB, 3 ether);
        vault.pay(ALICE, PURPOSE, ALICE, 0.5 ether);
        assertBalance(ALICE, 6.5 ether, 0.5 ether);
        assertBalance(BOB, 3 ether, 0);
    }

    /// Modules compute amounts, and nothing is one of them; said by a stranger it must not look like a deed.
    function test_Module_NothingDoesNothing() external {
        vm.prank(billing);
        vault.lock(ALICE, PURPOSE, 0);
        vm.startPrank(BOB);
        vault.release(ALICE, PURPOSE, 0);
        vault.pay(ALICE, PURPOSE, BOB, 0);
        assertBalance(ALICE, 10 ether, 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.MayNotLock.selector, BOB));
        vault.lock(ALICE, PURPOSE, 0);
    }

    function test_Admit_OnlyWhoHoldsAMoneyOffice() external {
        vm.startPrank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Vault.NotAMoneyOffice.selector, bytes32("Anchors")));
        vault.admitModule("Anchors");
        vm.expectRevert(abi.encodeWithSelector(Vault.OfficeVacant.selector, bytes32("Sharing")));
        vault.admitModule("Sharing");
        vm.expectRevert(abi.encodeWithSelector(Vault.ModuleUnchanged.selector, PAYMENTS, billing));
        vault.admitModule(PAYMENTS);
    }

    function test_Admit_EveryMoneyOffice() external {
        bytes32[5] memory offices = [bytes32("Board"), "Demands", "Auction", "Channels", "Sharing"];
        for (uint256 i = 0; i < offices.length; ++i) {
            address module = address(new Bystander());
            install(offices[i], module);
            assertTrue(vault.mayLock(module), "in office");
            assertEq(vault.moduleOf(offices[i]), module);
        }
        assertTrue(vault.mayLock(billing), "one office's module does not displace another's");
    }

    function test_Admit_ReplacedModulePaysOutAndLocksNoMore() external {
        lockFor(billing, ALICE, 4 ether);
        enter(PAYMENTS, successor);
        assertTrue(vault.mayLock(billing) && !vault.mayLock(successor), "the directory alone changes nothing");
        vm.prank(ANYONE);
        vm.expectEmit();
        emit Vault.ModuleAdmitted(PAYMENTS, successor, billing);
        vault.admitModule(PAYMENTS);
        assertTrue(vault.isModule(billing) && !vault.mayLock(billing), "replaced");
        assertTrue(vault.isModule(successor) && vault.mayLock(successor), "in office");
        vm.startPrank(billing);
        vm.expectRevert(abi.encodeWithSelector(Vault.MayNotLock.selector, billing));
        vault.lock(ALICE, PURPOSE, 1);
        vault.pay(ALICE, PURPOSE, BOB, 1 ether);
        vault.release(ALICE, PURPOSE, 1 ether);
        vm.stopPrank();
        vm.prank(successor);
        vm.expectRevert(abi.encodeWithSelector(Vault.LockedTooLittle.selector, successor, ALICE, PURPOSE, 0, 1));
        vault.release(ALICE, PURPOSE, 1);
        assertBalance(ALICE, 7 ether, 2 ether);
        assertEq(vault.lockedFor(billing, ALICE, PURPOSE), 2 ether);
    }

    function test_Admit_EveryOfficeCountsByItself() external {
        bytes32[6] memory offices = [PAYMENTS, "Board", "Demands", "Auction", "Channels", "Sharing"];
        address all = address(new Bystander());
        for (uint256 i = 0; i < offices.length; ++i) {
            install(offices[i], all);
        }
        for (uint256 i = 0; i < offices.length; ++i) {
            assertTrue(vault.mayLock(all), "it still holds one");
            install(offices[i], address(new Bystander()));
        }
        assertTrue(!vault.mayLock(all), "it holds nothing any more");
    }

    function test_Admit_OneOfTwoOfficesLost_StillLocks() external {
        install(BOARD, billing);
        install(PAYMENTS, successor);
        assertTrue(vault.mayLock(billing), "it is still the board");
        install(BOARD, address(new Bystander()));
        assertTrue(!vault.mayLock(billing) && vault.isModule(billing), "it holds nothing any more");
    }

    function test_Seal_OnceVotedAndForGood() external {
        vm.expectRevert(abi.encodeWithSelector(Vault.SealNotVoted.selector, 0, 1));
        vault.seal();
        voteSeal(1);
        vm.prank(ANYONE);
        vm.expectEmit();
        emit Vault.Sealed();
        vault.seal();
        assertTrue(vault.isSealed(), "sealed");
        enter(PAYMENTS, successor);
        vm.expectRevert(Vault.VaultIsSealed.selector);
        vault.admitModule(PAYMENTS);
        voteSeal(0);
        vm.expectRevert(Vault.VaultIsSealed.selector);
        vault.admitModule(PAYMENTS);
        vm.expectRevert(Vault.VaultIsSealed.selector);
        vault.seal();
        lockFor(billing, ALICE, 1 ether);
        assertBalance(ALICE, 9 ether, 1 ether);
    }

    function test_SealRule_CommunityWideAndYesOrNo() external {
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Council.RuleIsCommunityWide.selector, bytes32("vaultSealed")));
        council.proposeRule("vaultSealed", GRID, 1);
        vm.expectRevert(abi.encodeWithSelector(Council.RuleOutOfBounds.selector, bytes32("vaultSealed"), 2, 0, 1));
        council.proposeRule("vaultSealed", 0, 2);
    }

    function test_Issue_TreasurerBringsTheEther() external {
        vm.startPrank(TREASURER);
        vm.expectRevert(abi.encodeWithSelector(Vault.WrongValue.selector, 0, 2 ether));
        vault.issue(ALICE, 2 ether, RECEIPT);
        vm.expectEmit();
        emit Vault.Issued(ALICE, RECEIPT, TREASURER, 2 ether);
        vault.issue{value: 2 ether}(ALICE, 2 ether, RECEIPT);
        assertBalance(ALICE, 12 ether, 0);
        assertEq(vault.issuedTotal(), 2 ether);
        assertEq(vault.held(), 12 ether);
    }

    function test_IssueFor_SetsAsideAtTheModuleInOffice() external {
        vm.deal(BOB, 1 ether);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Vault.NotTreasurer.selector, BOB));
        vault.issueFor{value: 1}(ALICE, PAYMENTS, PURPOSE, 1, RECEIPT);
        vm.startPrank(TREASURER);
        vm.expectRevert(abi.encodeWithSelector(Vault.OfficeVacant.selector, bytes32("Sharing")));
        vault.issueFor{value: 1}(ALICE, "Sharing", PURPOSE, 1, RECEIPT);
        vm.expectRevert(abi.encodeWithSelector(Vault.InvalidAccount.selector, address(0)));
        vault.issueFor{value: 1}(address(0), PAYMENTS, PURPOSE, 1, RECEIPT);
        vm.expectRevert(Vault.ZeroAmount.selector);
        vault.issueFor(ALICE, PAYMENTS, PURPOSE, 0, RECEIPT);
        vm.expectEmit();
        emit Vault.Issued(ALICE, RECEIPT, TREASURER, 2 ether);
        vm.expectEmit();
        emit Vault.Locked(billing, ALICE, PURPOSE, 2 ether);
        vault.issueFor{value: 2 ether}(ALICE, PAYMENTS, PURPOSE, 2 ether, RECEIPT);
        vm.expectRevert(abi.encodeWithSelector(Vault.ReferenceUsed.selector, RECEIPT));
        vault.issueFor{value: 1}(ALICE, PAYMENTS, PURPOSE, 1, RECEIPT);
        vm.stopPrank();
        assertBalance(ALICE, 10 ether, 2 ether);
        assertEq(vault.lockedFor(billing, ALICE, PURPOSE), 2 ether);
        assertEq(vault.issuedTotal(), 2 ether);
    }

    function test_Issue_OnlyATreasurerOfAll() external {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(regulators[i]);
            council.appoint(Office.Treasurer, GRID, BOB, type(uint64).max);
        }
        vm.startPrank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Vault.NotTreasurer.selector, BOB));
        vault.issue{value: 1}(BOB, 1, RECEIPT);
        vm.expectRevert(abi.encodeWithSelector(Vault.NotTreasurer.selector, BOB));
        vault.redeem(BOB, 1, RECEIPT);
    }

    function test_Reference_UsedOnce() external {
        vm.prank(ALICE);
        vault.allowRedemption(5 ether);
        vm.startPrank(TREASURER);
        vm.expectRevert(Vault.ReferenceMissing.selector);
        vault.issue{value: 1}(ALICE, 1, 0);
        vm.expectRevert(Vault.ReferenceMissing.selector);
        vault.redeem(ALICE, 1, 0);
        vm.expectRevert(Vault.ZeroAmount.selector);
        vault.issue(ALICE, 0, RECEIPT);
        vm.expectRevert(Vault.ZeroAmount.selector);
        vault.redeem(ALICE, 0, RECEIPT);
        assertTrue(!vault.isReferenceUsed(RECEIPT), "refused calls use nothing up");
        vault.issue{value: 1}(ALICE, 1, RECEIPT);
        assertTrue(vault.isReferenceUsed(RECEIPT), "used");
        vm.expectRevert(abi.encodeWithSelector(Vault.ReferenceUsed.selector, RECEIPT));
        vault.issue{value: 1}(BOB, 1, RECEIPT);
        vm.expectRevert(abi.encodeWithSelector(Vault.ReferenceUsed.selector, RECEIPT));
        vault.redeem(ALICE, 1, RECEIPT);
        vault.redeem(ALICE, 1, OTHER_PURPOSE);
        vm.expectRevert(abi.encodeWithSelector(Vault.ReferenceUsed.selector, OTHER_PURPOSE));
        vault.redeem(ALICE, 1, OTHER_PURPOSE);
    }

    function test_Redeem_UpToWhatTheAccountAllowed() external {
        vm.prank(TREASURER);
        vm.expectRevert(abi.encodeWithSelector(Vault.RedemptionNotAllowed.selector, ALICE, 0, 1));
        vault.redeem(ALICE, 1, RECEIPT);
        vm.prank(ALICE);
        vm.expectEmit();
        emit Vault.RedemptionAllowed(ALICE, 3 ether);
        vault.allowRedemption(3 ether);
        vm.startPrank(TREASURER);
        vm.expectEmit();
        emit Vault.Redeemed(ALICE, RECEIPT, TREASURER, 2 ether);
        vault.redeem(ALICE, 2 ether, RECEIPT);
        assertEq(vault.redeemableOf(ALICE), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Vault.RedemptionNotAllowed.selector, ALICE, 1 ether, 2 ether));
        vault.redeem(ALICE, 2 ether, PURPOSE);
        assertBalance(ALICE, 8 ether, 0);
        assertEq(TREASURER.balance, 102 ether);
        assertEq(vault.redeemedTotal(), 2 ether);
    }

    function test_Redeem_FreeBalanceOnly() external {
        vm.prank(ALICE);
        vault.allowRedemption(type(uint256).max);
        lockFor(billing, ALICE, 9 ether);
        vm.prank(TREASURER);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, ALICE, 1 ether, 2 ether));
        vault.redeem(ALICE, 2 ether, RECEIPT);
    }

    function calledBack() external {
        (bool done,) = Actor(payable(caller)).act(address(vault), 0, message);
        if (done) ++callsBack;
    }

    function depositFrom(address account, uint256 amount) private {
        vm.prank(account);
        vault.deposit{value: amount}(amount);
    }

    function lockFor(address module, address account, uint256 amount) private {
        vm.prank(module);
        vault.lock(account, PURPOSE, amount);
    }

    function assertBalance(address account, uint256 free, uint256 locked) private view {
        assertEq(vault.freeOf(account), free);
        assertEq(vault.lockedFor(billing, account, PURPOSE), locked);
    }
}
