// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Bill} from "../../src/Account.sol";
import {ArrearsInput} from "../../src/Payments.sol";
import {Ledger} from "./Ledger.sol";

/// @title Payments by itself: the test holds the office of Billing, and books what it likes.
abstract contract Dues is Ledger {
    uint256 internal constant PATIENCE = 29 days;
    uint256 internal constant GRACE = 14 days;
    bytes32 internal constant ENTRY = keccak256("entry of the operator's books");

    /// The compiler takes the block's time for constant within a call; this is ours.
    uint256 internal time;

    function deployDues() internal {
        deployMoney(0);
        enter("Billing", address(this));
        payments.takeOverBilling();
        payments.setPayee(1, PAYEE);
        payments.openAccount(PREMISES, GRID, 1);
        pass(FIRST - BEGINNING);
        vm.deal(ALICE, 1e27);
        vm.deal(BOB, 1e27);
        vm.prank(ALICE);
        vault.deposit{value: 1e26}(1e26);
        vm.deal(PAYEE, 1e26);
        vm.prank(PAYEE);
        vault.deposit{value: 1e26}(1e26);
    }

    function pass(uint256 duration) internal {
        time = (time == 0 ? BEGINNING : time) + duration;
        vm.warp(time);
    }

    function book(int256 total) internal {
        payments.book(PREMISES, total, PATIENCE, 0, 1, false);
    }

    function bookEstimate(int256 total) internal {
        payments.book(PREMISES, total, PATIENCE, 1, 1, false);
    }

    function rebook(int256 total) internal {
        payments.rebook(PREMISES, total, PATIENCE, 0, 1);
    }

    function pay(uint256 amount) internal {
        vm.prank(BOB);
        payments.pay{value: amount}(PREMISES, amount);
    }

    function dispute(uint256 number) internal {
        vm.prank(ALICE);
        payments.dispute(PREMISES, number);
    }

    function answer(uint256 number, uint96 credit) internal {
        vm.prank(OPERATOR);
        payments.answerDispute(PREMISES, number, credit, ENTRY);
    }

    function bookArrears(uint96 amount) internal {
        ArrearsInput[] memory inputs = new ArrearsInput[](1);
        inputs[0] = ArrearsInput(PREMISES, amount, ENTRY);
        vm.prank(regulators[0]);
        payments.bookArrears(inputs);
    }

    function makePrepaid(bool isPrepaid) internal {
        vm.prank(OPERATOR);
        payments.setPrepaid(PREMISES, isPrepaid);
    }

    function fund(uint256 amount) internal {
        vm.prank(ALICE);
        payments.fund(PREMISES, amount);
    }

    function account() internal view returns (Account memory) {
        return payments.accountOf(PREMISES);
    }

    function permitted() internal view returns (bool) {
        return payments.permitted(PREMISES, uint64(time));
    }

    function assertDebt(int256 debt) internal view {
        assertTrue(account().debt == debt, "debt");
    }

    function assertOutstanding(uint256 number, uint256 outstanding) internal view {
        assertEq(payments.billOf(PREMISES, number).outstanding, outstanding);
    }

    /// Until when the permit is, as bills go; 0 for no end.
    function assertDeadline(uint256 deadline) internal view {
        assertEq(account().deadline, deadline);
    }

    function assertUntil(uint256 until) internal view {
        assertEq(payments.prepaidOf(PREMISES).until, until);
        assertTrue(payments.permitted(PREMISES, uint64(until - 1)), "permitted before");
        assertTrue(!payments.permitted(PREMISES, uint64(until)), "not permitted then");
    }
}
