// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Bill, Flags} from "../src/Account.sol";
import {ArrearsInput, Payments} from "../src/Payments.sol";
import {Vault} from "../src/Vault.sol";
import {Dues} from "./support/Dues.sol";

/// @title Who may do what, and where a payment goes.
contract PaymentsTest is Dues {
    bytes32 private constant NOWHERE = keccak256("premises without account");

    function setUp() external {
        deployDues();
    }

    function test_Pay_InFull_PaysThePayeeInTheVaultAndSaysSo() external {
        book(100);
        uint256 before = vault.freeOf(PAYEE);
        vm.expectEmit();
        emit Payments.Paid(PREMISES, BOB, 100, 0);
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, type(uint64).max);
        pay(100);
        assertEq(vault.freeOf(PAYEE), before + 100);
        assertDebt(0);
        assertOutstanding(1, 0);
        assertDeadline(0);
        assertEq(account().oldest, 2);
    }

    function test_Pay_PayeeThatRefusesEther_IsPaidAllTheSame() external {
        address hostile = address(new Refusing());
        payments.setPayee(2, hostile);
        payments.book(PREMISES, 100, PATIENCE, 0, 2, false);
        pay(100);
        assertEq(vault.freeOf(hostile), 100);
        assertDebt(0);
    }

    function test_Pay_InPart_OldestFirst() external {
        book(100);
        uint256 first = time + PATIENCE;
        pass(30 days);
        book(50);
        uint256 second = time + PATIENCE;
        assertDeadline(first);
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, uint64(first));
        pay(60);
        assertOutstanding(1, 40);
        assertOutstanding(2, 50);
        assertDeadline(first);
        pay(40);
        assertOutstanding(1, 0);
        assertOutstanding(2, 50);
        assertDeadline(second);
        assertEq(account().oldest, 2);
        pay(49);
        assertDebt(1);
        assertOutstanding(2, 1);
    }

    function test_Pay_MoreThanOwed_IsACreditToTheNextBills() external {
        book(100);
        pay(250);
        assertDebt(-150);
        book(100);
        assertDebt(-50);
        assertOutstanding(2, 0);
        assertDeadline(0);
        book(80);
        assertDebt(30);
        assertOutstanding(3, 30);
        assertDeadline(time + PATIENCE);
        assertOutstanding(1, 0);
    }

    function test_Pay_BeforeAnyBill_IsACredit() external {
        pay(10);
        assertDebt(-10);
        assertEq(account().oldest, 1);
        book(30);
        assertOutstanding(1, 20);
    }

    function test_Pay_Refusals() external {
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownPremises.selector, NOWHERE));
        payments.pay{value: 1}(NOWHERE, 1);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Payments.WrongValue.selector, 1, 2));
        payments.pay{value: 1}(PREMISES, 2);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Payments.NothingToPay.selector, PREMISES));
        payments.pay(PREMISES, 0);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownPremises.selector, NOWHERE));
        payments.payFromBalance(NOWHERE, 1);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, BOB, 0, 1));
        payments.payFromBalance(PREMISES, 1);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownPremises.selector, NOWHERE));
        payments.permitted(NOWHERE, 1);
        assertDebt(0);
    }

    function test_Pay_CoinIsNotEther_OnlyFromTheBalance() external {
        Vault other = new Vault(council, address(0), "Village coin", "UNIT");
        Payments theirs = new Payments(council, members, other);
        vm.expectRevert(abi.encodeWithSelector(Payments.CoinIsNotEther.selector));
        theirs.pay(PREMISES, 1);
    }

    function test_PayFromBalance_MovesItToThePayeeAndLeavesNothingLocked() external {
        book(100);
        uint256 before = vault.freeOf(ALICE);
        uint256 payee = vault.freeOf(PAYEE);
        vm.prank(ALICE);
        payments.payFromBalance(PREMISES, 70);
        assertDebt(30);
        assertEq(vault.freeOf(ALICE), before - 70);
        assertEq(vault.freeOf(PAYEE), payee + 70);
        assertEq(vault.lockedFor(address(payments), ALICE, PREMISES), 0);
    }

    function test_Collect_TakesWhatIsOwedFromWhatWasSetAsideAndNoMore() external {
        fund(150);
        vm.expectRevert(abi.encodeWithSelector(Payments.NothingToPay.selector, PREMISES));
        payments.collect(PREMISES, ALICE);
        book(100);
        vm.expectRevert(abi.encodeWithSelector(Payments.NothingToPay.selector, PREMISES));
        payments.collect(PREMISES, BOB);
        payments.collect(PREMISES, ALICE);
        assertDebt(0);
        assertEq(vault.lockedFor(address(payments), ALICE, PREMISES), 50);
        book(80);
        payments.collect(PREMISES, ALICE);
        assertDebt(30);
        assertEq(vault.lockedFor(address(payments), ALICE, PREMISES), 0);
    }

    function test_Unfund_GivesBackOnlyWhatTheSenderSetAside() external {
        fund(10);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Vault.LockedTooLittle.selector, address(payments), BOB, PREMISES, 0, 1));
        payments.unfund(PREMISES, 1);
        uint256 free = vault.freeOf(ALICE);
        vm.prank(ALICE);
        payments.unfund(PREMISES, 10);
        assertEq(vault.freeOf(ALICE), free + 10);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownPremises.selector, NOWHERE));
        payments.fund(NOWHERE, 1);
    }

    function test_Refund_PaysACreditToTheHolderFromThePayee() external {
        book(-100);
        uint256 free = vault.freeOf(ALICE);
        uint256 payee = vault.freeOf(PAYEE);
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Payments.CreditTooSmall.selector, int256(-100), 101));
        payments.refund(PREMISES, ALICE, 101, ENTRY);
        vm.expectRevert(abi.encodeWithSelector(Payments.NotPayee.selector, address(this), PAYEE));
        payments.refund(PREMISES, ALICE, 1, ENTRY);
        vm.prank(PAYEE);
        payments.refund(PREMISES, ALICE, 60, ENTRY);
        assertDebt(-40);
        assertEq(vault.freeOf(ALICE), free + 60);
        assertEq(vault.freeOf(PAYEE), payee - 60);
        assertEq(vault.lockedFor(address(payments), PAYEE, PREMISES), 0);
    }

    /// Else a payee could make a household's credit vanish by paying it to itself.
    function test_Refund_ToAnotherThanTheHolder_OnlyOnceTheAccountHasEnded() external {
        book(-100);
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Payments.NotHolder.selector, PREMISES, PAYEE));
        payments.refund(PREMISES, PAYEE, 100, ENTRY);
        payments.book(PREMISES, -10, PATIENCE, 0, 1, true);
        vm.prank(ALICE);
        members.releasePremises(PREMISES);
        vm.prank(PAYEE);
        payments.refund(PREMISES, ALICE, 110, ENTRY);
        assertDebt(0);
    }

    function test_Arrears_AreTheFirstBillAndDueAfterTheDaysOfGrace() external {
        vm.expectEmit();
        emit Payments.ArrearsBooked(PREMISES, 1, 500, uint40(time + GRACE), ENTRY);
        bookArrears(500);
        assertDebt(500);
        assertDeadline(time + GRACE);
        assertEq(payments.billOf(PREMISES, 1).flags, Flags.ARREARS);
        book(20);
        assertDeadline(time + GRACE);
        pay(500);
        assertDeadline(time + PATIENCE);
    }

    function test_Arrears_AfterACredit_AreSetAgainstIt() external {
        pay(200);
        bookArrears(500);
        assertOutstanding(1, 300);
        assertDebt(300);
    }

    function test_Arrears_Refusals() external {
        ArrearsInput[] memory inputs = new ArrearsInput[](1);
        inputs[0] = ArrearsInput(PREMISES, 1, ENTRY);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Payments.NotRegulator.selector, OPERATOR));
        payments.bookArrears(inputs);
        inputs[0].premises = NOWHERE;
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownPremises.selector, NOWHERE));
        payments.bookArrears(inputs);
        inputs[0].premises = PREMISES;
        book(1);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Payments.BillsExist.selector, PREMISES, 1));
        payments.bookArrears(inputs);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Payments.BatchTooLarge.selector, 129, 128));
        payments.bookArrears(new ArrearsInput[](129));
    }

    function test_Billing_OnlyTheOneTakenOverIsHeard() external {
        bytes memory refusal = abi.encodeWithSelector(Payments.NotBilling.selector, address(billing), address(this));
        vm.startPrank(address(billing));
        vm.expectRevert(refusal);
        payments.setPayee(9, PAYEE);
        vm.expectRevert(refusal);
        payments.openAccount(NOWHERE, GRID, 1);
        vm.expectRevert(refusal);
        payments.book(PREMISES, 1, 1, 0, 1, false);
        vm.expectRevert(refusal);
        payments.rebook(PREMISES, 1, 1, 0, 1);
        vm.expectRevert(refusal);
        payments.renewPrepaid(PREMISES, 1, 1);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(Payments.BillingUnchanged.selector, address(this)));
        payments.takeOverBilling();
        address next = address(new Refusing());
        enter("Billing", next);
        payments.takeOverBilling();
        vm.expectRevert(abi.encodeWithSelector(Payments.NotBilling.selector, address(this), next));
        payments.book(PREMISES, 1, 1, 0, 1, false);
    }

    function test_OpenAccount_Twice_Refused() external {
        vm.expectRevert(abi.encodeWithSelector(Payments.AccountAlreadyOpen.selector, PREMISES));
        payments.openAccount(PREMISES, GRID, 1);
    }

    /// A replaced Billing that counts its tariffs from 1 again must not turn open debts to another payee.
    function test_SetPayee_OfATariffThatHasOne_StaysAsItIs() external {
        payments.setPayee(1, PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Payments.PayeeFixed.selector, 1, PAYEE));
        payments.setPayee(1, BOB);
        assertEq(payments.payeeOf(1), PAYEE);
        assertEq(payments.payeeOf(2), address(0));
    }

    function test_Rights_OfOperatorAndRegulators() external {
        bytes memory noOperator = abi.encodeWithSelector(Payments.NotOperator.selector, GRID, ANYONE);
        bytes memory noRegulator = abi.encodeWithSelector(Payments.NotRegulator.selector, ANYONE);
        book(1);
        vm.startPrank(ANYONE);
        vm.expectRevert(noOperator);
        payments.setPrepaid(PREMISES, true);
        vm.expectRevert(noOperator);
        payments.setTrip(PREMISES, Flags.SAFETY_TRIP, true, ENTRY);
        vm.expectRevert(noOperator);
        payments.answerDispute(PREMISES, 1, 0, ENTRY);
        vm.expectRevert(noRegulator);
        payments.setProtected(PREMISES, true);
        vm.expectRevert(noRegulator);
        payments.declareEmergency(GRID, 1);
        vm.expectRevert(abi.encodeWithSelector(Payments.NotHolder.selector, PREMISES, ANYONE));
        payments.dispute(PREMISES, 1);
        vm.stopPrank();
    }

    function test_Trip_IsAFlagOfItsOwnThatPayingDoesNotLift() external {
        vm.startPrank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Payments.InvalidTrip.selector, Flags.PROTECTED));
        payments.setTrip(PREMISES, Flags.PROTECTED, true, ENTRY);
        payments.setTrip(PREMISES, Flags.THEFT_TRIP, true, ENTRY);
        vm.expectRevert(abi.encodeWithSelector(Payments.Unchanged.selector, PREMISES));
        payments.setTrip(PREMISES, Flags.THEFT_TRIP, true, ENTRY);
        vm.stopPrank();
        book(10);
        pay(10);
        assertEq(account().flags, Flags.OPEN | Flags.THEFT_TRIP);
        vm.prank(OPERATOR);
        payments.setTrip(PREMISES, Flags.THEFT_TRIP, false, ENTRY);
        assertEq(account().flags, Flags.OPEN);
    }

    function test_LastBill_EndsTheAccountAndTheDebtStands() external {
        vm.expectEmit();
        emit Payments.AccountEnded(PREMISES, 70);
        payments.book(PREMISES, 70, PATIENCE, 0, 1, true);
        assertEq(account().flags, Flags.OPEN | Flags.ENDED);
        pay(70);
        assertDebt(0);
    }
}

/// @title Takes no Ether.
contract Refusing {}
