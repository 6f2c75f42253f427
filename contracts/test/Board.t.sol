// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advert, Adverts} from "../src/Advert.sol";
import {Board} from "../src/Board.sol";
import {Delivery} from "../src/Delivery.sol";
import {MarketRules, PostingRules, PurchaseRules} from "../src/MarketRules.sol";
import {Commodity, Kind, MeterInput} from "../src/Meters.sol";
import {Credit, Storage} from "../src/Storage.sol";
import {Traders} from "../src/Trader.sol";
import {Vault} from "../src/Vault.sol";
import {Market} from "./support/Market.sol";

contract BoardTest is Market {
    function setUp() external {
        deployMarket();
        openStore(2e6);
        fill(60e6);
    }

    function test_Advertise_CommitsCreditAndTellsTerms() external {
        bytes32 id = sell(10e6, PRICE);
        Advert memory made = parsedAdvert();
        assertEq(id, Adverts.id(advert));
        assertEq(made.seller, ALICE);
        assertEq(made.microgrid, GRID);
        assertEq(made.posted, vm.getBlockTimestamp());
        assertEq(made.step, 1000);
        assertEq(made.price, PRICE);
        assertEq(made.energy, 10e6);
        assertEq(made.life, 3 hours);
        assertEq(made.source, vm.addr(STORE_KEY));
        assertEq(board.leftOf(id), 10e6);
        Credit memory credit = store.creditOf(GRID, ALICE);
        assertEq(credit.free, 44e6);
        assertEq(credit.committed, 10e6);
    }

    function test_Advertise_ConsumersAndStrangersRefused() external {
        refuseAdvert(BOB, 1e6, PRICE, abi.encodeWithSelector(Traders.MayNotSell.selector, BOB));
        refuseAdvert(ANYONE, 1e6, PRICE, abi.encodeWithSelector(Traders.MayNotSell.selector, ANYONE));
    }

    function test_Advertise_EnergyOrPriceOutOfRangeRefused() external {
        refuseAdvert(ALICE, 0, PRICE, abi.encodeWithSelector(MarketRules.EnergyTooLittle.selector, 0, 1000));
        refuseAdvert(ALICE, 999, PRICE, abi.encodeWithSelector(MarketRules.EnergyTooLittle.selector, 999, 1000));
        refuseAdvert(ALICE, 1e11 + 1, PRICE, abi.encodeWithSelector(MarketRules.EnergyTooMuch.selector, 1e11 + 1, 1e11));
        refuseAdvert(ALICE, 1000, 0, abi.encodeWithSelector(MarketRules.PriceOutOfRange.selector, 0, 1 ether));
        refuseAdvert(
            ALICE, 1000, 1 ether + 1, abi.encodeWithSelector(MarketRules.PriceOutOfRange.selector, 1 ether + 1, 1 ether)
        );
        sell(1000, 1 ether);
    }

    function test_Advertise_MoreThanCreditRefused() external {
        refuseAdvert(
            ALICE, 54e6 + 1, PRICE, abi.encodeWithSelector(Storage.CreditTooLittle.selector, ALICE, 54e6, 54e6 + 1)
        );
        sell(54e6, PRICE);
        refuseAdvert(ALICE, 1000, PRICE, abi.encodeWithSelector(Storage.CreditTooLittle.selector, ALICE, 0, 1000));
    }

    function test_Advertise_WithoutAStoreRefused() external {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Storage.NoStore.selector, GRID + 1));
        board.advertise(GRID + 1, 1000, PRICE);
    }

    function test_Advertise_TheSameTwiceInABlockRefused() external {
        bytes32 id = sell(1e6, PRICE);
        refuseAdvert(ALICE, 1e6, PRICE, abi.encodeWithSelector(Board.AlreadyPosted.selector, id));
    }

    function test_Advertise_BoundedNumberInAWindow() external {
        vm.warp((vm.getBlockTimestamp() / 3 hours + 1) * 3 hours);
        for (uint64 i = 0; i < 32; ++i) {
            sell(1000 + i, PRICE);
        }
        refuseAdvert(ALICE, 2000, PRICE, abi.encodeWithSelector(Storage.TooManyAdverts.selector, ALICE, 32));
        vm.warp(vm.getBlockTimestamp() + 3 hours);
        sell(2000, PRICE);
    }

    function test_Price_RisesATenthOfTheFirstEachWholeHour() external {
        sell(10e6, PRICE);
        uint256 posted = vm.getBlockTimestamp();
        uint256[6] memory after_ = [uint256(0), 1 hours - 1, 1 hours, 2 hours - 1, 2 hours, 3 hours - 1];
        uint256[6] memory shares = [uint256(0.1 ether), 0.1 ether, 0.11 ether, 0.11 ether, 0.12 ether, 0.12 ether];
        for (uint256 i = 0; i < 6; ++i) {
            vm.warp(posted + after_[i]);
            (uint256 share, uint256 tax) = board.quote(advert, 1e6, BOB);
            assertEq(share, shares[i]);
            assertEq(tax, shares[i] * 2 / 100);
        }
    }

    /// share = floor(energy x min x (10 + h) / 10), with one division.
    function test_Price_IsDividedOnce() external {
        sell(1_234_567, 987_654_321_987_654_321);
        vm.warp(vm.getBlockTimestamp() + 1 hours);
        (uint256 share,) = board.quote(advert, 1_234_567, BOB);
        assertEq(share, uint256(1_234_567) * 987_654_321_987_654_321 * 11 / (10 * 1e6));
    }

    function test_Buy_OpensADeliveryWithItsMoneyLocked() external {
        bytes32 origin = sell(10e6, PRICE);
        bytes32 id = buy(BOB, 4e6);
        Delivery memory made = parsed();
        assertEq(made.seller, ALICE);
        assertEq(made.buyer, BOB);
        assertEq(made.source, vm.addr(STORE_KEY));
        assertEq(made.sink, vm.addr(BOB_KEY));
        assertEq(made.microgrid, GRID);
        assertEq(made.energy, 4e6);
        assertEq(made.before, 10e6);
        assertEq(made.share, 0.4 ether);
        assertEq(made.tax, 0.008 ether);
        assertEq(made.opened, vm.getBlockTimestamp());
        assertEq(made.deadline, vm.getBlockTimestamp() + 3 hours);
        assertEq(made.patience, 1 days);
        assertEq(made.loss, 200);
        assertTrue(made.stored, "out of the store");
        assertEq(made.origin, origin);
        assertEq(lockedFor(BOB, id), 0.408 ether);
        assertEq(vault.freeOf(BOB), 100 ether - 0.408 ether);
        assertEq(board.leftOf(origin), 6e6);
    }

    function test_Buy_PartsUntilNothingIsLeft() external {
        bytes32 origin = sell(10e6, PRICE);
        buy(BOB, 4e6);
        buy(BOB, 4e6);
        refuseBuy(BOB, 2e6 + 1, abi.encodeWithSelector(Board.EnergyAboveAdvert.selector, 2e6 + 1, 2e6));
        buy(DORA, 2e6 - 500);
        // Less than the least, but all there is.
        buy(BOB, 500);
        assertEq(board.leftOf(origin), 0);
        refuseBuy(BOB, 1000, abi.encodeWithSelector(Board.AdvertNotLive.selector, origin));
    }

    /// Two buyers in one block: the second gets what is left, or is refused, and nothing is sold twice.
    function test_Buy_TwoInABlock() external {
        sell(10e6, PRICE);
        buy(BOB, 6e6);
        refuseBuy(DORA, 6e6, abi.encodeWithSelector(Board.EnergyAboveAdvert.selector, 6e6, 4e6));
        buy(DORA, 4e6);
    }

    function test_Buy_NothingOrLessThanAWattHourRefused() external {
        sell(10e6, PRICE);
        refuseBuy(BOB, 0, abi.encodeWithSelector(MarketRules.EnergyTooLittle.selector, 0, 1000));
        refuseBuy(BOB, 999, abi.encodeWithSelector(MarketRules.EnergyTooLittle.selector, 999, 1000));
        buy(BOB, 1000);
    }

    function test_Buy_ShareOfLessThanAWeiRefused() external {
        sell(10e6, 999);
        refuseBuy(BOB, 1000, abi.encodeWithSelector(Board.ShareTooLittle.selector, 0, 1));
        buy(BOB, 1002);
        assertEq(parsed().share, 1);
    }

    function test_Buy_PriceMovedBeforeMiningRefused() external {
        sell(10e6, PRICE);
        uint256 most = 0.102 ether;
        vm.prank(BOB);
        board.buy(advert, 1e6, most);
        vm.warp(vm.getBlockTimestamp() + 1 hours);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Board.TotalAboveMaximum.selector, 0.1122 ether, most));
        board.buy(advert, 1e6, most);
    }

    function test_Buy_ExpiredInThatBlockRefused() external {
        bytes32 id = sell(10e6, PRICE);
        uint256 end = vm.getBlockTimestamp() + 3 hours;
        vm.warp(end);
        refuseBuy(BOB, 1e6, abi.encodeWithSelector(Board.AdvertExpired.selector, id, end, end));
        vm.warp(end - 1);
        buy(BOB, 1e6);
    }

    function test_Buy_ShortByOneWeiRefused() external {
        sell(10e6, PRICE);
        vm.prank(BOB);
        vault.withdraw(100 ether - 0.102 ether + 1);
        refuseBuy(BOB, 1e6, abi.encodeWithSelector(Vault.FreeTooLittle.selector, BOB, 0.102 ether - 1, 0.102 ether));
        fund(BOB, 1);
        buy(BOB, 1e6);
        assertEq(vault.freeOf(BOB), 0);
    }

    function test_Buy_ProducersStrangersAndSellersThemselvesRefused() external {
        sell(10e6, PRICE);
        refuseBuy(CAROL, 1e6, abi.encodeWithSelector(Traders.MayNotBuy.selector, CAROL));
        refuseBuy(ANYONE, 1e6, abi.encodeWithSelector(Traders.MayNotBuy.selector, ANYONE));
        refuseBuy(ALICE, 1e6, abi.encodeWithSelector(Board.OwnEnergy.selector, ALICE));
    }

    function test_Buy_WithoutAMeterInTheMicrogridRefused() external {
        sell(10e6, PRICE);
        vm.prank(regulators[0]);
        meters.move(vm.addr(BOB_KEY), GRID + 1, BOBS, BOB);
        refuseBuy(BOB, 1e6, abi.encodeWithSelector(Traders.NoMeter.selector, BOB, GRID));
        vm.prank(regulators[0]);
        meters.retire(vm.addr(BOB_KEY));
        refuseBuy(BOB, 1e6, abi.encodeWithSelector(Traders.NoMeter.selector, BOB, GRID));
    }

    function test_Buy_OtherTermsThanPostedRefused() external {
        sell(10e6, PRICE);
        Advert memory cheaper = parsedAdvert();
        cheaper.price = 1;
        bytes32[3] memory forged = Adverts.pack(cheaper);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Board.AdvertNotLive.selector, Adverts.id(forged)));
        board.buy(forged, 1e6, type(uint256).max);
    }

    function test_Tax_IsMarginalOnTheDay() external {
        sell(30e6, PRICE);
        buy(BOB, 4e6);
        assertEq(parsed().tax, 0.4 ether * 2 / 100);
        // One kilowatt hour at 2 %, fifteen at 3 %, four at 5 %.
        buy(BOB, 20e6);
        assertEq(parsed().tax, 0.1 ether * 2 / 100 + 1.5 ether * 3 / 100 + 0.4 ether * 5 / 100);
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        sell(1e6, PRICE);
        buy(BOB, 1e6);
        assertEq(parsed().tax, 0.1 ether * 2 / 100);
        assertEq(board.traderOf(BOB).bought, 1e6);
    }

    /// Whatever way a purchase is split, the tax is the same, but for the wei that each part rounds down.
    function testFuzz_Tax_SplittingGainsNothing(uint64 energy, uint64 first, uint64 before) external view {
        (PurchaseRules memory rules,) = board.rules();
        energy = uint64(bound(energy, 2000, 54e6));
        first = uint64(bound(first, 1000, energy - 1000));
        before = uint64(bound(before, 0, 30e6));
        uint256 price = 1e12;
        uint256 whole = MarketRules.taxOn(rules, energy * price, before, energy);
        uint256 parts = MarketRules.taxOn(rules, first * price, before, first)
            + MarketRules.taxOn(rules, (energy - first) * price, before + first, energy - first);
        assertTrue(parts + 1 >= whole && parts <= whole, "the same to the wei");
        assertEq(whole, taxByTheSlab(before, energy) * price / 10_000);
    }

    function test_CloseAdvert_SellerAtAnyTimeOthersWhenOver() external {
        bytes32 id = sell(10e6, PRICE);
        buy(BOB, 4e6);
        uint256 end = vm.getBlockTimestamp() + 3 hours;
        vm.expectRevert(abi.encodeWithSelector(Board.AdvertStillLive.selector, id, end, vm.getBlockTimestamp()));
        board.closeAdvert(advert);
        vm.prank(ALICE);
        board.closeAdvert(advert);
        assertEq(store.creditOf(GRID, ALICE).free, 50e6);
        assertEq(store.creditOf(GRID, ALICE).committed, 4e6);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Board.AdvertNotLive.selector, id));
        board.closeAdvert(advert);
        sell(50e6, PRICE);
        vm.warp(end);
        board.closeAdvert(advert);
        assertEq(store.creditOf(GRID, ALICE).free, 50e6);
        // And on sale again.
        sell(50e6, PRICE);
    }

    function test_Removed_OpensNothingAndReleasesWhatNobodyTook() external {
        sell(10e6, PRICE);
        bytes32 id = buy(BOB, 4e6);
        vm.prank(regulators[0]);
        members.remove(BOB);
        refuseBuy(BOB, 1e6, abi.encodeWithSelector(Traders.MayNotBuy.selector, BOB));
        vm.prank(regulators[0]);
        members.remove(ALICE);
        refuseBuy(DORA, 1e6, abi.encodeWithSelector(Traders.MayNotSell.selector, ALICE));
        refuseAdvert(ALICE, 1e6, PRICE, abi.encodeWithSelector(Traders.MayNotSell.selector, ALICE));
        board.closeAdvert(advert);
        assertEq(store.creditOf(GRID, ALICE).free, 50e6);
        // What is under way runs to its end, and the balances stay theirs.
        settle(settlement(4.2e6, 4.2e6));
        assertEq(lockedFor(BOB, id), 0);
        assertEq(vault.freeOf(ALICE), 0.4 ether);
        vm.prank(ALICE);
        vault.withdraw(0.4 ether);
        vm.prank(ALICE);
        board.draw(GRID, 1e6);
    }

    function test_Barred_OpensNothingAndCannotBeBoughtFrom() external {
        sell(10e6, PRICE);
        vm.prank(regulators[0]);
        meters.recordFirmware(vm.addr(DORA_KEY), NEWER);
        warn(FIRMWARE);
        refuseAdvert(ALICE, 1e6, PRICE, abi.encodeWithSelector(Traders.Barred.selector, ALICE));
        refuseBuy(DORA, 1e6, abi.encodeWithSelector(Traders.Barred.selector, ALICE));
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Traders.Barred.selector, BOB));
        demands.demand(GRID, 1e6, PRICE, uint40(vm.getBlockTimestamp() + 1 days), false);
    }

    function test_Barred_BuyerRefused() external {
        vm.prank(regulators[0]);
        meters.recordFirmware(vm.addr(DORA_KEY), NEWER);
        warn(NEWER);
        sell(10e6, PRICE);
        refuseBuy(DORA, 1e6, abi.encodeWithSelector(Traders.Barred.selector, DORA));
        buy(BOB, 1e6);
    }

    function test_ChooseMeter_OnlyOnesOwnInService() external {
        refuseMeter(ALICE, vm.addr(BOB_KEY));
        refuseMeter(ALICE, vm.addr(0xDEAD));
        MeterInput memory made = premisesMeter(vm.addr(NEW_METER_KEY), GRID, ALICE);
        made.premises = PREMISES;
        register(made);
        // The latest trades, until the member chooses.
        assertEq(board.traderOf(ALICE).meter, vm.addr(NEW_METER_KEY));
        vm.prank(ALICE);
        board.chooseMeter(vm.addr(METER_KEY));
        assertEq(board.traderOf(ALICE).meter, vm.addr(METER_KEY));
        vm.prank(regulators[0]);
        meters.retire(vm.addr(METER_KEY));
        assertEq(board.traderOf(ALICE).meter, address(0));
        refuseMeter(ALICE, vm.addr(METER_KEY));
        MeterInput memory water = premisesMeter(vm.addr(0x3A7E2), GRID, ALICE);
        (water.commodity, water.kind) = (Commodity.Water, Kind.Premises);
        register(water);
        refuseMeter(ALICE, vm.addr(0x3A7E2));
    }

    function test_MeterChanged_OnlyFromMeters() external {
        board.meterChanged(vm.addr(0xBAD), GRID, BOBS, BOB, true);
        assertEq(board.traderOf(BOB).meter, vm.addr(BOB_KEY));
    }

    function test_Rules_OfTheCouncilAndWhatIsOpenKeepsItsOwn() external {
        sell(10e6, PRICE);
        uint256 posted = vm.getBlockTimestamp();
        bytes32[3] memory older = advert;
        change("advertHourlyStepShare", 2000);
        change("advertLifeSeconds", 24 hours);
        change("deliverySeconds", 1 hours);
        change("taxFirstSlabShare", 400);
        (PurchaseRules memory purchase, PostingRules memory posting) = board.rules();
        assertEq(posting.step, 2000);
        assertEq(posting.highestShare, 500);
        assertEq(purchase.firstShare, 400);
        vm.warp(posted + 1 hours);
        (uint256 share, uint256 tax) = board.quote(older, 1e6, BOB);
        assertEq(share, 0.11 ether);
        assertEq(tax, 0.11 ether * 4 / 100);
        bytes32 id = sell(1e6, PRICE);
        assertEq(parsedAdvert().step, 2000);
        assertEq(parsedAdvert().life, 24 hours);
        buy(BOB, 1e6);
        assertEq(parsed().deadline - parsed().opened, 1 hours);
        assertEq(board.leftOf(id), 0);
    }

    function change(bytes32 rule, uint256 value) private {
        vm.prank(regulators[0]);
        uint256 id = council.proposeRule(rule, 0, value);
        vm.prank(regulators[1]);
        council.vote(id, true);
        vm.warp(vm.getBlockTimestamp() + 7 days);
        council.execute(id);
    }

    function warn(bytes32 firmware) private {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(regulators[i]);
            meters.publishAdvisory(firmware);
        }
    }

    function refuseAdvert(address seller, uint64 energy, uint96 price, bytes memory why) private {
        vm.prank(seller);
        vm.expectRevert(why);
        board.advertise(GRID, energy, price);
    }

    function refuseBuy(address buyer, uint64 energy, bytes memory why) private {
        vm.prank(buyer);
        vm.expectRevert(why);
        board.buy(advert, energy, type(uint256).max);
    }

    function refuseMeter(address account, address meter) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(Board.NotTheirMeter.selector, meter, account));
        board.chooseMeter(meter);
    }

    /// By the table's words: 2 % to 5 kWh of the day, 3 % to 20, 5 % above; in basis points of energy.
    function taxByTheSlab(uint256 before, uint256 energy) private pure returns (uint256 sum) {
        return upTo(before + energy) - upTo(before);
    }

    function upTo(uint256 energy) private pure returns (uint256) {
        if (energy <= 5e6) return energy * 200;
        if (energy <= 20e6) return 5e6 * 200 + (energy - 5e6) * 300;
        return 5e6 * 200 + 15e6 * 300 + (energy - 20e6) * 500;
    }
}
