// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Charges, Slab, Tariff, Tariffs, TaxLine, Usage} from "../src/Tariff.sol";
import {PlainBill} from "./support/PlainBill.sol";
import {Check} from "./support/Vm.sol";

/// @title What a bill of this tariff and use is: refusals cross a call so that they can be seen.
contract Arithmetic {
    function charge(Tariff memory tariff, Usage memory usage) external pure returns (Charges memory) {
        return Tariffs.charge(tariff, usage);
    }

    function check(Tariff memory tariff) external pure {
        Tariffs.check(tariff);
    }
}

contract TariffTest is Check {
    Arithmetic private arithmetic = new Arithmetic();

    /// 120 kWh at 4, 7.30 and 10 a kWh to 50, 150 and beyond: 200 + 511; 50 + 25 fixed; 5 % and 0.10 a kWh of duty.
    function test_Charge_Slabs_AsByHand() external view {
        Charges memory charges = arithmetic.charge(slabs(), use(120e6, 0));
        assertEq(charges.billed, 120e6);
        assertEq(charges.energyCharge, 711e18);
        assertEq(charges.fixedCharge, 75e18);
        assertEq(charges.taxes[0], 39.3e18 + 12e18);
        assertTotal(charges, 837.3e18);
    }

    function test_Charge_EnergyAtAndBeyondASlabsEnd_TakesTheFixedChargeOfTheSlabItEndsIn() external view {
        assertEq(arithmetic.charge(slabs(), use(50e6, 0)).fixedCharge, 50e18);
        assertEq(arithmetic.charge(slabs(), use(50e6 + 1, 0)).fixedCharge, 75e18);
        assertEq(arithmetic.charge(slabs(), use(150e6, 0)).fixedCharge, 75e18);
        assertEq(arithmetic.charge(slabs(), use(type(uint64).max, 0)).fixedCharge, 150e18);
        assertEq(arithmetic.charge(slabs(), use(0, 0)).fixedCharge, 50e18);
    }

    function test_Charge_Neighbours_AreTakenOffBothWaysAndNeverBelowNothing() external view {
        Usage memory usage = use(30e6, 10e6);
        (usage.bought, usage.sold) = (10e6, 4e6);
        Charges memory charges = arithmetic.charge(slabs(), usage);
        assertEq(charges.billed, 20e6);
        assertEq(charges.exportCredit, 12e18);
        (usage.bought, usage.sold) = (31e6, 11e6);
        charges = arithmetic.charge(slabs(), usage);
        assertEq(charges.billed, 0);
        assertEq(charges.exportCredit, 0);
    }

    function test_Charge_MoreExportThanCharges_IsACredit() external view {
        Charges memory charges = arithmetic.charge(slabs(), use(10e6, 100e6));
        // 40 + 50 fixed, 4.50 + 1 duty, 200 export.
        assertTotal(charges, -104.5e18);
    }

    function test_Charge_CarriedEnergy_IsUsedFirstThenKeptThenPaidAtTheEnd() external view {
        Tariff memory tariff = slabs();
        tariff.carriesEnergy = true;
        Usage memory usage = use(30e6, 10e6);
        usage.carried = 5e6;
        Charges memory charges = arithmetic.charge(tariff, usage);
        assertEq(charges.billed, 15e6);
        assertEq(charges.carriedOut, 0);
        usage.carried = 50e6;
        charges = arithmetic.charge(tariff, usage);
        assertEq(charges.billed, 0);
        assertEq(charges.carriedOut, 30e6);
        assertEq(charges.exportCredit, 0);
        usage.last = true;
        charges = arithmetic.charge(tariff, usage);
        assertEq(charges.carriedOut, 0);
        assertEq(charges.exportCredit, 60e18);
    }

    function test_Charge_MinimumCharge_IsReachedBeforeTax() external view {
        Tariff memory tariff = slabs();
        tariff.minimumCharge = 100e18;
        Charges memory charges = arithmetic.charge(tariff, use(10e6, 0));
        assertEq(charges.topUp, 10e18);
        assertEq(charges.taxes[0], 5e18 + 1e18);
        assertEq(arithmetic.charge(tariff, use(20e6, 0)).topUp, 0);
    }

    function test_Charge_Bands_HaveTheMixOfTheImport() external view {
        Tariff memory tariff = slabs();
        tariff.bandPrices = [uint128(1e18), 2e18, 3e18, 4e18];
        Usage memory usage = use(40e6, 0);
        usage.bands = [uint64(10e6), 20e6, 0, 10e6];
        usage.bought = 20e6;
        Charges memory charges = arithmetic.charge(tariff, usage);
        assertEq(charges.bandCharge, 5e18 + 20e18 + 20e18);
        assertEq(charges.energyCharge, 80e18);
    }

    function test_Charge_BandsThatDoNotSum_Refused() external {
        Tariff memory tariff = slabs();
        tariff.bandPrices[3] = 1;
        Usage memory usage = use(40e6, 0);
        usage.bands[0] = 40e6 - 1;
        vm.expectRevert(abi.encodeWithSelector(Tariffs.BandsDiffer.selector, 40e6 - 1, 40e6));
        arithmetic.charge(tariff, usage);
        usage.bands[1] = 2;
        vm.expectRevert(abi.encodeWithSelector(Tariffs.BandsDiffer.selector, 40e6 + 1, 40e6));
        arithmetic.charge(tariff, usage);
        vm.expectRevert(abi.encodeWithSelector(Tariffs.BandsDiffer.selector, 1, 0));
        usage = use(0, 0);
        usage.bands[2] = 1;
        arithmetic.charge(tariff, usage);
    }

    function test_Charge_PeriodATenthLongerOrShorter_IsNotScaledAndOneSecondMoreIs() external view {
        Tariff memory tariff = slabs();
        tariff.nominalSeconds = 30 days;
        tariff.minimumCharge = 1000e18;
        Usage memory usage = use(120e6, 0);
        for (uint256 i = 0; i < 2; ++i) {
            usage.span = i == 0 ? 27 days : 33 days;
            assertEq(arithmetic.charge(tariff, usage).energyCharge, 711e18);
            assertEq(arithmetic.charge(tariff, usage).topUp, 1000e18 - 786e18);
            usage.span = i == 0 ? 27 days - 1 : 33 days + 1;
            assertTrue(arithmetic.charge(tariff, usage).energyCharge != 711e18, "scaled");
        }
        usage.span = 15 days;
        // 25 kWh at 4, 50 at 7.30, 45 at 10; (50 + 100) / 2 fixed.
        Charges memory charges = arithmetic.charge(tariff, usage);
        assertEq(charges.energyCharge, 100e18 + 365e18 + 450e18);
        assertEq(charges.fixedCharge, 75e18);
        assertEq(charges.topUp, 0);
    }

    function test_Check_PartWithoutMeaning_RefusedByName() external {
        Tariff memory tariff = slabs();
        arithmetic.check(tariff);
        tariff.document = 0;
        refused(tariff, "document");
        tariff = slabs();
        tariff.payee = address(0);
        refused(tariff, "payee");
        tariff = slabs();
        (tariff.validFrom, tariff.validUntil) = (100, 100);
        refused(tariff, "validUntil");
        tariff.validUntil = 101;
        arithmetic.check(tariff);
        tariff = slabs();
        tariff.slabs[1].upTo = tariff.slabs[0].upTo;
        refused(tariff, "slabs");
        tariff = slabs();
        tariff.slabs[2].upTo = type(uint64).max - 1;
        refused(tariff, "slabs");
        tariff = slabs();
        tariff.slabs[1].upTo = type(uint64).max;
        refused(tariff, "slabs");
        tariff = slabs();
        tariff.slabs = new Slab[](13);
        for (uint256 i = 0; i < 13; ++i) {
            tariff.slabs[i].upTo = i == 12 ? type(uint64).max : uint64(i);
        }
        refused(tariff, "slabs");
        tariff = slabs();
        tariff.taxes[0].name = 0;
        refused(tariff, "taxes");
        tariff = slabs();
        tariff.taxes[0].share = 10_001;
        refused(tariff, "taxes");
        tariff = slabs();
        tariff.taxes = new TaxLine[](7);
        refused(tariff, "taxes");
        tariff = slabs();
        tariff.slabs = new Slab[](0);
        tariff.taxes = new TaxLine[](0);
        arithmetic.check(tariff);
    }

    /// Line by line against a second way of reckoning, over all that a tariff can be.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_Charge_AsReckonedPlainly(uint256 seed) external view {
        (Tariff memory tariff, Usage memory usage) = PlainBill.draw(seed);
        arithmetic.check(tariff);
        Charges memory charges = arithmetic.charge(tariff, usage);
        assertEq(keccak256(abi.encode(charges)), keccak256(abi.encode(PlainBill.charge(tariff, usage))));
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_Charge_TotalIsItsLinesAndNoEnergyGoesAstray(uint256 seed) external view {
        (Tariff memory tariff, Usage memory usage) = PlainBill.draw(seed);
        Charges memory charges = arithmetic.charge(tariff, usage);
        uint256 lines = charges.energyCharge + charges.bandCharge + charges.fixedCharge + charges.topUp;
        for (uint256 i = 0; i < charges.taxes.length; ++i) {
            lines += charges.taxes[i];
        }
        assertTotal(charges, int256(lines) - int256(charges.exportCredit));
        uint256 sum =
            uint256(charges.billedBands[0]) + charges.billedBands[1] + charges.billedBands[2] + charges.billedBands[3];
        assertEq(sum, Tariffs.hasBands(tariff) ? charges.billed : 0);
        if (!tariff.carriesEnergy) return;
        uint256 bought = usage.bought < usage.imported ? usage.bought : usage.imported;
        uint256 sold = usage.sold < usage.exported ? usage.sold : usage.exported;
        // import - bought - billed was drawn from the credit; export - sold came to it; what is left is carried or paid.
        uint256 left = uint256(usage.carried) + usage.exported - sold - (usage.imported - bought - charges.billed);
        assertEq(charges.carriedOut, usage.last ? 0 : left);
        assertEq(charges.exportCredit, usage.last ? left * tariff.exportPrice / 1e6 : 0);
    }

    function refused(Tariff memory tariff, bytes32 part) private {
        vm.expectRevert(abi.encodeWithSelector(Tariffs.InvalidTariff.selector, part));
        arithmetic.check(tariff);
    }

    function slabs() private pure returns (Tariff memory tariff) {
        tariff.document = keccak256("slabs");
        tariff.payee = address(0xCA5);
        tariff.fixedCharge = 50e18;
        tariff.exportPrice = 2e18;
        tariff.slabs = new Slab[](3);
        tariff.slabs[0] = Slab(50e6, 4e18, 0);
        tariff.slabs[1] = Slab(150e6, 7.3e18, 25e18);
        tariff.slabs[2] = Slab(type(uint64).max, 10e18, 100e18);
        tariff.taxes = new TaxLine[](1);
        tariff.taxes[0] = TaxLine("duty", 500, 0.1e18);
    }

    function use(uint64 imported, uint64 exported) private pure returns (Usage memory usage) {
        (usage.span, usage.imported, usage.exported) = (30 days, imported, exported);
    }

    function assertTotal(Charges memory charges, int256 total) private pure {
        assertTrue(charges.total == total, "total");
    }
}
