// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorInput} from "../src/Anchors.sol";
import {Feeder} from "../src/EnergyBalance.sol";
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

    function anchorOne(uint64 start, uint16 version, bytes memory readings) private {
        AnchorInput[] memory inputs = new AnchorInput[](1);
        inputs[0] = AnchorInput(GRID, start, version, keccak256(abi.encode(start)), 10, 4_256_789, 1_023_456, readings);
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
    }
}
