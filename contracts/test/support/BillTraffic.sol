// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BillInput, Billing} from "../../src/Billing.sol";
import {Boundary} from "../../src/Boundary.sol";
import {Bills} from "./Bills.sol";
import {Slab} from "../../src/Tariff.sol";

/// @title A house billed, guessed at, corrected, and given another meter at any time; the fuzzer says what.
/// @dev The tariff takes and gives 1 wei a milliwatt hour and nothing else, so that money is energy. All that the rules
/// allow has to succeed.
contract BillTraffic is Bills {
    /// What the meter shows, which it signs when it is asked.
    uint64 private importRegister = 1000e6;
    uint64 private exportRegister = 100e6;
    /// What the present period began with, and the one before, when these meters were read.
    uint64 private importOpening = 1000e6;
    uint64 private exportOpening = 100e6;
    uint64 private formerImport;
    uint64 private formerExport;
    uint256 private interval;
    uint256 private pendingImport;
    uint256 private pendingExport;
    bool private amendable;
    uint256 public billedImport;
    uint256 public billedExport;
    uint256 public bought;
    uint256 public sold;
    mapping(bytes32 act => uint256) public done;

    /// Not while it is made: the directory names contracts only.
    function start() external {
        deployBills();
        vm.warp(FIRST - LENGTH);
        delete tariff.slabs;
        delete tariff.taxes;
        (tariff.fixedCharge, tariff.exportPrice) = (0, 1e6);
        tariff.slabs.push(Slab(type(uint64).max, 1e6, 0));
        publish(tariff, "slabs");
        openAccount(2, prove(METER_KEY, tick(0), importRegister, exportRegister));
        follow();
    }

    function close(uint256 draw) external {
        flow(draw);
        if (boundary().estimated && importRegister < importOpening) return displace(draw);
        (formerImport, formerExport) = (importOpening, exportOpening);
        issueAt(next(), importRegister, exportRegister);
        amendable = true;
        count(importRegister, exportRegister);
        ++done["close"];
    }

    function guess(uint256 draw) external {
        vm.recordLogs();
        uint256 span = tick(interval + 1) - boundary().begun;
        uint256 most = 2 * uint256(boundary().usual) * span / 1 days;
        if (boundary().usual == 0 || pendingImport > most) return;
        // One estimate after another could only be mended from the last one on.
        if (boundary().estimated) return;
        uint64 guessed = importOpening + uint64((draw >> 8) % (most - pendingImport + 1));
        (formerImport, formerExport) = (importOpening, exportOpening);
        estimateAt(next(), guessed, exportOpening);
        amendable = true;
        count(guessed, exportOpening);
        ++done["guess"];
    }

    function displace(uint256 draw) public {
        if (!amendable || !boundary().estimated) return;
        flow(draw);
        correct(amend(prove(METER_KEY, tick(next()), importRegister, exportRegister)));
        count(importRegister, exportRegister);
        ++done["displace"];
    }

    /// A later version of the closing, with less or more.
    function amendClosing(uint256 draw) external {
        vm.recordLogs();
        Boundary memory end = boundary();
        if (!amendable || end.estimated) return;
        uint64 imported = formerImport + uint64((draw >> 8) % (importRegister - formerImport + 1));
        uint64 exported = formerExport + uint64((draw >> 80) % (exportRegister - formerExport + 1));
        uint16 version = anchors.latestVersion(GRID, end.instant - LENGTH) + 1;
        uint256 which = (end.instant - FIRST) / LENGTH;
        correct(amend(proveAgain(which, imported, exported, version)));
        count(imported, exported);
        ++done["amend"];
    }

    function exchangeMeter(uint256 draw) external {
        flow(draw);
        if (boundary().estimated) return;
        uint256 old = next();
        uint256 new_ = next();
        pendingImport += importRegister - importOpening;
        pendingExport += exportRegister - exportOpening;
        (uint64 imported, uint64 exported) = (uint64(draw >> 8 & 0xffff), uint64(draw >> 80 & 0xffff));
        exchange(
            prove(METER_KEY, tick(old), importRegister, exportRegister),
            prove(METER_KEY, tick(new_), imported, exported)
        );
        (importRegister, exportRegister) = (imported, exported);
        (importOpening, exportOpening) = (imported, exported);
        amendable = false;
        ++done["exchange"];
    }

    function trade(uint256 draw) external {
        (uint64 takes, uint64 gives) = (uint64(draw >> 8 & 0xfffff), uint64(draw >> 80 & 0xfffff));
        store.count(vm.addr(METER_KEY), takes, gives);
        bought += takes;
        sold += gives;
        ++done["trade"];
    }

    /// Sum of bills = sum of metered energy at its tariff; nothing that neighbours delivered is billed, or taken off twice.
    function checkEnergyIsMoney() external view {
        Boundary memory end = boundary();
        (uint64 takenOff, uint64 givenOff) = (end.bought - end.boughtBefore, end.sold - end.soldBefore);
        int256 energy = int256(billedImport - takenOff) - int256(billedExport - givenOff);
        assertTrue(debt() == energy, "bills = metered energy");
        assertTrue(takenOff <= bought && givenOff <= sold, "taken off at most what was traded");
    }

    /// The next period opens where this one closed, and nowhere else.
    function checkChain() external view {
        Boundary memory end = boundary();
        assertEq(billing.boundaryOf(PREMISES), keccak256(abi.encode(latest)));
        assertEq(end.previous, former[1] == 0 ? bytes32(0) : keccak256(abi.encode(former)));
        assertEq(end.importRegister, importOpening);
        assertEq(end.exportRegister, exportOpening);
        assertEq(end.importBefore, pendingImport);
        assertEq(end.exportBefore, pendingExport);
    }

    /// Whatever opened an earlier period opens none any more.
    function checkOldOpeningRefused() external {
        if (former[1] == 0) return;
        BillInput memory made = input(prove(METER_KEY, tick(next()), importRegister, exportRegister));
        made.opening = former;
        refuse(
            made,
            abi.encodeWithSelector(
                Billing.WrongOpening.selector, PREMISES, keccak256(abi.encode(former)), keccak256(abi.encode(latest))
            )
        );
    }

    /// Sometimes nothing.
    function flow(uint256 draw) private {
        // The fuzzer's calls do not share what was asked for in another.
        vm.recordLogs();
        importRegister += uint64(draw >> 16 & 0xfffff);
        if (draw & 1 == 1) exportRegister += uint64(draw >> 48 & 0xfffff);
    }

    function count(uint64 imported, uint64 exported) private {
        billedImport = billedImport + pendingImport + imported - importOpening;
        billedExport = billedExport + pendingExport + exported - exportOpening;
        (pendingImport, pendingExport) = (0, 0);
        (importOpening, exportOpening) = (imported, exported);
    }

    function next() private returns (uint256) {
        return ++interval;
    }
}
