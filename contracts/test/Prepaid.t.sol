// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Office} from "../src/Office.sol";
import {Payments} from "../src/Payments.sol";
import {Dues} from "./support/Dues.sol";

/// @title How far the money of prepaid premises reaches. A day costs 100 wei.
contract PrepaidTest is Dues {
    uint256 private billedUntil;

    function setUp() external {
        deployDues();
        makePrepaid(true);
    }

    function test_FirstDay_IsGiven() external view {
        assertUntil(time + 1 days);
    }

    function test_Bill_IsPaidFromTheBucketAndTheRestReaches() external {
        fund(350);
        pass(1 days);
        uint256 payee = vault.freeOf(PAYEE);
        day(100);
        assertDebt(0);
        assertEq(vault.freeOf(PAYEE), payee + 100);
        assertEq(vault.lockedFor(address(payments), ALICE, PREMISES), 250);
        assertUntil(billedUntil + 2.5 days);
    }

    function test_Bill_AboveTheBucket_EndsThePermitWhereTheUseIsBilled() external {
        fund(60);
        pass(1 days);
        day(100);
        assertDebt(40);
        assertEq(vault.lockedFor(address(payments), ALICE, PREMISES), 0);
        assertUntil(billedUntil);
        assertTrue(!permitted(), "used up");
    }

    function test_TopUp_BringsThePermitBackAtOnce() external {
        pass(1 days);
        day(100);
        assertTrue(!permitted(), "nothing set aside");
        fund(100);
        assertTrue(!permitted(), "just the debt");
        fund(150);
        assertUntil(billedUntil + 1.5 days);
        payments.collect(PREMISES, ALICE);
        assertDebt(0);
        assertUntil(billedUntil + 1.5 days);
    }

    /// Who brings cash has no wallet at hand: the desk sets it aside, and anyone has the permit found anew.
    function test_MoneySetAsideByTheCashDesk_BringsThePermitBack() external {
        appointTreasurer();
        pass(1 days);
        day(0);
        assertTrue(!permitted(), "nothing set aside");
        vm.deal(OPERATOR, 1 ether);
        vm.prank(OPERATOR);
        vault.issueFor{value: 150}(ALICE, "Payments", PREMISES, 150, ENTRY);
        assertTrue(!permitted(), "nobody asked");
        payments.collect(PREMISES, ALICE);
        assertUntil(billedUntil + 1.5 days);
        makePrepaid(false);
        vm.expectRevert(abi.encodeWithSelector(Payments.NothingToPay.selector, PREMISES));
        payments.collect(PREMISES, ALICE);
    }

    function test_Payment_IsACreditThatReachesToo() external {
        pass(1 days);
        day(100);
        pay(400);
        assertUntil(billedUntil + 3 days);
        vm.prank(PAYEE);
        payments.refund(PREMISES, ALICE, 200, ENTRY);
        assertUntil(billedUntil + 1 days);
    }

    function test_Reach_AtMostSevenDaysFromNow() external {
        fund(10_000);
        pass(1 days);
        day(100);
        assertUntil(time + 7 days);
        pass(3 days);
        payments.renewPrepaid(PREMISES, uint64(billedUntil), 100);
        assertUntil(time + 7 days);
    }

    function test_MoneyTakenBack_ShrinksTheReach() external {
        fund(500);
        pass(1 days);
        day(100);
        assertUntil(billedUntil + 4 days);
        vm.prank(ALICE);
        payments.unfund(PREMISES, 300);
        assertUntil(billedUntil + 1 days);
        vm.prank(ALICE);
        payments.unfund(PREMISES, 100);
        assertTrue(!permitted(), "all taken back");
    }

    /// A standing order of somebody else pays bills when it is collected, but no permit rests on it.
    function test_Reach_CountsOnlyWhatTheHolderSetAside() external {
        pass(1 days);
        day(100);
        vm.startPrank(BOB);
        vault.deposit{value: 500}(500);
        payments.fund(PREMISES, 500);
        vm.stopPrank();
        assertUntil(billedUntil);
        payments.collect(PREMISES, BOB);
        assertDebt(0);
        assertUntil(billedUntil);
    }

    function test_CorrectionUp_WithMoneySetAside_KeepsThePermit() external {
        fund(400);
        pass(1 days);
        day(100);
        rebook(150);
        assertDebt(50);
        assertUntil(billedUntil + 2.5 days);
    }

    function test_NoLongerPrepaid_BillsCountAgain() external {
        pass(1 days);
        day(100);
        assertTrue(!permitted(), "prepaid");
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, uint64(time + PATIENCE));
        makePrepaid(false);
        assertTrue(permitted(), "bills");
        assertTrue(!payments.permitted(PREMISES, uint64(time + PATIENCE)), "past grace");
        vm.expectEmit();
        emit Payments.PermitIssued(PREMISES, uint64(time + 1 days));
        makePrepaid(true);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Payments.Unchanged.selector, PREMISES));
        payments.setPrepaid(PREMISES, true);
    }

    function appointTreasurer() private {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(regulators[i]);
            council.appoint(Office.Treasurer, 0, OPERATOR, type(uint64).max);
        }
    }

    /// As Billing does it: the bill, then the reach.
    function day(int256 total) private {
        billedUntil = time - 900;
        (,, bool isPrepaid) = payments.book(PREMISES, total, PATIENCE, 0, 1, false);
        assertTrue(isPrepaid, "prepaid");
        payments.renewPrepaid(PREMISES, uint64(billedUntil), 100);
    }
}
