// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Flags} from "../src/Account.sol";
import {Billing, BillInput} from "../src/Billing.sol";
import {ProvenReading} from "../src/ProvenReading.sol";
import {Bills} from "./support/Bills.sol";

/// @title Estimates, corrections, exchanged meters, and how far prepaid money reaches by the use.
contract BillingCorrectionsTest is Bills {
    function setUp() external {
        deployBills();
        begin();
    }

    function test_Estimate_BeforeAnySignedPeriod_Refused() external {
        BillInput memory made = input(estimate(METER_KEY, tick(1), 1001e6, 100e6));
        refuse(made, abi.encodeWithSelector(Billing.NothingUsual.selector, PREMISES));
    }

    function test_Estimate_IsBoundedMarkedAndNeverEndsThePermit() external {
        issueAt(1, 1010e6, 100e6);
        payAll();
        ProvenReading memory proof = estimate(METER_KEY, tick(2), 1030e6 + 1, 100e6);
        refuse(input(proof), abi.encodeWithSelector(Billing.EstimateTooHigh.selector, 20e6 + 1, 20e6));
        estimateAt(3, 1050e6, 100e6);
        assertAmount(small(40e6, 0));
        assertEq(bill.flags, Flags.ESTIMATED);
        assertEq(bill.deadline, 0);
        assertTrue(boundary().estimated, "estimated");
        assertEq(boundary().usual, 960e6);
        assertTrue(payments.permitted(PREMISES, type(uint64).max), "no trip");
    }

    /// Nobody signed for it, so the payee does not owe for more than the house could have used.
    function test_Estimate_ExportIsBoundedToo() external {
        issueAt(1, 1010e6, 100e6);
        ProvenReading memory proof = estimate(METER_KEY, tick(2), 1011e6, 120e6 + 1);
        refuse(input(proof), abi.encodeWithSelector(Billing.EstimateTooHigh.selector, 20e6 + 1, 20e6));
        estimateAt(3, 1011e6, 140e6);
    }

    function test_Correction_OfAnEstimateByTheFirstSignedReading_AtThatInstantOrLater() external {
        issueAt(1, 1010e6, 100e6);
        estimateAt(2, 1030e6, 100e6);
        correct(amend(proveAgain(2, 1015e6, 100e6, 2)));
        assertAmount(small(5e6, 0));
        assertEq(bill.version, 2);
        assertEq(bill.flags, 0);
        assertTrue(bill.deadline != 0, "can end the permit");
        assertTrue(debt() == small(10e6, 0) + small(5e6, 0), "debt");
        estimateAt(3, 1025e6, 100e6);
        correct(amend(prove(METER_KEY, tick(4), 1021e6, 100e6)));
        assertAmount(small(6e6, 0));
        assertEq(boundary().instant, tick(4));
        issueAt(5, 1031e6, 100e6);
        assertAmount(small(10e6, 0));
        assertEq(payments.accountOf(PREMISES).bills, 4);
    }

    function test_Correction_OfASignedClosing_OnlyByASignedOneAtTheSameInstant() external {
        issueAt(1, 1010e6, 100e6);
        correct(amend(proveAgain(1, 1012e6, 100e6, 2)));
        assertAmount(small(12e6, 0));
        correct(amend(proveAgain(1, 1008e6, 100e6, 3)));
        assertAmount(small(8e6, 0));
        assertTrue(debt() == small(8e6, 0), "debt");
        refuseCorrection(
            amend(prove(METER_KEY, tick(2), 1020e6, 100e6)),
            abi.encodeWithSelector(Billing.ClosingBeforeOpening.selector, tick(2), tick(1))
        );
        issueAt(3, 1030e6, 100e6);
        refuseCorrection(
            amend(estimateAgain(3, 1040e6, 2)), abi.encodeWithSelector(Billing.ClosingIsEstimated.selector, PREMISES)
        );
    }

    function test_Correction_OfAnEstimateByALaterEstimate_Refused() external {
        issueAt(1, 1010e6, 100e6);
        estimateAt(2, 1020e6, 100e6);
        refuseCorrection(
            amend(estimate(METER_KEY, tick(3), 1030e6, 100e6)),
            abi.encodeWithSelector(Billing.ClosingIsEstimated.selector, PREMISES)
        );
        correct(amend(estimateAgain(2, 1018e6, 2)));
        assertAmount(small(8e6, 0));
        assertEq(bill.flags, Flags.ESTIMATED);
    }

    function test_Correction_Refusals() external {
        issueAt(1, 1010e6, 100e6);
        bytes32[7] memory first = former;
        issueAt(2, 1020e6, 100e6);
        BillInput memory made = amend(proveAgain(2, 1015e6, 100e6, 2));
        vm.expectRevert(abi.encodeWithSelector(Billing.NotOperator.selector, GRID, address(this)));
        billing.correct(made, latest);
        made.opening = first;
        refuseCorrection(made, abi.encodeWithSelector(Billing.NotLatestBill.selector, PREMISES));
        bytes32[7] memory before = former;
        vm.prank(OPERATOR);
        vm.expectRevert(
            abi.encodeWithSelector(
                Billing.WrongOpening.selector, PREMISES, keccak256(abi.encode(before)), keccak256(abi.encode(latest))
            )
        );
        billing.correct(made, before);
    }

    function test_Correction_OfAPaidBill_IsOwedOrCredited() external {
        issueAt(1, 1010e6, 100e6);
        payAll();
        correct(amend(proveAgain(1, 1012e6, 100e6, 2)));
        assertTrue(debt() == small(12e6, 0) - small(10e6, 0), "owed");
        payAll();
        correct(amend(proveAgain(1, 1002e6, 100e6, 3)));
        assertTrue(debt() == small(2e6, 0) - small(12e6, 0), "credited");
        assertTrue(payments.permitted(PREMISES, type(uint64).max), "nothing owed");
    }

    /// The period from tick(1) on began under tariff 2, and a correction of the bill before it does not change that.
    function test_Correction_LeavesTheNextPeriodItsTariff() external {
        publish(tariff, "slabs");
        publish(tariff, "slabs");
        assign(2, tick(1));
        issueAt(1, 1010e6, 100e6);
        assertEq(boundary().tariff, 2);
        assign(3, tick(5));
        correct(amend(proveAgain(1, 1012e6, 100e6, 2)));
        assertEq(boundary().tariff, 2);
        assertEq(payments.accountOf(PREMISES).tariff, 2);
    }

    function test_Exchange_InMidPeriod_CountsBothMetersAndNothingBetween() external {
        issueAt(1, 1010e6, 100e6);
        ProvenReading memory old = prove(METER_KEY, tick(2), 1014e6, 101e6);
        registerNewMeter();
        anchorOther(3);
        ProvenReading memory next = prove(NEW_METER_KEY, tick(4), 7e6, 2e6);
        vm.expectRevert(abi.encodeWithSelector(Billing.NotOperator.selector, GRID, address(this)));
        billing.exchangeMeter(PREMISES, latest, old, next);
        exchange(old, next);
        assertEq(boundary().begun, tick(1));
        assertEq(boundary().importBefore, 4e6);
        BillInput memory made = input(prove(METER_KEY, tick(5), 1020e6, 101e6));
        refuse(made, abi.encodeWithSelector(Billing.OtherMeter.selector, vm.addr(METER_KEY), vm.addr(NEW_METER_KEY)));
        // What was billed before the exchange stays.
        refuseCorrection(
            amend(prove(NEW_METER_KEY, tick(6), 10e6, 2e6)),
            abi.encodeWithSelector(Billing.NotLatestBill.selector, PREMISES)
        );
        submit(input(prove(NEW_METER_KEY, tick(7), 12e6, 5e6)));
        assertAmount(small(4e6 + 5e6, 1e6 + 3e6));
        assertEq(boundary().importBefore, 0);
        assertEq(boundary().begun, tick(7));
        // A correction counts the old meter's part again, no more and no less.
        correct(amend(prove(plain(NEW_METER_KEY, tick(7), 13e6, 5e6), NEW_METER_KEY, 2)));
        assertAmount(small(4e6 + 6e6, 4e6));
    }

    function test_Exchange_Refusals() external {
        issueAt(1, 1010e6, 100e6);
        ProvenReading memory old = prove(METER_KEY, tick(2), 1014e6, 101e6);
        refuseExchange(old, old, abi.encodeWithSelector(Billing.ClosingBeforeOpening.selector, tick(2), tick(2)));
        registerNewMeter();
        ProvenReading memory other = prove(NEW_METER_KEY, tick(3), 7e6, 2e6);
        refuseExchange(
            other,
            prove(NEW_METER_KEY, tick(4), 8e6, 2e6),
            abi.encodeWithSelector(Billing.OtherMeter.selector, vm.addr(NEW_METER_KEY), vm.addr(METER_KEY))
        );
        ProvenReading memory guess = estimate(METER_KEY, tick(5), 1015e6, 101e6);
        refuseExchange(old, guess, abi.encodeWithSelector(Billing.OpeningIsEstimated.selector, PREMISES));
        other = prove(NEW_METER_KEY, tick(6), 9e6, 2e6);
        refuseExchange(guess, other, abi.encodeWithSelector(Billing.OpeningIsEstimated.selector, PREMISES));
        exchange(old, other);
        refuseExchange(
            prove(NEW_METER_KEY, tick(7), 8e6, 2e6),
            prove(NEW_METER_KEY, tick(8), 8e6, 2e6),
            abi.encodeWithSelector(Billing.RegisterBackwards.selector, vm.addr(NEW_METER_KEY), 9e6, 8e6)
        );
    }

    function test_Exchange_OfTheSameMeterWhoseRegistersWereReset() external {
        issueAt(1, 1010e6, 100e6);
        exchange(prove(METER_KEY, tick(2), 1014e6, 100e6), prove(METER_KEY, tick(3), 1e6, 0));
        exchange(prove(METER_KEY, tick(4), 3e6, 0), prove(METER_KEY, tick(5), 0, 0));
        issueAt(6, 5e6, 0);
        assertAmount(small(4e6 + 2e6 + 5e6, 0));
    }

    /// A meter that failed right after a bill signs nothing any more: the bill's closing is all there is of it.
    function test_Exchange_OfAMeterThatFailedAtTheBoundary_SignedOrEstimated() external {
        ProvenReading memory old = prove(METER_KEY, tick(1), 1010e6, 100e6);
        submit(input(old));
        registerNewMeter();
        exchange(old, prove(NEW_METER_KEY, tick(2), 5e6, 0));
        assertEq(boundary().importBefore, 0);
        submit(input(prove(NEW_METER_KEY, tick(3), 8e6, 0)));
        assertAmount(small(3e6, 0));
    }

    function test_Exchange_OfAMeterThatFailedBeforeAnEstimate() external {
        issueAt(1, 1010e6, 100e6);
        ProvenReading memory guess = estimate(METER_KEY, tick(2), 1015e6, 100e6);
        submit(input(guess));
        registerNewMeter();
        exchange(guess, prove(NEW_METER_KEY, tick(3), 5e6, 0));
        assertEq(boundary().importBefore, 0);
        submit(input(prove(NEW_METER_KEY, tick(4), 8e6, 0)));
        assertAmount(small(3e6, 0));
    }

    /// The period may end with the reading that the new meter began with.
    function test_Exchange_AtThePeriodsEnd_CanBeBilledThere() external {
        issueAt(1, 1010e6, 100e6);
        ProvenReading memory old = prove(METER_KEY, tick(2), 1014e6, 100e6);
        registerNewMeter();
        ProvenReading memory next = prove(NEW_METER_KEY, tick(3), 5e6, 0);
        exchange(old, next);
        submit(input(next));
        assertAmount(small(4e6, 0));
        refuse(input(next), abi.encodeWithSelector(Billing.ClosingBeforeOpening.selector, tick(3), tick(3)));
    }

    /// A day at the greatest of the last use, the mean of seven and the floor; 96 intervals a day.
    function test_Prepaid_ReachesByTheGreatestUse() external {
        vm.deal(ALICE, 1e24);
        vm.startPrank(ALICE);
        vault.deposit{value: 1e24}(1e24);
        payments.fund(PREMISES, 1e24);
        vm.stopPrank();
        vm.prank(OPERATOR);
        payments.setPrepaid(PREMISES, true);
        issueAt(1, 1000e6, 100e6);
        assertEq(payments.prepaidOf(PREMISES).dailyCost, uint256(small(0.5e6, 0)));
        assertTrue(debt() == 0, "paid at once");
        issueAt(2, 1000.1e6, 100e6);
        assertEq(payments.prepaidOf(PREMISES).dailyCost, uint256(small(9.6e6, 0)));
        issueAt(3, 1000.1e6, 100e6);
        assertEq(payments.prepaidOf(PREMISES).dailyCost, uint256(small(uint256(9.6e6) / 7, 0)));
        assertEq(payments.prepaidOf(PREMISES).billedUntil, tick(3));
        assertTrue(payments.permitted(PREMISES, uint64(block.timestamp + 7 days - 1)), "7 days");
        assertTrue(!payments.permitted(PREMISES, uint64(block.timestamp + 7 days)), "no more");
    }

    /// Else a house that paid for a day would have it counted as unpaid.
    function test_Prepaid_AnEstimateDisplacedByALaterReading_IsReckonedFromThere() external {
        vm.prank(OPERATOR);
        payments.setPrepaid(PREMISES, true);
        issueAt(1, 1000.1e6, 100e6);
        estimateAt(2, 1000.3e6, 100e6);
        assertEq(payments.prepaidOf(PREMISES).dailyCost, uint256(small(19.2e6, 0)));
        correct(amend(prove(METER_KEY, tick(3), 1000.1e6, 100e6)));
        assertEq(payments.prepaidOf(PREMISES).billedUntil, tick(3));
        // What was estimated is no longer among the days.
        assertEq(payments.prepaidOf(PREMISES).dailyCost, uint256(small(uint256(9.6e6) / 7, 0)));
    }

    function payAll() private {
        uint256 amount = uint256(debt());
        vm.deal(BOB, amount);
        vm.prank(BOB);
        payments.pay{value: amount}(PREMISES, amount);
    }

    function estimateAgain(uint256 interval, uint64 imported, uint16 version)
        private
        returns (ProvenReading memory proof)
    {
        bytes memory form = wire(METER_KEY, plain(METER_KEY, tick(interval), imported, 100e6));
        assembly {
            mstore(form, 122)
        }
        proof.wire = form;
        proof.extras.flags = 256;
        anchorPath(
            proof, leafOf(plain(METER_KEY, tick(interval), imported, 100e6), proof.extras, 0), tick(interval), version
        );
    }

    function registerNewMeter() private {
        registerEarly(houseMeter(NEW_METER_KEY));
    }

    function anchorOther(uint256 interval) private {
        prove(METER_KEY, tick(interval), 1014e6, 101e6);
    }

    function refuseCorrection(BillInput memory made, bytes memory why) private {
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        billing.correct(made, latest);
    }

    function refuseExchange(ProvenReading memory old, ProvenReading memory next, bytes memory why) private {
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        billing.exchangeMeter(PREMISES, latest, old, next);
    }
}
