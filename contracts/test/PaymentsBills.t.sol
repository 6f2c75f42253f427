// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bill, Flags} from "../src/Account.sol";
import {Payments} from "../src/Payments.sol";
import {Dues} from "./support/Dues.sol";

/// @title Permits, objections, corrections, and very many open bills.
contract PaymentsBillsTest is Dues {
    function setUp() external {
        deployDues();
    }

    function test_Permit_EndsAtTheDeadlineOfTheOldestBillAndComesBackWithThePayment() external {
        book(100);
        uint64 deadline = uint64(time + PATIENCE);
        assertTrue(payments.permitted(PREMISES, deadline - 1), "before");
        assertTrue(!payments.permitted(PREMISES, deadline), "after");
        pass(PATIENCE);
        assertTrue(!permitted(), "tripped");
        pay(99);
        assertTrue(!permitted(), "not yet");
        pay(1);
        assertTrue(permitted(), "back");
    }

    function test_Permit_ProtectedOrEmergency_IsNeverLostForDebt() external {
        book(100);
        pass(PATIENCE);
        vm.startPrank(regulators[0]);
        payments.setProtected(PREMISES, true);
        assertTrue(permitted(), "protected");
        assertDebt(100);
        vm.expectRevert(abi.encodeWithSelector(Payments.Unchanged.selector, PREMISES));
        payments.setProtected(PREMISES, true);
        payments.setProtected(PREMISES, false);
        assertTrue(!permitted(), "no longer");
        payments.declareEmergency(GRID + 1, uint64(time + 100));
        assertTrue(!permitted(), "elsewhere");
        payments.declareEmergency(GRID, uint64(time + 100));
        assertTrue(payments.permitted(PREMISES, uint64(time + 99)), "here");
        assertTrue(!payments.permitted(PREMISES, uint64(time + 100)), "over");
        payments.declareEmergency(GRID, 0);
        assertTrue(!permitted(), "ended");
        payments.declareEmergency(0, uint64(time + 1));
        assertTrue(permitted(), "everywhere");
        vm.stopPrank();
    }

    function test_Estimate_IsOwedButNeverEndsThePermit() external {
        bookEstimate(100);
        assertDebt(100);
        assertDeadline(0);
        pass(1000 days);
        assertTrue(permitted(), "an estimate");
        book(50);
        assertDeadline(time + PATIENCE);
        pay(100);
        assertOutstanding(1, 0);
        assertDeadline(time + PATIENCE);
    }

    function test_NegativeBill_PaysTheOldestBillsAndSaysThatThePermitIsBack() external {
        book(100);
        uint256 first = time + PATIENCE;
        pass(1 days);
        book(100);
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, uint64(first + 1 days));
        book(-130);
        assertOutstanding(1, 0);
        assertOutstanding(2, 70);
        assertOutstanding(3, 0);
        assertDebt(70);
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, type(uint64).max);
        book(-100);
        assertDebt(-30);
        assertDeadline(0);
    }

    function test_Dispute_HoldsTheBillBackAndIsPaidLast() external {
        book(100);
        uint256 first = time + PATIENCE;
        pass(1 days);
        book(50);
        vm.expectEmit();
        emit Payments.BillDisputed(PREMISES, 1, ALICE);
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, uint64(first + 1 days));
        dispute(1);
        assertDeadline(first + 1 days);
        pay(30);
        assertOutstanding(1, 100);
        assertOutstanding(2, 20);
        pay(40);
        assertOutstanding(1, 80);
        assertOutstanding(2, 0);
        assertDeadline(0);
        pass(100 days);
        assertTrue(permitted(), "only a disputed bill is open");
    }

    function test_Answer_WithoutCredit_GivesTheDaysOfGraceOnceMore() external {
        book(100);
        dispute(1);
        pass(PATIENCE + 1);
        vm.expectEmit();
        emit Payments.DisputeAnswered(PREMISES, 1, 0, uint40(time + GRACE), ENTRY);
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, uint64(time + GRACE));
        answer(1, 0);
        assertDeadline(time + GRACE);
        assertDebt(100);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Payments.NotDisputed.selector, PREMISES, 1));
        payments.answerDispute(PREMISES, 1, 0, ENTRY);
    }

    function test_Answer_BeforeTheDeadline_DoesNotBringItForward() external {
        book(100);
        uint256 deadline = time + PATIENCE;
        dispute(1);
        answer(1, 0);
        assertDeadline(deadline);
    }

    function test_Answer_WithCredit_LowersTheBillThenTheOthersThenIsACredit() external {
        book(100);
        dispute(1);
        pay(70);
        book(50);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Payments.CreditAboveAmount.selector, 101, int256(100)));
        payments.answerDispute(PREMISES, 1, 101, ENTRY);
        answer(1, 40);
        assertOutstanding(1, 0);
        assertOutstanding(2, 40);
        assertDebt(40);
        assertTrue(payments.billOf(PREMISES, 1).amount == 60, "amount");
        dispute(2);
        answer(2, 50);
        assertDebt(-10);
    }

    /// Else each answer could be met with a new objection, and the bill would never have to be paid.
    function test_Dispute_OfAnAnsweredBill_OnlyInItsNextVersion() external {
        book(100);
        dispute(1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Payments.AlreadyDisputed.selector, PREMISES, 1));
        payments.dispute(PREMISES, 1);
        answer(1, 10);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Payments.AlreadyDisputed.selector, PREMISES, 1));
        payments.dispute(PREMISES, 1);
        rebook(110);
        dispute(1);
        assertDeadline(0);
    }

    function test_Dispute_OfACredit_CanBeAnswered() external {
        book(-10);
        dispute(1);
        answer(1, 0);
        assertEq(payments.billOf(PREMISES, 1).flags & Flags.DISPUTED, 0);
        assertDebt(-10);
    }

    function test_Dispute_OfNoOrAPaidBill_Refused() external {
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownBill.selector, PREMISES, 0));
        payments.dispute(PREMISES, 0);
        vm.expectRevert(abi.encodeWithSelector(Payments.UnknownBill.selector, PREMISES, 1));
        payments.dispute(PREMISES, 1);
        vm.stopPrank();
        book(10);
        pay(10);
        book(10);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Payments.BillSettled.selector, PREMISES, 1));
        payments.dispute(PREMISES, 1);
    }

    /// The latest bill can be objected to though it is paid, and the answer is a credit.
    function test_Dispute_OfThePaidLatestBill_IsAnsweredWithACredit() external {
        book(100);
        pay(100);
        dispute(1);
        assertOutstanding(1, 0);
        book(30);
        assertDebt(30);
        answer(1, 100);
        assertDebt(-70);
        assertOutstanding(1, 0);
        assertOutstanding(2, 0);
        assertDeadline(0);
    }

    function test_Correction_Up_IsOwedAndDueAnew() external {
        book(100);
        pay(100);
        pass(5 days);
        rebook(130);
        assertDebt(30);
        assertOutstanding(1, 30);
        assertDeadline(time + PATIENCE);
        assertEq(account().oldest, 1);
        assertEq(payments.billOf(PREMISES, 1).version, 2);
    }

    function test_Correction_Down_LowersThisThenOlderBillsThenIsACredit() external {
        book(100);
        book(50);
        rebook(20);
        assertOutstanding(2, 20);
        assertDebt(120);
        rebook(-30);
        assertOutstanding(1, 70);
        assertOutstanding(2, 0);
        assertDebt(70);
        rebook(-130);
        assertDebt(-30);
        assertOutstanding(1, 0);
        assertDeadline(0);
    }

    function test_Correction_UpWithCredit_DrawsOnItFirst() external {
        book(100);
        pay(150);
        rebook(120);
        assertDebt(-30);
        assertOutstanding(1, 0);
        rebook(160);
        assertDebt(10);
        assertOutstanding(1, 10);
    }

    function test_Correction_OfAnEstimate_CanEndThePermit_AndStaysDisputed() external {
        bookEstimate(100);
        rebook(90);
        assertDeadline(time + PATIENCE);
        assertEq(payments.billOf(PREMISES, 1).flags, 0);
        dispute(1);
        rebook(95);
        assertEq(payments.billOf(PREMISES, 1).flags, Flags.DISPUTED);
        assertDeadline(0);
    }

    function test_ManyBills_PaidInFullAtOnce_OrInParts() external {
        bookMany(70);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Payments.TooManyOpenBills.selector, 64));
        payments.pay{value: 650}(PREMISES, 650);
        pay(635);
        assertOutstanding(63, 0);
        assertOutstanding(64, 5);
        assertEq(account().oldest, 64);
        assertDebt(65);
        bookMany(60);
        pay(665);
        assertDebt(0);
        assertEq(account().oldest, 131);
    }

    function test_ManyBills_ABillThatCreditsThemAll_CanBeMade() external {
        bookMany(65);
        book(-650);
        assertDebt(0);
        bookMany(65);
        dispute(67);
        answer(67, 10);
        book(-1000);
        assertDebt(-360);
        assertDeadline(0);
        assertEq(account().oldest, 133);
    }

    function test_ManyBills_TheOldestDisputed_OthersAreStillPaid() external {
        bookMany(66);
        dispute(1);
        pay(15);
        assertOutstanding(1, 10);
        assertOutstanding(2, 0);
        assertOutstanding(3, 5);
    }

    function bookMany(uint256 count) private {
        for (uint256 i = 0; i < count; ++i) {
            book(10);
        }
    }
}
