// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors} from "../../src/Anchors.sol";
import {Council, RuleChoice} from "../../src/Council.sol";
import {Admission, Members, Role} from "../../src/Members.sol";
import {Commodity, Kind, MeterInput, Meters} from "../../src/Meters.sol";
import {Office} from "../../src/Office.sol";
import {Reading} from "../../src/Reading.sol";
import {Check} from "./Vm.sol";

/// @title The four contracts wired, with three regulators, an operator and the people that tests need.
abstract contract Deployment is Check {
    uint256 internal constant BEGINNING = 1_700_000_100;
    uint32 internal constant GRID = 7;
    bytes32 internal constant FIRMWARE = keccak256("firmware 1.0");
    bytes32 internal constant NEWER = keccak256("firmware 1.1");

    address internal constant OWNER = address(0x0107);
    address internal constant OPERATOR = address(0x0208);
    address internal constant ANYONE = address(0x0309);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    uint256 internal constant TRANSFORMER_KEY = 0x7A45F;

    address[3] internal regulators = [address(0x1001), address(0x1002), address(0x1003)];
    Council internal council;
    Members internal members;
    Meters internal meters;
    Anchors internal anchors;

    function deploy(uint256 regulatorCount) internal {
        vm.warp(BEGINNING);
        address[] memory initial = new address[](regulatorCount);
        for (uint256 i = 0; i < regulatorCount; ++i) {
            initial[i] = regulators[i];
        }
        council = new Council(OWNER, initial, new RuleChoice[](0));
        members = new Members(council);
        meters = new Meters(council, members);
        anchors = new Anchors(council, meters);
        bytes32[] memory names = new bytes32[](3);
        address[] memory holders = new address[](3);
        (names[0], holders[0]) = ("Members", address(members));
        (names[1], holders[1]) = ("Meters", address(meters));
        (names[2], holders[2]) = ("Anchors", address(anchors));
        council.wire(names, holders);
    }

    function appointOperator(uint32 microgrid, address account, uint64 until) internal {
        uint256 needed = council.regulatorCount() / 2 + 1;
        for (uint256 i = 0; i < needed; ++i) {
            vm.prank(regulators[i]);
            council.appoint(Office.Operator, microgrid, account, until);
        }
    }

    function admit(address account, Role role) internal {
        vm.prank(regulators[0]);
        members.admit(account, role);
    }

    function admitWithPremises(address account, bytes32 premises) internal {
        Admission[] memory admissions = new Admission[](1);
        admissions[0] = Admission(account, Role.Prosumer, premises);
        vm.prank(regulators[0]);
        members.admitMany(admissions);
    }

    function premisesMeter(address key, uint32 microgrid, address participant)
        internal
        pure
        returns (MeterInput memory)
    {
        return MeterInput(key, Kind.Premises, Commodity.Electricity, microgrid, 0, participant, FIRMWARE);
    }

    function register(MeterInput memory input) internal {
        vm.prank(regulators[0]);
        meters.register(input);
    }

    function registerTransformer(uint32 microgrid, uint256 key) internal {
        register(MeterInput(vm.addr(key), Kind.Transformer, Commodity.Electricity, microgrid, 0, address(0), FIRMWARE));
    }

    function signed(uint256 key, uint64 instant, uint64 importRegister, uint64 exportRegister)
        internal
        view
        returns (bytes memory)
    {
        return wire(key, plain(key, instant, importRegister, exportRegister));
    }

    function wire(uint256 key, Reading memory reading) internal view returns (bytes memory) {
        return bytes.concat(
            abi.encodePacked(
                reading.meter,
                reading.boot,
                reading.sequence,
                reading.instant,
                reading.importRegister,
                reading.exportRegister,
                reading.bands[0],
                reading.bands[1],
                reading.bands[2],
                reading.bands[3],
                reading.firmware,
                reading.flags
            ),
            sign(key, anchors.readingDigest(reading))
        );
    }

    function plain(uint256 key, uint64 instant, uint64 importRegister, uint64 exportRegister)
        internal
        pure
        returns (Reading memory reading)
    {
        reading.meter = vm.addr(key);
        reading.boot = 1;
        reading.sequence = instant / 60;
        reading.instant = instant;
        reading.importRegister = importRegister;
        reading.exportRegister = exportRegister;
        reading.firmware = FIRMWARE;
        reading.flags = 1;
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
