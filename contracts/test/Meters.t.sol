// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advisory, Commodity, Kind, MeterInput, MeterRecord, Meters} from "../src/Meters.sol";
import {Role} from "../src/Members.sol";
import {Deployment} from "./support/Deployment.sol";

contract MetersTest is Deployment {
    bytes32 private constant HOME = keccak256("a random premises id");
    uint256 private constant METER_KEY = 0xBEEF;

    address private meter;

    function setUp() external {
        deploy(3);
        admitWithPremises(ALICE, HOME);
        meter = vm.addr(METER_KEY);
    }

    function test_Register_RecordAndCount() external {
        registerAlices();
        MeterRecord memory record = meters.meter(meter);
        assertTrue(record.kind == Kind.Premises && record.commodity == Commodity.Electricity, "kind");
        assertEq(record.participant, ALICE);
        assertEq(record.premises, HOME);
        assertEq(record.firmware, FIRMWARE);
        assertEq(record.registeredAt, BEGINNING);
        assertEq(meters.meterCountAt(GRID, uint64(BEGINNING)), 1);
        assertEq(meters.meterCountAt(GRID, uint64(BEGINNING - 1)), 0);
    }

    function test_Register_OnlyRegulators() external {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Meters.NotRegulator.selector, OWNER));
        meters.register(premisesMeter(meter, GRID, address(0)));
    }

    function test_Register_WrongPeopleRefused() external {
        MeterInput memory input = premisesMeter(meter, GRID, BOB);
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Meters.NotParticipant.selector, BOB));
        meters.register(input);
        members.admit(BOB, Role.Consumer);
        input.premises = HOME;
        vm.expectRevert(abi.encodeWithSelector(Meters.NotHolder.selector, HOME, BOB, ALICE));
        meters.register(input);
        input = premisesMeter(meter, 0, address(0));
        vm.expectRevert(abi.encodeWithSelector(Meters.InvalidMeter.selector, meter));
        meters.register(input);
    }

    function test_Register_OneMicrogridAtATime() external {
        registerAlices();
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Meters.MeterInService.selector, meter, GRID));
        meters.register(premisesMeter(meter, GRID + 1, address(0)));
    }

    function test_Count_OnlyElectricityAndNoTransformer() external {
        registerTransformer(GRID, TRANSFORMER_KEY);
        MeterInput memory gas = premisesMeter(meter, GRID, address(0));
        gas.commodity = Commodity.Gas;
        register(gas);
        assertEq(meters.meterCountAt(GRID, uint64(BEGINNING)), 0);
        assertEq(meters.transformerAt(GRID, uint64(BEGINNING)), vm.addr(TRANSFORMER_KEY));
        MeterInput memory plant = premisesMeter(address(0x5001), GRID, address(0));
        plant.kind = Kind.Plant;
        register(plant);
        assertEq(meters.meterCountAt(GRID, uint64(BEGINNING)), 1);
    }

    function test_Transformer_OneAtATime() external {
        registerTransformer(GRID, TRANSFORMER_KEY);
        MeterInput memory second =
            MeterInput(meter, Kind.Transformer, Commodity.Electricity, GRID, 0, address(0), FIRMWARE);
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Meters.TransformerInService.selector, GRID, vm.addr(TRANSFORMER_KEY)));
        meters.register(second);
        vm.warp(BEGINNING + 1000);
        meters.retire(vm.addr(TRANSFORMER_KEY));
        meters.register(second);
        assertEq(meters.transformerAt(GRID, uint64(BEGINNING + 999)), vm.addr(TRANSFORMER_KEY));
        assertEq(meters.transformerAt(GRID, uint64(BEGINNING + 1000)), meter);
        (, address through,) = meters.intervalMeters(GRID, uint64(BEGINNING), uint64(BEGINNING + 1001));
        assertEq(through, address(0));
    }

    function test_Retire_HistoryStays() external {
        registerAlices();
        vm.warp(BEGINNING + 500);
        vm.startPrank(regulators[1]);
        meters.retire(meter);
        assertTrue(meters.isLeafAt(meter, GRID, uint64(BEGINNING + 499)), "in service until then");
        assertTrue(!meters.isLeafAt(meter, GRID, uint64(BEGINNING + 500)), "not at the retirement");
        assertEq(meters.meter(meter).retiredAt, BEGINNING + 500);
        vm.expectRevert(abi.encodeWithSelector(Meters.MeterNotInService.selector, meter));
        meters.retire(meter);
    }

    function test_Move_NewServiceOldRecord() external {
        registerAlices();
        vm.warp(BEGINNING + 500);
        vm.prank(regulators[0]);
        meters.move(meter, GRID + 1, 0, address(0));
        assertEq(meters.meterAt(meter, uint64(BEGINNING)).participant, ALICE);
        assertEq(meters.meter(meter).participant, address(0));
        assertEq(meters.meterCountAt(GRID, uint64(BEGINNING + 500)), 0);
        assertEq(meters.meterCountAt(GRID + 1, uint64(BEGINNING + 500)), 1);
        assertEq(meters.meterCountAt(GRID, uint64(BEGINNING + 499)), 1);
    }

    function test_Advisory_TwoRegulatorsBarAndThirtyDaysLift() external {
        registerAlices();
        endorse(0);
        assertTrue(!meters.barred(ALICE), "one is not enough");
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Meters.AlreadyVoted.selector, regulators[0]));
        meters.publishAdvisory(FIRMWARE);
        endorse(1);
        assertTrue(meters.barred(ALICE), "two bar");
        assertTrue(!meters.barred(BOB), "only whose meter runs it");
        vm.warp(BEGINNING + 30 days);
        assertTrue(!meters.barred(ALICE), "lapsed");
    }

    function test_Advisory_ConfirmedStandsUntilWithdrawn() external {
        registerAlices();
        publish();
        confirm(0);
        confirm(2);
        vm.warp(BEGINNING + 365 days);
        assertTrue(meters.barred(ALICE), "confirmed");
        vm.prank(regulators[0]);
        meters.withdrawAdvisory(1);
        assertTrue(meters.barred(ALICE), "one of three");
        vm.prank(regulators[1]);
        meters.withdrawAdvisory(1);
        assertTrue(!meters.barred(ALICE), "withdrawn");
    }

    function test_Advisory_ConfirmationsOfTheRemovedDoNotCount() external {
        registerAlices();
        vm.prank(OWNER);
        council.scheduleRegulator(regulators[2], false);
        vm.warp(BEGINNING + 7 days);
        publish();
        confirm(2);
        council.applyRegulator(regulators[2]);
        confirm(0);
        vm.warp(block.timestamp + 30 days);
        assertTrue(!meters.barred(ALICE), "one of two did not confirm it");
    }

    function test_Clear_SignedReportOfApprovedFirmware() external {
        registerAlices();
        publish();
        bytes memory report = sign(METER_KEY, meters.reportDigest(1, meter, NEWER));
        vm.expectRevert(abi.encodeWithSelector(Meters.FirmwareNotApproved.selector, NEWER));
        meters.clear(1, meter, NEWER, report);
        vm.prank(regulators[2]);
        meters.approveFirmware(NEWER);
        vm.prank(ANYONE);
        meters.clear(1, meter, NEWER, report);
        assertTrue(!meters.barred(ALICE), "cleared");
        assertEq(meters.meter(meter).firmware, NEWER);
        vm.expectRevert(abi.encodeWithSelector(Meters.AdvisoryDoesNotConcern.selector, 1, meter, NEWER));
        meters.clear(1, meter, NEWER, report);
    }

    function test_Clear_ForeignSignatureRefused() external {
        registerAlices();
        publish();
        vm.prank(regulators[0]);
        meters.approveFirmware(NEWER);
        bytes memory report = sign(0xBAD, meters.reportDigest(1, meter, NEWER));
        vm.expectRevert(abi.encodeWithSelector(Meters.WrongSigner.selector, vm.addr(0xBAD), meter));
        meters.clear(1, meter, NEWER, report);
        vm.expectRevert(abi.encodeWithSelector(Meters.WrongSigner.selector, address(0), meter));
        meters.clear(1, meter, NEWER, hex"0102");
    }

    function test_Bar_NoWayAroundTheReport() external {
        registerAlices();
        publish();
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Meters.FirmwareUnderAdvisory.selector, FIRMWARE, 1));
        meters.recordFirmware(meter, NEWER);
        vm.expectRevert(abi.encodeWithSelector(Meters.FirmwareUnderAdvisory.selector, FIRMWARE, 1));
        meters.approveFirmware(FIRMWARE);
        meters.retire(meter);
        MeterInput memory input = premisesMeter(meter, GRID, ALICE);
        input.firmware = NEWER;
        vm.expectRevert(abi.encodeWithSelector(Meters.FirmwareUnderAdvisory.selector, FIRMWARE, 1));
        meters.register(input);
        vm.expectRevert(abi.encodeWithSelector(Meters.AdvisoryStands.selector, FIRMWARE, 1));
        meters.publishAdvisory(FIRMWARE);
    }

    function test_Advisory_NonceIsNewEachTime() external {
        publish();
        bytes32 first = meters.advisory(1).nonce;
        vm.warp(BEGINNING + 31 days);
        vm.roll(block.number + 1);
        publish();
        Advisory memory second = meters.advisory(2);
        assertTrue(second.nonce != first && second.firmware == FIRMWARE, "another nonce");
        assertEq(meters.advisoryAgainst(FIRMWARE), 2);
    }

    function test_RegisterMany_Bounded() external {
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Meters.BatchTooLarge.selector, 65, 64));
        meters.registerMany(new MeterInput[](65));
    }

    /// The count at any instant is the number of meters whose service covers it.
    function testFuzz_Count_IsTheNumberInService(uint256 seed, uint64 instant) external {
        for (uint160 i = 0; i < 8; ++i) {
            vm.warp(block.timestamp + uint256(keccak256(abi.encode(seed, i))) % 100);
            register(premisesMeter(address(0x5000 + i), GRID, address(0)));
            address earlier = address(0x5000 + i / 2);
            bool serves = meters.meter(earlier).retiredAt == 0;
            if (!serves || uint256(keccak256(abi.encode(seed, i, "retire"))) % 3 != 0) continue;
            vm.prank(regulators[0]);
            meters.retire(earlier);
        }
        instant = uint64(bound(instant, BEGINNING - 1, block.timestamp + 1));
        uint256 serving = 0;
        for (uint160 i = 0; i < 8; ++i) {
            if (meters.isLeafAt(address(0x5000 + i), GRID, instant)) ++serving;
        }
        assertEq(meters.meterCountAt(GRID, instant), serving);
    }

    function registerAlices() private {
        MeterInput memory input = premisesMeter(meter, GRID, ALICE);
        input.premises = HOME;
        register(input);
    }

    function endorse(uint256 regulator) private {
        vm.prank(regulators[regulator]);
        meters.publishAdvisory(FIRMWARE);
    }

    function publish() private {
        endorse(0);
        endorse(1);
    }

    function confirm(uint256 regulator) private {
        vm.prank(regulators[regulator]);
        meters.confirmAdvisory(1);
    }
}
