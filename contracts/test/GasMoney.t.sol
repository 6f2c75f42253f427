// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BillInput} from "../src/Billing.sol";
import {Boundaries, Boundary} from "../src/Boundary.sol";
import {ProvenReading} from "../src/ProvenReading.sol";
import {Tariff} from "../src/Tariff.sol";
import {Ledger} from "./support/Ledger.sol";

/// @title What bills and payments cost, with proofs of depth 14. Run with --isolate.
contract MoneyGasTest is Ledger {
    Tariff private tariff;
    ProvenReading private closing;

    function setUp() external {
        deployMoney(14);
        tariff = slabTariff();
        publish(tariff, "slabs");
        vm.deal(ALICE, 1e24);
    }

    function test_Open() external {
        ProvenReading memory first = prove(METER_KEY, FIRST, 1_234_567_890, 5_000_000);
        openAccount(1, first);
        vm.snapshotGasLastCall("gas", "open an account, proof of depth 14");
    }

    function test_Bill() external {
        BillInput memory input = begin();
        issue(input);
        vm.snapshotGasLastCall("gas", "first bill of an account, proof of depth 14");
        uint256 debt = uint256(int256(payments.accountOf(PREMISES).debt));
        vm.prank(ALICE);
        payments.pay{value: debt}(PREMISES, debt);
        Boundary memory next = Boundaries.parse(input.opening);
        next.previous = Boundaries.hash(input.opening);
        next.importRegister = 1_354_567_890;
        next.exportRegister = 5_400_000;
        next.usual = 120_000_000 * 96;
        next.instant = next.begun = FIRST + LENGTH;
        input.opening = Boundaries.pack(next);
        input.closing = prove(METER_KEY, FIRST + 2 * LENGTH, 1_454_567_890, 5_800_000);
        issue(input);
        uint256 gas = vm.snapshotGasLastCall("gas", "bill, proof of depth 14");
        assertTrue(gas <= 150_000, "a bill costs at most 150,000");
    }

    function test_Pay() external {
        issue(begin());
        vm.deal(PAYEE, 1);
        vm.prank(PAYEE);
        vault.deposit{value: 1}(1);
        uint256 debt = uint256(int256(payments.accountOf(PREMISES).debt));
        vm.prank(ALICE);
        payments.pay{value: debt}(PREMISES, debt);
        uint256 gas = vm.snapshotGasLastCall("gas", "pay a bill in full");
        assertTrue(gas <= 55_000, "a payment costs at most 55,000");
    }

    function begin() private returns (BillInput memory input) {
        openAccount(1, prove(METER_KEY, FIRST, 1_234_567_890, 5_000_000));
        input.premises = PREMISES;
        input.opening = opened(1, METER_KEY, FIRST, 1_234_567_890, 5_000_000);
        input.tariff = abi.encode(tariff);
        input.closing = prove(METER_KEY, FIRST + LENGTH, 1_354_567_890, 5_400_000);
    }
}
