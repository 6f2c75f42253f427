// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Billing, BillInput, OpeningInput} from "../src/Billing.sol";
import {ProvenReading, ProvenReadings} from "../src/ProvenReading.sol";
import {Reading} from "../src/Reading.sol";
import {MeterInput} from "../src/Meters.sol";
import {Bills} from "./support/Bills.sol";

/// @title What a reading has to prove before a bill rests on it.
contract BillingProofsTest is Bills {
    ProvenReading private closing;

    function setUp() external {
        deployBills();
        begin();
        closing = prove(METER_KEY, tick(1), 1010e6, 100e6);
    }

    function test_Proof_AsItIs_MakesABill() external {
        submit(input(closing));
        assertAmount(small(10e6, 0));
    }

    function test_Proof_OfAnotherLength_Refused() external {
        closing.wire.push();
        refuse(input(closing), abi.encodeWithSelector(ProvenReadings.WrongReadingLength.selector, 188));
        closing.wire = "";
        refuse(input(closing), abi.encodeWithSelector(ProvenReadings.WrongReadingLength.selector, 0));
    }

    function test_Proof_OfAnotherIntervalOrHeader_Refused() external {
        ProvenReading memory other = closing;
        Reading memory later = plain(METER_KEY, tick(2), 1010e6, 100e6);
        other.wire = wire(METER_KEY, later);
        refuseNotAnchored(other, tick(2), 1);
        other = closing;
        for (uint16 version = 0; version < 3; version += 2) {
            other.version = version;
            refuseNotAnchored(other, tick(1), version);
        }
        other = closing;
        other.root = keccak256("another root");
        refuseNotAnchored(other, tick(1), 1);
        other = closing;
        other.count = 1;
        refuseNotAnchored(other, tick(1), 1);
        other = closing;
        other.importSum += 1;
        refuseNotAnchored(other, tick(1), 1);
        other = closing;
        other.transformer = keccak256("another transformer");
        refuseNotAnchored(other, tick(1), 1);
        other = closing;
        other.wire = wire(METER_KEY, plain(METER_KEY, 0, 1010e6, 100e6));
        refuseNotAnchored(other, 0, 1);
    }

    function test_Proof_OfASupersededVersion_Refused() external {
        ProvenReading memory better = proveAgain(1, 1009e6, 100e6, 2);
        refuse(input(closing), abi.encodeWithSelector(ProvenReadings.VersionSuperseded.selector, GRID, tick(0), 1, 2));
        submit(input(better));
        assertAmount(small(9e6, 0));
    }

    function test_Proof_OfAMeterOfOtherPremises_Refused() external {
        admitWithPremises(BOB, ELSEWHERE);
        MeterInput memory theirs = premisesMeter(vm.addr(NEW_METER_KEY), GRID, BOB);
        theirs.premises = ELSEWHERE;
        registerEarly(theirs);
        ProvenReading memory other = prove(NEW_METER_KEY, tick(2), 1010e6, 100e6);
        refuse(
            input(other), abi.encodeWithSelector(ProvenReadings.WrongMeter.selector, vm.addr(NEW_METER_KEY), PREMISES)
        );
        BillInput memory stolen = input(closing);
        stolen.premises = ELSEWHERE;
        refuse(
            stolen, abi.encodeWithSelector(Billing.WrongOpening.selector, ELSEWHERE, keccak256(abi.encode(latest)), 0)
        );
    }

    function test_Proof_OfAMeterRetiredBefore_Refused() external {
        vm.prank(regulators[0]);
        meters.retire(vm.addr(METER_KEY));
        keepLeaves();
        ProvenReading memory late = prove(METER_KEY, tick(2), 1010e6, 100e6);
        submit(input(late));
        late = prove(METER_KEY, tick(3), 1010e6, 100e6);
        refuse(input(late), abi.encodeWithSelector(ProvenReadings.WrongMeter.selector, vm.addr(METER_KEY), PREMISES));
    }

    function test_Proof_FlagsThatContradict_Refused() external {
        ProvenReading memory other = closing;
        other.extras.flags = 2;
        refuse(input(other), abi.encodeWithSelector(ProvenReadings.WrongFlags.selector, 2));
        other.extras.flags = 257;
        refuse(input(other), abi.encodeWithSelector(ProvenReadings.WrongFlags.selector, 257));
        // Without its signature the reading would have to be an estimate, and the tree says that it is none.
        other = unsigned(closing);
        refuse(input(other), abi.encodeWithSelector(ProvenReadings.WrongFlags.selector, 1));
        other.extras.flags = 257;
        refuse(input(other), abi.encodeWithSelector(ProvenReadings.NotInTree.selector, vm.addr(METER_KEY), tick(0)));
    }

    function test_Proof_SignedByAnother_Refused() external {
        ProvenReading memory other = closing;
        Reading memory reading = plain(METER_KEY, tick(1), 1010e6, 100e6);
        other.wire = wire(NEW_METER_KEY, reading);
        refuse(
            input(other),
            abi.encodeWithSelector(ProvenReadings.WrongSigner.selector, vm.addr(NEW_METER_KEY), vm.addr(METER_KEY))
        );
        other.wire[186] = 0;
        refuse(
            input(other), abi.encodeWithSelector(ProvenReadings.WrongSigner.selector, address(0), vm.addr(METER_KEY))
        );
    }

    /// A well-formed reading of the meter's, with more energy than the one that was anchored.
    function test_Proof_OfAReadingThatWasNotAnchored_Refused() external {
        ProvenReading memory other = closing;
        other.wire = wire(METER_KEY, plain(METER_KEY, tick(1), 1011e6, 100e6));
        refuseNotInTree(other);
        other = closing;
        other.extras.salt = 0;
        refuseNotInTree(other);
        other = closing;
        other.extras.intervalImport += 1;
        refuseNotInTree(other);
        other = closing;
        other.index ^= 1;
        refuseNotInTree(other);
        other = closing;
        other.siblings[0] ^= 0x01;
        refuseNotInTree(other);
        other = closing;
        other.siblings = bytes.concat(other.siblings, other.siblings);
        refuseNotInTree(other);
        other.siblings = "";
        refuseNotInTree(other);
    }

    function test_Proof_AfterTheChainSplit_IsWorthNothing() external {
        vm.chainId(4242);
        BillInput[] memory inputs = new BillInput[](1);
        inputs[0] = input(closing);
        vm.prank(OPERATOR);
        vm.expectRevert();
        billing.issue(inputs);
    }

    function test_Open_Refusals() external {
        OpeningInput[] memory inputs = new OpeningInput[](1);
        inputs[0] = OpeningInput(PREMISES, GRID, 1, closing);
        vm.startPrank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Billing.AccountAlreadyOpen.selector, PREMISES));
        billing.open(inputs);
        vm.expectRevert(abi.encodeWithSelector(Billing.BatchTooLarge.selector, 129, 128));
        billing.open(new OpeningInput[](129));
        vm.expectRevert(abi.encodeWithSelector(Billing.BatchTooLarge.selector, 129, 128));
        billing.issue(new BillInput[](129));
        vm.stopPrank();
    }

    function test_OpenElsewhere_Refusals() external {
        admitWithPremises(BOB, ELSEWHERE);
        vm.warp(tick(1));
        MeterInput memory theirs = premisesMeter(vm.addr(NEW_METER_KEY), GRID, BOB);
        theirs.premises = ELSEWHERE;
        register(theirs);
        vm.prank(address(meters));
        anchors.gridChanged(GRID, address(0), 2);
        OpeningInput[] memory inputs = new OpeningInput[](1);
        inputs[0] = OpeningInput(ELSEWHERE, GRID, 1, estimate(NEW_METER_KEY, tick(2), 5, 5));
        vm.expectRevert(abi.encodeWithSelector(Billing.NotOperator.selector, GRID, address(this)));
        billing.open(inputs);
        refuseOpening(inputs, abi.encodeWithSelector(Billing.OpeningIsEstimated.selector, ELSEWHERE));
        inputs[0].opening = prove(NEW_METER_KEY, tick(3), 5, 5);
        inputs[0].tariff = 0;
        refuseOpening(inputs, abi.encodeWithSelector(Billing.UnknownTariff.selector, 0));
        inputs[0].tariff = 2;
        refuseOpening(inputs, abi.encodeWithSelector(Billing.UnknownTariff.selector, 2));
        vm.warp(tick(4));
        publish(tariff, "slabs");
        refuseOpening(inputs, abi.encodeWithSelector(Billing.TariffTooYoung.selector, 2, tick(3), tick(4)));
        inputs[0].microgrid = GRID + 1;
        refuseOpening(inputs, abi.encodeWithSelector(ProvenReadings.NotAnchored.selector, GRID + 1, tick(3), 1));
    }

    function refuseOpening(OpeningInput[] memory inputs, bytes memory why) private {
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        billing.open(inputs);
    }

    function refuseNotAnchored(ProvenReading memory proof, uint64 end, uint16 version) private {
        refuse(input(proof), abi.encodeWithSelector(ProvenReadings.NotAnchored.selector, GRID, end, version));
    }

    function refuseNotInTree(ProvenReading memory proof) private {
        refuse(input(proof), abi.encodeWithSelector(ProvenReadings.NotInTree.selector, vm.addr(METER_KEY), tick(0)));
    }

    function unsigned(ProvenReading memory proof) private pure returns (ProvenReading memory) {
        bytes memory form = proof.wire;
        assembly {
            mstore(form, 122)
        }
        return proof;
    }
}
