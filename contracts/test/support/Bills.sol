// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Bill} from "../../src/Account.sol";
import {BillInput, Billing} from "../../src/Billing.sol";
import {Boundaries, Boundary} from "../../src/Boundary.sol";
import {MeterInput} from "../../src/Meters.sol";
import {ProvenReading, Registers} from "../../src/ProvenReading.sol";
import {Tariff} from "../../src/Tariff.sol";
import {Ledger} from "./Ledger.sol";
import {Vm} from "./Vm.sol";

/// @title A house with an account, billed interval by interval; what the next bill has to bring is read from the events.
abstract contract Bills is Ledger {
    bytes32 internal constant ELSEWHERE = keccak256("other premises");

    Tariff internal tariff;
    /// Where the present period begins, and where the one before began.
    bytes32[7] internal latest;
    bytes32[7] internal former;
    Bill internal bill;
    uint64[4] internal billedBands;

    function deployBills() internal {
        deployMoney(1);
        tariff = slabTariff();
        publish(tariff, "slabs");
        vm.recordLogs();
    }

    /// End of an interval: 0 for the one that the account begins with.
    function tick(uint256 interval) internal pure returns (uint64) {
        return FIRST + uint64(interval) * LENGTH;
    }

    function begin() internal {
        openAccount(1, prove(METER_KEY, tick(0), 1000e6, 100e6));
        follow();
    }

    function input(ProvenReading memory closing) internal view returns (BillInput memory made) {
        made.premises = PREMISES;
        made.opening = latest;
        made.tariff = abi.encode(tariff);
        made.closing = closing;
    }

    function issueAt(uint256 interval, uint64 imported, uint64 exported) internal {
        submit(input(prove(METER_KEY, tick(interval), imported, exported)));
    }

    function estimateAt(uint256 interval, uint64 imported, uint64 exported) internal {
        submit(input(estimate(METER_KEY, tick(interval), imported, exported)));
    }

    function submit(BillInput memory made) internal {
        issue(made);
        follow();
    }

    /// A correction of the latest bill.
    function amend(ProvenReading memory closing) internal view returns (BillInput memory made) {
        made = input(closing);
        made.opening = former;
    }

    function correct(BillInput memory made) internal {
        vm.prank(OPERATOR);
        billing.correct(made, latest);
        bytes32[7] memory before = former;
        follow();
        former = before;
    }

    function assign(uint32 number, uint64 from) internal {
        vm.prank(OPERATOR);
        billing.assignTariff(PREMISES, number, from, latest);
    }

    function exchange(ProvenReading memory old, ProvenReading memory next) internal {
        vm.prank(OPERATOR);
        billing.exchangeMeter(PREMISES, latest, old, next);
        follow();
    }

    /// What the ledger has for an interval in another version.
    function proveAgain(uint256 interval, uint64 imported, uint64 exported, uint16 version)
        internal
        returns (ProvenReading memory)
    {
        return prove(plain(METER_KEY, tick(interval), imported, exported), METER_KEY, version);
    }

    function follow() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(billing)) continue;
            bytes32[7] memory next;
            if (logs[i].topics[0] == Billing.BillIssued.selector) {
                (bill, billedBands, next) = abi.decode(logs[i].data, (Bill, uint64[4], bytes32[7]));
            } else if (logs[i].topics[0] == Billing.AccountOpened.selector) {
                next = abi.decode(logs[i].data, (bytes32[7]));
            } else if (logs[i].topics[0] == Billing.MeterExchanged.selector) {
                (, next) = abi.decode(logs[i].data, (Registers, bytes32[7]));
            } else {
                continue;
            }
            former = latest;
            latest = next;
        }
    }

    function boundary() internal view returns (Boundary memory) {
        return Boundaries.parse(latest);
    }

    /// A meter that serves from before the account; the tree keeps its two leaves.
    function registerEarly(MeterInput memory made) internal {
        vm.warp(FIRST - LENGTH);
        register(made);
        keepLeaves();
    }

    function keepLeaves() internal {
        vm.warp(FIRST - LENGTH);
        vm.prank(address(meters));
        anchors.gridChanged(GRID, address(0), 2);
    }

    function debt() internal view returns (int256) {
        return payments.accountOf(PREMISES).debt;
    }

    /// What the house's bill comes to by the slab tariff for less than 50 kWh: 4 a kWh, 50 fixed, 5 % and 0.10 a kWh of
    /// duty, less 2 a kWh of export.
    function small(uint256 imported, uint256 exported) internal pure returns (int256) {
        uint256 charges = imported * 4e12 + 50e18;
        return int256(charges + charges / 20 + imported * 0.1e12) - int256(exported * 2e12);
    }

    function refuse(BillInput memory made, bytes memory why) internal {
        BillInput[] memory inputs = new BillInput[](1);
        inputs[0] = made;
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        billing.issue(inputs);
    }

    function assertAmount(int256 amount) internal view {
        assertTrue(bill.amount == amount, "amount");
    }
}
