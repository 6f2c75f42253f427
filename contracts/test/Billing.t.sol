// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Flags} from "../src/Account.sol";
import {BillInput, Billing, OpeningInput} from "../src/Billing.sol";
import {Boundary} from "../src/Boundary.sol";
import {ProvenReading, ProvenReadings} from "../src/ProvenReading.sol";
import {Reading} from "../src/Reading.sol";
import {Tariff, Tariffs} from "../src/Tariff.sol";
import {Bills} from "./support/Bills.sol";

/// @title Periods, tariffs, energy between neighbours, and the end of an account.
contract BillingTest is Bills {
    function setUp() external {
        deployBills();
    }

    function test_Issue_PeriodAfterPeriod_OpensWhereTheLastOneClosed() external {
        begin();
        issueAt(1, 1010e6, 101e6);
        assertAmount(small(10e6, 1e6));
        assertEq(bill.deadline, block.timestamp + 29 days);
        assertEq(billing.boundaryOf(PREMISES), keccak256(abi.encode(latest)));
        Boundary memory first = boundary();
        assertEq(first.instant, tick(1));
        assertEq(first.importRegister, 1010e6);
        assertEq(first.exportRegister, 101e6);
        assertEq(first.usual, 960e6);
        assertEq(first.previous, keccak256(abi.encode(former)));
        issueAt(2, 1030e6, 101e6);
        assertAmount(small(20e6, 0));
        assertTrue(debt() == small(10e6, 1e6) + small(20e6, 0), "debt");
        assertEq(payments.accountOf(PREMISES).bills, 2);
    }

    function test_Issue_Refusals() external {
        begin();
        BillInput memory made = input(prove(METER_KEY, tick(1), 1010e6, 101e6));
        BillInput[] memory inputs = new BillInput[](1);
        inputs[0] = made;
        vm.expectRevert(abi.encodeWithSelector(Billing.NotOperator.selector, GRID, address(this)));
        billing.issue(inputs);
        bytes32[7] memory other = made.opening;
        other[2] = bytes32(uint256(other[2]) - 1);
        made.opening = other;
        refuse(made, wrongOpening(other));
        made.opening = latest;
        made.tariff = abi.encode(slabTariffOf(1));
        refuse(
            made,
            abi.encodeWithSelector(
                Billing.WrongTariff.selector, 1, keccak256(made.tariff), keccak256(abi.encode(tariff))
            )
        );
        made.tariff = abi.encode(tariff);
        made.bands[0] = 1;
        refuse(made, abi.encodeWithSelector(Billing.BandsNotNeeded.selector));
        made.bands[0] = 0;
        submit(made);
        // The same again, and again with the right opening: a period is billed once.
        refuse(made, wrongOpening(former));
        made.opening = latest;
        refuse(made, abi.encodeWithSelector(Billing.ClosingBeforeOpening.selector, tick(1), tick(1)));
        made.closing = prove(METER_KEY, tick(2), 1009e6, 101e6);
        refuse(made, abi.encodeWithSelector(Billing.RegisterBackwards.selector, vm.addr(METER_KEY), 1010e6, 1009e6));
    }

    function test_Publish_Refusals() external {
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Billing.NotRegulator.selector, OPERATOR));
        billing.publishTariff(tariff, "slabs");
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Billing.WrongDocument.selector, keccak256("other"), keccak256("slabs")));
        billing.publishTariff(tariff, "other");
        Tariff memory other = tariff;
        other.graceSeconds = 14 days - 1;
        vm.expectRevert(abi.encodeWithSelector(Billing.GraceTooShort.selector, 14 days - 1, 14 days));
        billing.publishTariff(other, "slabs");
        other.payee = address(0);
        vm.expectRevert(abi.encodeWithSelector(Tariffs.InvalidTariff.selector, bytes32("payee")));
        billing.publishTariff(other, "slabs");
        vm.stopPrank();
        assertEq(billing.tariffCount(), 1);
        assertEq(billing.tariffOf(1).hash, keccak256(abi.encode(tariff)));
        assertEq(payments.payeeOf(1), PAYEE);
    }

    function test_Assign_TakesOverWithTheFirstPeriodThatBeginsThen() external {
        begin();
        publish(slabTariffOf(2), "slabs");
        assign(2, tick(2));
        issueAt(1, 1010e6, 100e6);
        assertEq(boundary().tariff, 1);
        issueAt(2, 1020e6, 100e6);
        assertEq(boundary().tariff, 2);
        assertEq(payments.accountOf(PREMISES).tariff, 2);
        BillInput memory made = input(prove(METER_KEY, tick(3), 1030e6, 100e6));
        refuse(
            made,
            abi.encodeWithSelector(
                Billing.WrongTariff.selector, 2, keccak256(made.tariff), keccak256(abi.encode(slabTariffOf(2)))
            )
        );
        made.tariff = abi.encode(slabTariffOf(2));
        submit(made);
        // 10 kWh at 4, 2 fixed.
        assertAmount(42e18 + 2.1e18 + 1e18);
    }

    function test_Assign_Refusals() external {
        begin();
        publish(slabTariffOf(2), "slabs");
        uint64 present = uint64(block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(Billing.NotOperator.selector, GRID, address(this)));
        billing.assignTariff(PREMISES, 2, present, latest);
        vm.startPrank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Billing.AssignmentTooLate.selector, present - 1, present));
        billing.assignTariff(PREMISES, 2, present - 1, latest);
        for (uint32 number = 0; number < 4; number += 3) {
            vm.expectRevert(abi.encodeWithSelector(Billing.UnknownTariff.selector, number));
            billing.assignTariff(PREMISES, number, present, latest);
        }
        bytes32[7] memory other = latest;
        other[6] = bytes32(uint256(1));
        vm.expectRevert(wrongOpening(other));
        billing.assignTariff(PREMISES, 2, present, other);
    }

    /// The period from tick(1) on began under tariff 2: an assignment after that must not take it back before it is billed.
    function test_Assign_WhileAnEarlierOneWaitsForItsBill_Refused() external {
        begin();
        publish(slabTariffOf(2), "slabs");
        publish(slabTariffOf(3), "slabs");
        assign(2, tick(1));
        assign(3, tick(1));
        assign(2, tick(1));
        ProvenReading memory closing = prove(METER_KEY, tick(1), 1010e6, 100e6);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Billing.AssignmentWaits.selector, PREMISES, 2, tick(1)));
        billing.assignTariff(PREMISES, 3, tick(3), latest);
        submit(input(closing));
        assertEq(boundary().tariff, 2);
        assign(3, tick(3));
        assertEq(billing.aheadOf(PREMISES).tariff, 3);
    }

    function test_Tariff_BeforeItsDateOrAfterItsEnd_IsNotGiven() external {
        Tariff memory limited = tariff;
        (limited.validFrom, limited.validUntil) = (tick(2), tick(3));
        publish(limited, "slabs");
        ProvenReading memory opening = prove(METER_KEY, tick(0), 1000e6, 100e6);
        refuseOpening(2, opening, abi.encodeWithSelector(Billing.TariffTooYoung.selector, 2, tick(0), tick(2)));
        openAccount(1, opening);
        follow();
        vm.startPrank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Billing.TariffTooYoung.selector, 2, tick(1), tick(2)));
        billing.assignTariff(PREMISES, 2, tick(1), latest);
        vm.expectRevert(abi.encodeWithSelector(Billing.TariffEnded.selector, 2, tick(3), tick(3)));
        billing.assignTariff(PREMISES, 2, tick(3), latest);
        vm.stopPrank();
        assign(2, tick(2));
        issueAt(1, 1010e6, 100e6);
        issueAt(2, 1020e6, 100e6);
        tariff = limited;
        issueAt(3, 1030e6, 100e6);
        assertAmount(small(10e6, 0));
        BillInput memory made = input(prove(METER_KEY, tick(4), 1040e6, 100e6));
        refuse(made, abi.encodeWithSelector(Billing.TariffEnded.selector, 2, tick(4), tick(3)));
    }

    function test_Bands_OfTheMeter_OrOfTheNodeAndThenSaidSo() external {
        Tariff memory banded = tariff;
        banded.bandPrices = [uint128(1e18), 2e18, 0, 0];
        publish(banded, "slabs");
        Reading memory reading = plain(METER_KEY, tick(0), 1000e6, 100e6);
        reading.bands = [uint64(600e6), 400e6, 0, 0];
        openAccount(2, prove(reading, METER_KEY, 1));
        follow();
        tariff = banded;
        reading = plain(METER_KEY, tick(1), 1010e6, 100e6);
        reading.bands = [uint64(607e6), 403e6, 0, 0];
        submit(input(prove(reading, METER_KEY, 1)));
        // As without bands, and 7 at 1 and 3 at 2 on top, with 5 % of duty.
        assertAmount(small(10e6, 0) + 13e18 + 0.65e18);
        assertEq(bill.flags, 0);
        assertEq(billedBands[1], 3e6);
        // From here on the meter counts no bands any more.
        reading = plain(METER_KEY, tick(2), 1020e6, 100e6);
        reading.bands = [uint64(607e6), 403e6, 0, 0];
        BillInput memory made = input(prove(reading, METER_KEY, 1));
        refuse(made, abi.encodeWithSelector(Tariffs.BandsDiffer.selector, 0, 10e6));
        made.bands = [uint64(0), 4e6, 0, 6e6];
        submit(made);
        assertAmount(small(10e6, 0) + 8e18 + 0.4e18);
        assertEq(bill.flags, Flags.BANDED_BY_NODE);
        assertEq(billedBands[3], 6e6);
    }

    function test_Traded_IsTakenOffOnceAndTheRestLater() external {
        begin();
        store.count(vm.addr(METER_KEY), 14e6, 3e6);
        issueAt(1, 1010e6, 102e6);
        assertAmount(small(0, 0));
        assertEq(boundary().boughtBefore, 4e6);
        assertEq(boundary().soldBefore, 1e6);
        issueAt(2, 1020e6, 104e6);
        assertAmount(small(6e6, 1e6));
        issueAt(3, 1030e6, 106e6);
        assertAmount(small(10e6, 2e6));
        assertEq(boundary().boughtBefore, 0);
    }

    function test_Traded_BeforeTheAccount_IsNotTakenOff() external {
        store.count(vm.addr(METER_KEY), 14e6, 3e6);
        begin();
        issueAt(1, 1010e6, 102e6);
        assertAmount(small(10e6, 2e6));
    }

    function test_CarriedEnergy_IsUsedLaterAndPaidWithTheLastBill() external {
        tariff.carriesEnergy = true;
        publish(tariff, "slabs");
        openAccount(2, prove(METER_KEY, tick(0), 1000e6, 100e6));
        follow();
        issueAt(1, 1001e6, 111e6);
        assertAmount(small(0, 0));
        assertEq(boundary().carried, 10e6);
        issueAt(2, 1005e6, 111e6);
        assertEq(boundary().carried, 6e6);
        BillInput memory made = input(prove(METER_KEY, tick(3), 1006e6, 112e6));
        made.last = true;
        submit(made);
        assertAmount(small(0, 6e6));
        assertEq(boundary().carried, 0);
    }

    function test_LastBill_EndsTheAccount() external {
        begin();
        BillInput memory made = input(prove(METER_KEY, tick(1), 1010e6, 100e6));
        made.last = true;
        submit(made);
        assertTrue(boundary().ended, "ended");
        assertEq(payments.accountOf(PREMISES).flags, Flags.OPEN | Flags.ENDED);
        made = input(prove(METER_KEY, tick(2), 1020e6, 100e6));
        bytes memory why = abi.encodeWithSelector(Billing.AccountHasEnded.selector, PREMISES);
        refuse(made, why);
        vm.startPrank(OPERATOR);
        vm.expectRevert(why);
        billing.assignTariff(PREMISES, 1, uint64(block.timestamp), latest);
        vm.expectRevert(why);
        billing.exchangeMeter(PREMISES, latest, made.closing, made.closing);
        vm.stopPrank();
        // It can still be corrected, as the last one.
        made = amend(proveAgain(1, 1005e6, 100e6, 2));
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        billing.correct(made, latest);
        made.last = true;
        correct(made);
        assertAmount(small(5e6, 0));
        assertTrue(boundary().ended, "still ended");
    }

    /// The meter changes hands within interval 1: its reading at the end closes for who leaves and opens for who comes.
    function test_Moving_OneReadingEndsTheOneAndBeginsTheOther() external {
        begin();
        admitWithPremises(BOB, ELSEWHERE);
        uint256 present = block.timestamp;
        vm.warp(tick(1) - 60);
        vm.prank(regulators[0]);
        meters.move(vm.addr(METER_KEY), GRID, ELSEWHERE, BOB);
        keepLeaves();
        vm.warp(present);
        ProvenReading memory between = prove(METER_KEY, tick(1), 1010e6, 100e6);
        BillInput memory made = input(between);
        made.last = true;
        submit(made);
        assertAmount(small(10e6, 0));
        OpeningInput[] memory inputs = new OpeningInput[](1);
        inputs[0] = OpeningInput(ELSEWHERE, GRID, 1, between);
        vm.prank(OPERATOR);
        billing.open(inputs);
        follow();
        assertEq(boundary().importRegister, 1010e6);
        made = input(prove(METER_KEY, tick(2), 1013e6, 100e6));
        made.premises = ELSEWHERE;
        submit(made);
        assertAmount(small(3e6, 0));
    }

    function test_Moving_AReadingOfBeforeOpensNothing() external {
        begin();
        admitWithPremises(BOB, ELSEWHERE);
        uint256 present = block.timestamp;
        vm.warp(tick(1) + 60);
        vm.prank(regulators[0]);
        meters.move(vm.addr(METER_KEY), GRID, ELSEWHERE, BOB);
        keepLeaves();
        vm.warp(present);
        OpeningInput[] memory inputs = new OpeningInput[](1);
        inputs[0] = OpeningInput(ELSEWHERE, GRID, 1, prove(METER_KEY, tick(1), 1010e6, 100e6));
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(ProvenReadings.WrongMeter.selector, vm.addr(METER_KEY), ELSEWHERE));
        billing.open(inputs);
    }

    /// The next Billing begins where this one's numbers end: it cannot speak of the tariffs that accounts have.
    function test_ReplacedBilling_CountsItsTariffsOn() external {
        begin();
        Billing next = new Billing(council, meters, anchors, payments, store);
        assertEq(next.tariffCount(), 1);
        assertEq(next.tariffOf(1).hash, 0);
    }

    function refuseOpening(uint32 number, ProvenReading memory opening, bytes memory why) private {
        vm.expectRevert(why);
        this.openFor(number, opening);
    }

    function openFor(uint32 number, ProvenReading memory opening) external {
        openAccount(number, opening);
    }

    function wrongOpening(bytes32[7] memory form) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            Billing.WrongOpening.selector, PREMISES, keccak256(abi.encode(form)), billing.boundaryOf(PREMISES)
        );
    }

    /// The slab tariff with another fixed charge.
    function slabTariffOf(uint128 fixedCharge) private pure returns (Tariff memory other) {
        other = slabTariff();
        other.fixedCharge = fixedCharge * 1e18;
    }
}
