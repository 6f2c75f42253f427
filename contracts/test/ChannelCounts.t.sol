// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bill} from "../src/Account.sol";
import {BillInput, Billing} from "../src/Billing.sol";
import {Channels} from "../src/Channels.sol";
import {Settlement} from "../src/Deliverer.sol";
import {Deliveries, Delivery} from "../src/Delivery.sol";
import {Commodity, Kind, MeterInput} from "../src/Meters.sol";
import {Flow, SpanReport, SpanReports} from "../src/SpanReport.sol";
import {Spans} from "../src/Spans.sol";
import {Tariff, Usage} from "../src/Tariff.sol";
import {Turns} from "./support/Turns.sol";
import {Vm} from "./support/Vm.sol";

/// @title What meters show of a channel's turns is taken off bills: once, and no more than both show. Alice pays Carol.
contract ChannelCountsTest is Turns {
    function setUp() external {
        deployTurns();
    }

    function test_Count_IsTakenOffTheBillsOfBoth() external {
        Settlement memory made = run(turn(), 4_081_633, 4e6);
        vm.expectEmit();
        emit Channels.ChannelCounted(channel, meterOf(CAROL_KEY), meterOf(METER_KEY), idOf(made), 4e6);
        count(made);
        assertTraded(METER_KEY, PREMISES, 4e6, 0);
        assertTraded(CAROL_KEY, CAROLS, 0, 4e6);
        assertTrue(billing.aheadOf(PREMISES).trades && billing.aheadOf(CAROLS).trades, "their bills were told");
        assertEq(vault.freeOf(ALICE), 9 ether);
        assertEq(vault.freeOf(CAROL), 0);
    }

    /// Of 10 kWh that came in 4 came from the neighbour: the bill charges 6.
    function test_Count_TheBillIsForTheRest() external {
        Tariff memory tariff = slabTariff();
        publish(tariff, "slabs");
        openAccount(1, prove(METER_KEY, FIRST, 0, 0));
        count(run(turn(), 4.2e6, 4e6));
        BillInput memory input;
        input.premises = PREMISES;
        input.opening = opened(1, METER_KEY, FIRST, 0, 0);
        input.tariff = abi.encode(tariff);
        input.closing = prove(METER_KEY, FIRST + LENGTH, 10e6, 0);
        vm.recordLogs();
        issue(input);
        int256 total = billed();
        Usage memory usage;
        (usage.span, usage.imported, usage.bought) = (LENGTH, 10e6, 4e6);
        assertTrue(total == billing.charge(tariff, usage).total, "with the channel's energy taken off");
        (usage.imported, usage.bought) = (6e6, 0);
        assertTrue(total == billing.charge(tariff, usage).total, "as if it had never come from the grid");
    }

    function test_Count_TheLowerFigureOfBoth() external {
        count(run(turn(), 2e6, 3e6));
        assertTraded(METER_KEY, PREMISES, 1_960_000, 0);
        assertTraded(CAROL_KEY, CAROLS, 0, 1_960_000);
        count(run(turn(), 4e6, 1e6));
        assertTraded(METER_KEY, PREMISES, 2_960_000, 0);
    }

    function test_Count_TwiceRefused() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        count(made);
        refuseCount(made, abi.encodeWithSelector(Channels.NothingToCount.selector, idOf(made)));
        assertTraded(METER_KEY, PREMISES, 4e6, 0);
    }

    /// Both meters show more than the turn was to deliver: what is beyond it stays on the bills, also when they are brought again.
    function test_Count_NeverMoreThanTheTurnsEnergy() external {
        Settlement memory made = run(turn(), 9e6, 8e6);
        count(made);
        assertTraded(METER_KEY, PREMISES, MOST, 0);
        refuseCount(made, abi.encodeWithSelector(Channels.NothingToCount.selector, idOf(made)));
    }

    /// A meter that signs again later shows more: that much more is counted.
    function test_Count_LaterReportsOfTheSameTurn_CountTheRest() external {
        Settlement memory made = run(turn(), 2.1e6, 2e6);
        count(made);
        exports[CAROL_KEY] += 9e6;
        imports[METER_KEY] += 9e6;
        uint64 began = Deliveries.parse(made.delivery).opened;
        made.source = report(CAROL_KEY, idOf(made), Flow.Export, began, 0, exports[CAROL_KEY]);
        made.sink = report(METER_KEY, idOf(made), Flow.Import, began, 0, imports[METER_KEY]);
        count(made);
        assertTraded(METER_KEY, PREMISES, MOST, 0);
    }

    /// A turn that is reported in parts: the spans follow one another, and the last one is longer than what is left.
    function test_Count_SeveralSpansOfATurn_NoMoreThanItsEnergy() external {
        Settlement memory made = run(turn(), 3.1e6, 3e6);
        count(made);
        bytes32[6] memory form = made.delivery;
        made = settlement(form, CAROL_KEY, METER_KEY, 3.1e6, 3e6);
        count(made);
        assertTraded(METER_KEY, PREMISES, MOST, 0);
        assertEq(channels.countedOf(idOf(made)), MOST);
        made = settlement(form, CAROL_KEY, METER_KEY, 3.1e6, 3e6);
        refuseCount(made, abi.encodeWithSelector(Channels.NothingToCount.selector, idOf(made)));
    }

    function test_Count_NothingArrivedRefused() external {
        Settlement memory made = run(turn(), 4e6, 0);
        refuseCount(made, abi.encodeWithSelector(Channels.NothingToCount.selector, idOf(made)));
        assertTrue(!billing.aheadOf(PREMISES).trades, "nothing was told");
    }

    /// A turn and a delivery of the board at the same time, in either order: each part of a register is used once.
    function test_Count_OverlappingADeliveryOfTheBoard_EachPartOnce() external {
        Settlement memory first = run(turn(), 0, 0);
        Settlement memory second = deliverDirectly();
        sameSpans(first, second, 5e6);
        count(first);
        vm.warp(parsed().deadline + 1 days);
        board.settle(only(second));
        assertEq(store.useOf(meterOf(METER_KEY)).imported, 5e6 - 1e5);
        assertEq(store.useOf(meterOf(CAROL_KEY)).exported, 5e6);
        assertTraded(METER_KEY, PREMISES, 4.9e6, 0);
        assertTraded(CAROL_KEY, CAROLS, 0, 4.9e6);
    }

    function test_Count_AfterADeliveryOfTheBoard_OnlyWhatThatLeft() external {
        Settlement memory first = run(turn(), 0, 0);
        Settlement memory second = deliverDirectly();
        sameSpans(first, second, 5e6);
        board.settle(only(second));
        assertTraded(METER_KEY, PREMISES, 2e6, 0);
        count(first);
        uint64 left = uint64(uint256(5e6 - 2_040_817) * 98 / 100);
        assertTraded(METER_KEY, PREMISES, 2e6 + left, 0);
        assertTraded(CAROL_KEY, CAROLS, 0, 2e6 + left);
    }

    function test_Count_OfAnotherChannelRefused() external {
        Delivery memory made = turn();
        made.origin = keccak256("another");
        refuse(made, abi.encodeWithSelector(Channels.OtherChannel.selector, made.origin, channel));
    }

    function test_Count_BetweenOthersRefused() external {
        Delivery memory made = turn();
        made.seller = DORA;
        refuse(made, abi.encodeWithSelector(Channels.OtherParties.selector, DORA, ALICE));
        (made.seller, made.buyer) = (CAROL, BOB);
        refuse(made, abi.encodeWithSelector(Channels.OtherParties.selector, CAROL, BOB));
    }

    /// What has a price is the board's, and what is in the store is somebody's credit.
    function test_Count_WithAPriceOrFromTheStoreRefused() external {
        Delivery memory made = turn();
        made.share = 1;
        refuse(made, abi.encodeWithSelector(Channels.TurnHasPrice.selector, 1, 0));
        (made.share, made.tax) = (0, 1);
        refuse(made, abi.encodeWithSelector(Channels.TurnHasPrice.selector, 0, 1));
        (made.tax, made.stored) = (0, true);
        refuse(made, abi.encodeWithSelector(Channels.TurnIsStored.selector, Deliveries.id(Deliveries.pack(made))));
    }

    function test_Count_BeforeTheChannelRefused() external {
        Delivery memory made = turn();
        made.opened = terms.opened - 1;
        refuse(made, abi.encodeWithSelector(Channels.TurnTooEarly.selector, terms.opened - 1, terms.opened));
    }

    function test_Count_OthersMetersRefused() external {
        Delivery memory made = turn();
        made.source = meterOf(DORA_KEY);
        refuse(made, abi.encodeWithSelector(Channels.NotTheirMeter.selector, made.source, CAROL));
        (made.source, made.sink) = (meterOf(CAROL_KEY), meterOf(BOB_KEY));
        refuse(made, abi.encodeWithSelector(Channels.NotTheirMeter.selector, made.sink, ALICE));
    }

    function test_Count_InAnotherMicrogridRefused() external {
        Delivery memory made = turn();
        made.microgrid = GRID + 1;
        refuse(made, abi.encodeWithSelector(Channels.OtherMicrogrid.selector, made.source, GRID, GRID + 1));
        vm.prank(regulators[0]);
        meters.move(meterOf(METER_KEY), GRID + 1, PREMISES, ALICE);
        made = turn();
        refuse(made, abi.encodeWithSelector(Channels.OtherMicrogrid.selector, made.sink, GRID + 1, GRID));
    }

    /// A store's meter sells what is in the store, and one for water sells no electricity, whoever they belong to.
    function test_Count_MetersOfOtherKindsRefused() external {
        uint256 key = NEW_METER_KEY;
        MeterInput memory made = premisesMeter(meterOf(key), GRID, CAROL);
        made.kind = Kind.Storage;
        register(made);
        refuseSource(key);
        made.kind = Kind.Premises;
        made.commodity = Commodity.Water;
        vm.prank(regulators[0]);
        meters.retire(meterOf(key));
        register(made);
        refuseSource(key);
        made.kind = Kind.Plant;
        made.commodity = Commodity.Electricity;
        vm.prank(regulators[0]);
        meters.retire(meterOf(key));
        register(made);
        Delivery memory plants = turn();
        plants.source = meterOf(key);
        count(settlement(Deliveries.pack(plants), key, METER_KEY, 4.2e6, 4e6));
        assertTraded(key, 0, 0, 4e6);
    }

    /// What a meter signed for who left is not counted for who came, nor on premises that it came to later.
    function test_Count_MeterThatMovedOrLeftRefused() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        vm.startPrank(regulators[0]);
        meters.move(meterOf(CAROL_KEY), GRID, DORAS, DORA);
        vm.stopPrank();
        bytes memory why = abi.encodeWithSelector(Channels.NotTheirMeter.selector, meterOf(CAROL_KEY), CAROL);
        refuseCount(made, why);
        vm.prank(regulators[0]);
        meters.move(meterOf(CAROL_KEY), GRID, CAROLS, CAROL);
        refuseCount(made, why);
        count(run(turn(), 4.2e6, 4e6));
        made = run(turn(), 4.2e6, 4e6);
        vm.prank(regulators[0]);
        meters.retire(meterOf(CAROL_KEY));
        refuseCount(made, why);
    }

    function test_Count_WithoutBothReportsRefused() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        (bytes32 r, bytes32 vs) = (made.sink.r, made.sink.vs);
        (made.sink.r, made.sink.vs) = (0, 0);
        refuseCount(made, abi.encodeWithSelector(Channels.ReportMissing.selector, meterOf(METER_KEY)));
        (made.sink.r, made.sink.vs) = (r, vs);
        (made.source.r, made.source.vs) = (0, 0);
        refuseCount(made, abi.encodeWithSelector(Channels.ReportMissing.selector, meterOf(CAROL_KEY)));
    }

    function test_Count_ForgedOrOtherReportsRefused() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        uint64 began = Deliveries.parse(made.delivery).opened;
        SpanReport memory good = made.sink;
        made.sink = report(STORE_KEY, idOf(made), Flow.Import, began, 0, 4e6);
        refuseAnySigner(made);
        made.sink = report(METER_KEY, keccak256("other"), Flow.Import, began, 0, 4e6);
        refuseAnySigner(made);
        made.sink = report(METER_KEY, idOf(made), Flow.Export, began, 0, 4e6);
        refuseAnySigner(made);
        made.sink = good;
        Delivery memory more = Deliveries.parse(made.delivery);
        more.energy += 1;
        made.delivery = Deliveries.pack(more);
        refuseAnySigner(made);
    }

    function test_Count_SpanOutsideTheTurnRefused() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        uint40 began = Deliveries.parse(made.delivery).opened;
        made.source = report(CAROL_KEY, idOf(made), Flow.Export, began - 1, 0, 4e6);
        refuseCount(made, abi.encodeWithSelector(Spans.SpanTooEarly.selector, began - 1, began));
        vm.warp(began + 3 hours + 1);
        made.source = report(CAROL_KEY, idOf(made), Flow.Export, began, 0, 4e6);
        refuseCount(made, abi.encodeWithSelector(Spans.SpanTooLate.selector, began + 3 hours + 1, began + 3 hours));
    }

    function test_Count_UntilTheChannelIsOver() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        Settlement memory late = run(turn(), 1.1e6, 1e6);
        vm.warp(terms.opened + 2 days);
        count(made);
        vm.warp(terms.opened + 2 days + 1);
        channels.reclaim(terms);
        refuseCount(late, abi.encodeWithSelector(Channels.NotOpen.selector, channel));
    }

    function test_Count_AfterTheClosingRefused() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        vm.prank(CAROL);
        channels.forgo(terms);
        refuseCount(made, abi.encodeWithSelector(Channels.NotOpen.selector, channel));
        assertTraded(METER_KEY, PREMISES, 0, 0);
    }

    /// Who was removed, or is under an advisory, opens nothing; what flowed is counted.
    function test_Count_RemovedAndBarred_WhatIsUnderWayCounts() external {
        Settlement memory made = run(turn(), 4.2e6, 4e6);
        vm.startPrank(regulators[0]);
        members.remove(CAROL);
        members.remove(ALICE);
        meters.publishAdvisory(FIRMWARE);
        vm.startPrank(regulators[1]);
        meters.publishAdvisory(FIRMWARE);
        vm.stopPrank();
        assertTrue(meters.barred(ALICE), "barred");
        count(made);
        assertTraded(METER_KEY, PREMISES, 4e6, 0);
    }

    function test_Count_NotByAContractThatIsNoMarket() external {
        channels = new Channels(vault, members, meters);
        enter("Channels", address(channels));
        vault.admitModule("Channels");
        vm.warp(FIRST);
        openFor(FIRST + 1 days);
        refuseCount(run(turn(), 4.2e6, 4e6), abi.encodeWithSelector(Spans.NotMarket.selector, address(channels)));
    }

    /// Whatever the meters show, in whatever order it is brought: never more than each shows, than the turn's energy, or twice.
    function testFuzz_Count_WithinBothMetersAndTheTurns(
        uint64[4] memory out,
        uint64[4] memory in_,
        uint16 loss,
        uint256 order
    ) external {
        Settlement[4] memory all;
        (uint256 most, uint256 sent, uint256 arrived) = (0, 0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            Delivery memory made = turn();
            (made.loss, made.before) = (uint16(bound(loss, 0, 9999)), uint64(i) * MOST);
            (out[i], in_[i]) = (uint64(bound(out[i], 0, 8e6)), uint64(bound(in_[i], 0, 8e6)));
            all[i] = settlement(Deliveries.pack(made), CAROL_KEY, METER_KEY, out[i], in_[i]);
            uint256 net = uint256(out[i]) * (10_000 - made.loss) / 10_000;
            uint256 least = net < in_[i] ? net : in_[i];
            most += least < MOST ? least : MOST;
            (sent, arrived) = (sent + out[i], arrived + in_[i]);
        }
        for (uint256 i = 0; i < 12; ++i) {
            Settlement memory made = all[order >> 2 * i & 3];
            try channels.count(terms, made.delivery, made.source, made.sink) {} catch {}
        }
        (uint64 bought,) = store.tradedOf(meterOf(METER_KEY), PREMISES);
        (, uint64 sold) = store.tradedOf(meterOf(CAROL_KEY), CAROLS);
        assertEq(bought, sold);
        assertTrue(bought <= most, "each turn at most what both show of it");
        assertTrue(store.useOf(meterOf(METER_KEY)).imported <= arrived, "no more than came");
        assertTrue(store.useOf(meterOf(CAROL_KEY)).exported <= sent, "no more than went");
    }

    /// Alice buys 2 kWh that Carol exports meanwhile.
    function deliverDirectly() private returns (Settlement memory made) {
        vm.recordLogs();
        ask(ALICE, 2e6, PRICE, true);
        vm.prank(CAROL);
        demands.offerToSell(wanted, true);
        follow();
        (made.delivery, made.last) = (delivery, true);
    }

    /// Both begin now, and the meters show the same of both.
    function sameSpans(Settlement memory first, Settlement memory second, uint64 energy) private {
        uint64 began = uint64(vm.getBlockTimestamp());
        vm.warp(began + 600);
        Settlement[2] memory both = [first, second];
        for (uint256 i = 0; i < 2; ++i) {
            both[i].source = report(CAROL_KEY, idOf(both[i]), Flow.Export, began, 0, energy);
            both[i].sink = report(METER_KEY, idOf(both[i]), Flow.Import, began, 0, energy);
        }
    }

    function refuse(Delivery memory made, bytes memory why) private {
        refuseCount(run(made, 4.2e6, 4e6), why);
    }

    function refuseCount(Settlement memory made, bytes memory why) private {
        vm.expectRevert(why);
        channels.count(terms, made.delivery, made.source, made.sink);
    }

    function refuseAnySigner(Settlement memory made) private {
        vm.expectPartialRevert(SpanReports.WrongReportSigner.selector);
        channels.count(terms, made.delivery, made.source, made.sink);
    }

    function refuseSource(uint256 key) private {
        Delivery memory made = turn();
        made.source = meterOf(key);
        refuseCount(
            settlement(Deliveries.pack(made), key, METER_KEY, 4.2e6, 4e6),
            abi.encodeWithSelector(Channels.NotTheirMeter.selector, made.source, CAROL)
        );
    }

    function billed() private returns (int256 total) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != Billing.BillIssued.selector) continue;
            (Bill memory bill,,) = abi.decode(logs[i].data, (Bill, uint64[4], bytes32[7]));
            return bill.amount;
        }
    }

    function assertTraded(uint256 key, bytes32 premises, uint64 bought, uint64 sold) private view {
        (uint64 actualBought, uint64 actualSold) = store.tradedOf(meterOf(key), premises);
        assertEq(actualBought, bought);
        assertEq(actualSold, sold);
    }
}
