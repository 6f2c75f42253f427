// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Commodity, Kind, MeterInput} from "../src/Meters.sol";
import {ProvenReading, ProvenReadings} from "../src/ProvenReading.sol";
import {Spans, Use} from "../src/Spans.sol";
import {Storage, Store, Turn} from "../src/Storage.sol";
import {Market} from "./support/Market.sol";

contract StorageTest is Market {
    function setUp() external {
        deployMarket();
    }

    function test_Open_Refusals() external {
        (ProvenReading memory reading,) = pair(STORE_KEY, METER_KEY);
        vm.expectRevert(abi.encodeWithSelector(Storage.NotRegulator.selector, address(this)));
        store.openStore(GRID, 0, reading);
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Storage.LevelAboveMaximum.selector, 1e9 + 1, 1e9));
        store.openStore(GRID, 1e9 + 1, reading);
        vm.stopPrank();
    }

    /// A house's meter stands on premises: it proves nothing for a store.
    function test_Open_OtherKindOfMeterRefused() external {
        registerEarly(premisesMeter(vm.addr(NEW_METER_KEY), GRID, address(0)));
        (ProvenReading memory reading,) = pair(NEW_METER_KEY, METER_KEY);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Storage.NotAStore.selector, vm.addr(NEW_METER_KEY)));
        store.openStore(GRID, 0, reading);
    }

    function test_Deposit_CreditsWhatWentInLessTheLoss() external {
        openStore(2e6);
        fill(10e6);
        assertEq(store.creditOf(GRID, ALICE).free, 9e6);
        assertEq(store.outstandingOf(GRID), 9e6);
        Store memory now_ = store.storeOf(GRID);
        assertEq(now_.level, 11e6);
        assertEq(now_.importRegister, 10e6);
        Use memory use = store.useOf(vm.addr(METER_KEY));
        assertEq(use.sold, 10e6);
        assertEq(use.exported, 10e6);
    }

    /// No one pays for it a second time: the bill takes off what went into the store.
    function test_Deposit_TellsTheBills() external {
        openStore(2e6);
        fill(10e6);
        assertTrue(billing.aheadOf(PREMISES).trades, "the premises trade");
        (, uint64 sold) = store.tradedOf(vm.addr(METER_KEY), PREMISES);
        assertEq(sold, 10e6);
    }

    function test_Deposit_OnlyTheOperator() external {
        openStore(2e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6);
        vm.expectRevert(abi.encodeWithSelector(Storage.NotOperator.selector, GRID, address(this)));
        store.deposit(GRID, reading, turns);
    }

    function test_Deposit_MoreThanTheStoreTookInRefused() external {
        openStore(2e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6 - 1);
        refuse(reading, turns, abi.encodeWithSelector(Storage.TurnsAboveIntake.selector, 5e6, 5e6 - 1));
    }

    function test_Deposit_MoreThanTheSellerExportedRefused() external {
        openStore(2e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 9e6);
        turns[0].energy = 5e6 + 1;
        refuse(reading, turns, abi.encodeWithSelector(Storage.ExportTooLittle.selector, ALICE, 5e6, 5e6 + 1));
    }

    function test_Deposit_OthersExportRefused() external {
        openStore(2e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(CAROL, METER_KEY, PREMISES, 5e6, 5e6);
        refuse(
            reading,
            turns,
            abi.encodeWithSelector(
                Storage.WrongTurn.selector, CAROL, vm.getBlockTimestamp() - 60 - LENGTH, vm.getBlockTimestamp() - 60
            )
        );
        turns[0].seller = BOB;
        refuse(reading, turns, abi.encodeWithSelector(Storage.NotSeller.selector, BOB));
    }

    function test_Deposit_TurnFromBeforeTheLastMeasurementRefused() external {
        openStore(2e6);
        (ProvenReading memory early, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6);
        vm.prank(OPERATOR);
        store.deposit(GRID, early, new Turn[](0));
        (ProvenReading memory reading, Turn[] memory later) = turn(ALICE, METER_KEY, PREMISES, 1e6, 1e6);
        uint64 closed = uint64(vm.getBlockTimestamp()) - 60;
        later[0].opening = turns[0].opening;
        refuse(reading, later, abi.encodeWithSelector(Storage.WrongTurn.selector, ALICE, closed - 3 * LENGTH, closed));
    }

    function test_Deposit_TheSameReadingTwiceRefused() external {
        openStore(2e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6);
        vm.prank(OPERATOR);
        store.deposit(GRID, reading, turns);
        uint64 instant = store.storeOf(GRID).measuredAt;
        refuse(reading, turns, abi.encodeWithSelector(Storage.ReadingNotLater.selector, instant, instant));
    }

    function test_Deposit_TurnThatEndsAfterTheMeasurementRefused() external {
        openStore(2e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6);
        (, ProvenReading memory other) = pair(STORE_KEY, METER_KEY);
        turns[0].closing = other;
        vm.prank(OPERATOR);
        vm.expectPartialRevert(Storage.WrongTurn.selector);
        store.deposit(GRID, reading, turns);
    }

    function test_Deposit_OtherMeterRefused() external {
        registerAnotherStore();
        openStore(2e6);
        (ProvenReading memory other, ProvenReading memory house) = pair(NEW_METER_KEY, METER_KEY);
        refuse(
            other,
            new Turn[](0),
            abi.encodeWithSelector(Storage.OtherStoreMeter.selector, vm.addr(NEW_METER_KEY), vm.addr(STORE_KEY))
        );
        // A house's meter stands on premises, and a store's on none.
        refuse(
            house,
            new Turn[](0),
            abi.encodeWithSelector(ProvenReadings.WrongMeter.selector, vm.addr(METER_KEY), bytes32(0))
        );
    }

    /// 990 of 1,000 kWh: ten more fit, eleven do not. What is lost by storing does not count.
    function test_Deposit_AtTheEdge() external {
        openStore(990e6);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 11_200_000, 11_200_000);
        refuse(reading, turns, abi.encodeWithSelector(Storage.StoreFull.selector, 990e6 + 10_080_000, 1e9));
        setMaximum(1001e6);
        vm.prank(OPERATOR);
        store.deposit(GRID, reading, turns);
        assertEq(store.creditOf(GRID, ALICE).free, 10_080_000);
    }

    function test_Deposit_UpToTheEdge() external {
        openStore(991e6);
        fill(10e6);
        assertEq(store.storeOf(GRID).level, 1e9);
    }

    /// The least content belongs to nobody: an empty store has to fill up to it first.
    function test_Deposit_NeverOutOfTheReserve() external {
        openStore(0);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6);
        refuse(reading, turns, abi.encodeWithSelector(Storage.StoreFull.selector, 4.5e6, 3.5e6));
        turns[0].energy = 3.5e6;
        vm.prank(OPERATOR);
        store.deposit(GRID, reading, turns);
        assertEq(store.outstandingOf(GRID), 3.15e6);
    }

    function test_Deposit_ShareOfOneMember() external {
        openStore(2e6);
        setRule("storageMemberShare", 100);
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 11.2e6, 11.2e6);
        refuse(reading, turns, abi.encodeWithSelector(Storage.ShareFull.selector, ALICE, 10_080_000, 10e6));
    }

    function test_Deposit_SeveralSellers() external {
        openStore(2e6);
        fill(10e6);
        fill(CAROL, CAROL_KEY, CAROLS, 20e6);
        assertEq(store.creditOf(GRID, CAROL).free, 18e6);
        assertEq(store.outstandingOf(GRID), 27e6);
    }

    function test_Deposit_TooManyTurnsRefused() external {
        openStore(2e6);
        (ProvenReading memory reading,) = pair(STORE_KEY, METER_KEY);
        refuse(reading, new Turn[](33), abi.encodeWithSelector(Storage.TooManyTurns.selector, 33, 32));
    }

    function test_Deposit_WithoutAStoreRefused() external {
        (ProvenReading memory reading, Turn[] memory turns) = turn(ALICE, METER_KEY, PREMISES, 5e6, 5e6);
        refuse(reading, turns, abi.encodeWithSelector(Storage.NoStore.selector, GRID));
    }

    /// What went out of the store without a purchase is gone: nothing more is credited than what is there.
    function test_Measure_LevelFollowsTheMeter() external {
        openStore(2e6);
        fill(10e6);
        exports[STORE_KEY] += 5e6;
        (ProvenReading memory reading,) = pair(STORE_KEY, METER_KEY);
        vm.prank(OPERATOR);
        store.deposit(GRID, reading, new Turn[](0));
        assertEq(store.storeOf(GRID).level, 11e6 - 4.9e6);
        exports[STORE_KEY] += 50e6;
        (reading,) = pair(STORE_KEY, METER_KEY);
        vm.prank(OPERATOR);
        store.deposit(GRID, reading, new Turn[](0));
        assertEq(store.storeOf(GRID).level, 0);
    }

    function test_StoreMeterExchanged_SellersKeepTheirs() external {
        registerAnotherStore();
        openStore(2e6);
        fill(60e6);
        sell(10e6, PRICE);
        buy(BOB, 4e6);
        settle(settlement(4.1e6, 4.1e6));
        assertEq(store.outstandingOf(GRID), 50e6);
        (ProvenReading memory reading,) = pair(NEW_METER_KEY, METER_KEY);
        vm.prank(regulators[0]);
        store.openStore(GRID, 52e6, reading);
        assertEq(store.outstandingOf(GRID), 50e6);
        vm.prank(regulators[0]);
        meters.retire(vm.addr(STORE_KEY));
        assertEq(store.outstandingOf(GRID), 50e6);
        assertEq(store.creditOf(GRID, ALICE).free, 44e6);
    }

    /// A meter that goes out of service begins its totals anew; what sellers have does not.
    function test_StoreMeterRetired_SellersKeepTheirs() external {
        openStore(2e6);
        fill(60e6);
        sell(10e6, PRICE);
        buy(BOB, 4e6);
        settle(settlement(4.1e6, 4.1e6));
        vm.prank(regulators[0]);
        meters.retire(vm.addr(STORE_KEY));
        assertEq(store.outstandingOf(GRID), 50e6);
    }

    function test_Market_OnlyThoseOfTheDirectory() external {
        vm.expectRevert(abi.encodeWithSelector(Spans.NotAMarketOffice.selector, bytes32("Payments")));
        store.admitMarket("Payments");
        vm.expectRevert(abi.encodeWithSelector(Spans.NotMarket.selector, address(0)));
        store.admitMarket("Auction");
        vm.expectRevert(abi.encodeWithSelector(Spans.NotMarket.selector, address(this)));
        store.commit(GRID, ALICE, 1000, 0);
        vm.expectRevert(abi.encodeWithSelector(Spans.NotMarket.selector, address(this)));
        store.free(GRID, ALICE, 1000);
        vm.expectRevert(abi.encodeWithSelector(Spans.NotMarket.selector, address(this)));
        store.meterLeft(vm.addr(METER_KEY), GRID, PREMISES);
        bytes32[6] memory form;
        vm.expectRevert(abi.encodeWithSelector(Spans.NotMarket.selector, address(this)));
        store.decide(form, 0, 0);
        assertTrue(store.isMarket(address(board)), "the board is one");
        assertTrue(store.isMarket(address(demands)), "the demands' contract is one");
    }

    /// What a meter traded on premises that it left stays theirs; on the next ones its totals begin anew.
    function test_Traded_StaysWithThePremises() external {
        openStore(2e6);
        fill(10e6);
        vm.startPrank(regulators[0]);
        members.registerPremisesFor(ELSEWHERE, CAROL);
        meters.move(vm.addr(METER_KEY), GRID, ELSEWHERE, CAROL);
        vm.stopPrank();
        (, uint64 sold) = store.tradedOf(vm.addr(METER_KEY), PREMISES);
        assertEq(sold, 10e6);
        (, sold) = store.tradedOf(vm.addr(METER_KEY), ELSEWHERE);
        assertEq(sold, 0);
        store.count(vm.addr(METER_KEY), 0, 3e6);
        (, sold) = store.tradedOf(vm.addr(METER_KEY), ELSEWHERE);
        assertEq(sold, 3e6);
        (, sold) = store.tradedOf(vm.addr(METER_KEY), PREMISES);
        assertEq(sold, 10e6);
        assertTrue(billing.aheadOf(ELSEWHERE).trades, "their bills were told too");
        vm.prank(regulators[0]);
        meters.move(vm.addr(METER_KEY), GRID, PREMISES, ALICE);
        store.count(vm.addr(METER_KEY), 0, 2e6);
        (, sold) = store.tradedOf(vm.addr(METER_KEY), PREMISES);
        assertEq(sold, 12e6);
    }

    bytes32 private constant ELSEWHERE = keccak256("elsewhere");

    function registerAnotherStore() private {
        registerEarly(
            MeterInput(vm.addr(NEW_METER_KEY), Kind.Storage, Commodity.Electricity, GRID, 0, address(0), FIRMWARE)
        );
    }

    /// Before the first interval; the trees keep their two leaves.
    function registerEarly(MeterInput memory made) private {
        register(made);
        vm.warp(FIRST - LENGTH - 1);
        vm.prank(address(meters));
        anchors.gridChanged(GRID, address(0), 2);
    }

    function setMaximum(uint256 value) private {
        setRule("storageMaximumEnergy", value);
    }

    function setRule(bytes32 rule, uint256 value) private {
        uint256 present = vm.getBlockTimestamp();
        vm.prank(regulators[0]);
        uint256 id = council.proposeRule(rule, 0, value);
        vm.prank(regulators[1]);
        council.vote(id, true);
        vm.warp(present + 7 days);
        council.execute(id);
        vm.warp(present);
    }

    function refuse(ProvenReading memory reading, Turn[] memory turns, bytes memory why) private {
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        store.deposit(GRID, reading, turns);
    }
}
