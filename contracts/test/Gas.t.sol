// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorInput} from "../src/Anchors.sol";
import {Feeder} from "../src/EnergyBalance.sol";
import {Role} from "../src/Members.sol";
import {Deployment} from "./support/Deployment.sol";

/// @title What transactions cost. Run with --isolate, so that each call is a transaction of its own.
contract GasTest is Deployment {
    function setUp() external {
        deploy(3);
        for (uint160 i = 0; i < 10; ++i) {
            register(premisesMeter(address(0x5000 + i), GRID, address(0)));
        }
        registerTransformer(GRID, TRANSFORMER_KEY);
        appointOperator(0, OPERATOR, type(uint64).max);
        vm.warp(BEGINNING + 10 days);
        vm.prank(OPERATOR);
        anchors.setFeeder(GRID, Feeder(50_000, 2_000_000, 100));
        anchorOne(
            1_700_001_000,
            1,
            bytes.concat(
                signed(TRANSFORMER_KEY, 1_700_001_000, 900_000_000_000, 3_000_000_000),
                signed(TRANSFORMER_KEY, 1_700_001_900, 900_003_700_000, 3_000_400_000)
            )
        );
        vm.warp(BEGINNING + 20 days);
    }

    function test_Anchor_TransformerChecked() external {
        anchorOne(1_700_001_900, 1, signed(TRANSFORMER_KEY, 1_700_002_800, 900_007_400_000, 3_000_800_000));
        uint256 gas = vm.snapshotGasLastCall("gas", "anchor, transformer signature checked");
        assertTrue(gas <= 75_000, "an anchor costs at most 75,000");
    }

    function test_Anchor_WithoutTransformer() external {
        anchorOne(1_700_001_900, 1, "");
        vm.snapshotGasLastCall("gas", "anchor, no transformer");
    }

    function test_Anchor_OperatorOfOneMicrogrid() external {
        appointOperator(0, OPERATOR, 0);
        appointOperator(GRID, OPERATOR, type(uint64).max);
        anchorOne(1_700_001_900, 1, signed(TRANSFORMER_KEY, 1_700_002_800, 900_007_400_000, 3_000_800_000));
        uint256 gas = vm.snapshotGasLastCall("gas", "anchor, operator of one microgrid");
        assertTrue(gas <= 75_000, "an anchor costs at most 75,000");
    }

    function test_Anchor_Eight() external {
        AnchorInput[] memory inputs = new AnchorInput[](8);
        for (uint64 i = 0; i < 8; ++i) {
            uint64 start = 1_700_001_900 + i * 900;
            inputs[i] = AnchorInput({
                microgrid: GRID,
                start: start,
                version: 1,
                root: keccak256(abi.encode(start)),
                count: 10,
                importSum: 4_256_789,
                exportSum: 1_023_456,
                transformer: signed(TRANSFORMER_KEY, start + 900, 900_007_400_000 + i * 3_700_000, 3_000_800_000)
            });
        }
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
        vm.snapshotGasLastCall("gas", "anchor, eight intervals in one transaction");
    }

    function test_RegisterMeter() external {
        register(premisesMeter(address(0x6000), GRID, address(0)));
        vm.snapshotGasLastCall("gas", "register a meter");
    }

    function test_AdmitParticipant() external {
        admit(ALICE, Role.Prosumer);
        vm.snapshotGasLastCall("gas", "admit a participant");
    }

    function anchorOne(uint64 start, uint16 version, bytes memory readings) private {
        AnchorInput[] memory inputs = new AnchorInput[](1);
        inputs[0] = AnchorInput(GRID, start, version, keccak256(abi.encode(start)), 10, 4_256_789, 1_023_456, readings);
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
    }
}
