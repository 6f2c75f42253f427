// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deliverer, Dispute, Settlement} from "../src/Deliverer.sol";
import {Deliveries as DeliveriesLibrary, Delivery} from "../src/Delivery.sol";
import {MarketRules} from "../src/MarketRules.sol";
import {Flow, SpanReports} from "../src/SpanReport.sol";
import {Spans, Use} from "../src/Spans.sol";
import {Credit, Storage} from "../src/Storage.sol";
import {Traders} from "../src/Trader.sol";
import {Vault} from "../src/Vault.sol";
import {Market} from "./support/Market.sol";

contract DeliveriesTest is Market {
    uint256 private constant TOTAL = 0.408 ether;
    bytes32 private id;

    function setUp() external {
        deployMarket();
        openStore(2e6);
        fill(60e6);
        sell(10e6, PRICE);
        id = buy(BOB, 4e6);
    }

    function test_Settle_WholeIsPaidWithItsTax() external {
        settle(settlement(4_081_633, 4e6));
        assertPaid(0.4 ether, 0.008 ether);
        assertEq(vault.freeOf(BOB), 100 ether - TOTAL);
        assertCredit(44e6, 6e6);
        Use memory use = store.useOf(vm.addr(BOB_KEY));
        assertEq(use.bought, 4e6);
        assertEq(use.imported, 4e6);
        assertEq(store.useOf(vm.addr(STORE_KEY)).sold, 4e6);
        assertEq(store.outstandingOf(GRID), 50e6);
    }

    /// The lower, loss-adjusted figure is paid: here what left the store, less 2 %.
    function test_Settle_PartIsPaidAndTheRestGoesBack() external {
        settle(settlement(2e6, 3e6));
        assertPaid(uint256(0.4 ether) * 1_960_000 / 4e6, uint256(0.008 ether) * 1_960_000 / 4e6);
        assertEq(vault.freeOf(BOB), 100 ether - TOTAL * 1_960_000 / 4e6);
        assertCredit(44e6 + 2_040_000, 6e6);
        assertEq(store.useOf(vm.addr(BOB_KEY)).bought, 1_960_000);
    }

    function test_Settle_NothingDeliveredGivesAllBack() external {
        settle(settlement(0, 0));
        assertPaid(0, 0);
        assertEq(vault.freeOf(BOB), 100 ether);
        assertCredit(48e6, 6e6);
    }

    /// A delivery that is over is never paid again: nothing is locked for it any more.
    function test_Settle_TwiceRefused() external {
        settle(settlement(4.1e6, 4.1e6));
        refuse(
            settlement(4.1e6, 4.1e6), abi.encodeWithSelector(Vault.LockedTooLittle.selector, board, BOB, id, 0, TOTAL)
        );
    }

    function test_Settle_WhatNeverWasRefused() external {
        Delivery memory made = parsed();
        made.share = 1 ether;
        bytes32[6] memory forged = pack(made);
        Settlement memory all = settlement(forged, STORE_KEY, BOB_KEY, 4.1e6, 4.1e6);
        refuse(all, abi.encodeWithSelector(Vault.LockedTooLittle.selector, board, BOB, idOf(forged), 0, 1.008 ether));
    }

    function test_Settle_ForgedReportsRefused() external {
        Settlement memory made = settlement(4.1e6, 4.1e6);
        // Signed by another meter.
        made.source = report(BOB_KEY, id, Flow.Export, uint64(vm.getBlockTimestamp() - 600), 0, 4.1e6);
        refuseAnySigner(made);
        // For another delivery: a signature over other words is somebody else's.
        made.source = report(STORE_KEY, keccak256("other"), Flow.Export, uint64(vm.getBlockTimestamp() - 600), 0, 4.1e6);
        refuseAnySigner(made);
        // What was imported is not what was exported.
        made.source = report(STORE_KEY, id, Flow.Import, uint64(vm.getBlockTimestamp() - 600), 0, 4.1e6);
        refuseAnySigner(made);
        // One bit of the register.
        made.source = report(STORE_KEY, id, Flow.Export, uint64(vm.getBlockTimestamp() - 600), 0, 4.1e6);
        made.source.span ^= 1;
        refuseAnySigner(made);
        // The other half of the curve's signatures.
        made.source.span ^= 1;
        made.source.vs = bytes32(uint256(made.source.vs) ^ 1);
        refuseAnySigner(made);
    }

    function test_Settle_SpanOutsideTheDeliveryRefused() external {
        uint64 opened = parsed().opened;
        Settlement memory made = settlement(4.1e6, 4.1e6);
        made.source = report(STORE_KEY, id, Flow.Export, opened - 1, 0, 4.1e6);
        refuse(made, abi.encodeWithSelector(Spans.SpanTooEarly.selector, opened - 1, opened));
        vm.warp(parsed().deadline + 1);
        made.source = report(STORE_KEY, id, Flow.Export, opened, 0, 4.1e6);
        refuse(made, abi.encodeWithSelector(Spans.SpanTooLate.selector, parsed().deadline + 1, parsed().deadline));
    }

    function test_Settle_SpanBackwardsRefused() external {
        Settlement memory made = settlement(4.1e6, 4.1e6);
        uint64 now_ = uint64(vm.getBlockTimestamp());
        made.source = report(STORE_KEY, id, Flow.Export, now_ + 1, 0, 4.1e6);
        refuse(made, abi.encodeWithSelector(SpanReports.SpanBackwards.selector, now_ + 1, now_, 0, 4.1e6));
        made.source = report(STORE_KEY, id, Flow.Export, now_, 5, 4);
        refuse(made, abi.encodeWithSelector(SpanReports.SpanBackwards.selector, now_, now_, 5, 4));
    }

    /// Two deliveries at the same time: each part of a register is used once, whoever comes first.
    function test_Settle_OverlappingSpansAreUsedOnce() external {
        bytes32[6] memory first = delivery;
        buy(BOB, 4e6);
        uint64 opened = uint64(vm.getBlockTimestamp());
        vm.warp(opened + 600);
        Settlement memory made;
        (made.delivery, made.last) = (first, true);
        made.source = report(STORE_KEY, id, Flow.Export, opened, 0, 5e6);
        made.sink = report(BOB_KEY, id, Flow.Import, opened, 0, 5e6);
        settle(made);
        made.delivery = delivery;
        bytes32 second = idOf(delivery);
        made.source = report(STORE_KEY, second, Flow.Export, opened, 0, 5e6);
        made.sink = report(BOB_KEY, second, Flow.Import, opened, 0, 5e6);
        settle(made);
        // Five left the store: the first had 4 / 0.98 of it, the other one gets the rest less the loss.
        uint64 rest = uint64(uint256(5e6 - 4_081_633) * 98 / 100);
        assertEq(store.useOf(vm.addr(BOB_KEY)).bought, 4e6 + rest);
        assertPaid(0.4 ether + uint256(0.4 ether) * rest / 4e6, 0.008 ether + taxOfSecond() * rest / 4e6);
    }

    function test_Settle_Instalments() external {
        Settlement memory made = settlement(1.5e6, 1.5e6);
        made.last = false;
        settle(made);
        assertEq(board.progressOf(id), 1_470_000);
        made = settlement(1e6, 1e6);
        (made.before, made.last) = (1_470_001, false);
        refuse(made, abi.encodeWithSelector(Deliverer.WrongProgress.selector, id, 1_470_001, 1_470_000));
        made.before = 1_470_000;
        settle(made);
        assertEq(board.progressOf(id), 2_450_000);
        made = settlement(5e6, 5e6);
        made.before = 2_450_000;
        settle(made);
        assertPaid(0.4 ether, 0.008 ether);
        assertEq(board.progressOf(id), 0);
        assertCredit(44e6, 6e6);
        assertEq(store.useOf(vm.addr(BOB_KEY)).bought, 4e6);
    }

    /// After an instalment the whole is not there any more: nobody is paid from the beginning again.
    function test_Settle_FromTheBeginningAfterAnInstalmentRefused() external {
        Settlement memory made = settlement(1.5e6, 1.5e6);
        made.last = false;
        settle(made);
        uint256 left = TOTAL - TOTAL * 1_470_000 / 4e6;
        refuse(
            settlement(5e6, 5e6), abi.encodeWithSelector(Vault.LockedTooLittle.selector, board, BOB, id, left, TOTAL)
        );
    }

    function test_Settle_InstalmentOfNothingRefused() external {
        Settlement memory made = settlement(0, 0);
        made.last = false;
        refuse(made, abi.encodeWithSelector(Deliverer.NothingToPay.selector, id, 0));
    }

    /// Reports that do not show all of it end a delivery by the operator alone, until the other meter was waited for.
    function test_Settle_EndedEarlyOnlyByTheOperator() external {
        Settlement memory made = settlement(1e6, 1e6);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.NotOperator.selector, GRID, BOB));
        board.settle(only(made));
        vm.warp(parsed().deadline + 1 days);
        vm.prank(BOB);
        board.settle(only(made));
        assertEq(store.useOf(vm.addr(BOB_KEY)).bought, 0.98e6);
    }

    function test_Settle_WholeByAnybody() external {
        Settlement memory made = settlement(4.1e6, 4.1e6);
        vm.prank(ANYONE);
        board.settle(only(made));
        assertPaid(0.4 ether, 0.008 ether);
    }

    /// The seller is paid what was proven supplied even if the buyer's meter says nothing, once it was waited for.
    function test_Settle_SilentBuyer() external {
        Settlement memory made = settlement(4.1e6, 4.1e6);
        (made.sink.r, made.sink.vs) = (0, 0);
        uint256 from = uint256(parsed().deadline) + 1 days;
        refuse(made, abi.encodeWithSelector(Deliverer.TooEarly.selector, vm.getBlockTimestamp(), from));
        vm.warp(from);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.NotOperator.selector, GRID, ALICE));
        board.settle(only(made));
        settle(made);
        assertPaid(0.4 ether, 0.008 ether);
        // Nobody signed for the import: no bill takes it off.
        assertEq(store.useOf(vm.addr(BOB_KEY)).bought, 0);
    }

    function test_Settle_TooManyAtOnceRefused() external {
        Settlement[] memory many = new Settlement[](65);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.BatchTooLarge.selector, 65, 64));
        board.settle(many);
    }

    /// The store's meter counts for all who draw at a time: what it shows beyond one buyer's is not held against them.
    function test_Stored_LowerFigureIsPaidAndTheRestGoesBackAtOnce() external {
        settle(settlement(4.1e6, 3e6));
        assertPaid(0.3 ether, 0.006 ether);
        assertEq(board.disputeOf(id).until, 0);
        assertEq(vault.freeOf(BOB), 100 ether - 0.306 ether);
        assertCredit(45e6, 6e6);
        // What the store gave beyond it is there for the next who drew at that time.
        assertEq(store.useOf(vm.addr(STORE_KEY)).sold, 3e6);
        assertEq(store.useOf(vm.addr(STORE_KEY)).exported, 3_061_225);
    }

    function test_Dispute_LowerFigureIsPaidAndTheRestWaits() external {
        takeDirect();
        settle(settlement(4.1e6, 3e6));
        assertPaid(0.3 ether, 0.006 ether);
        Dispute memory open = board.disputeOf(id);
        assertEq(open.delivered, 3e6);
        assertEq(open.claimed, 4e6);
        assertEq(open.until, vm.getBlockTimestamp() + 7 days);
        assertEq(vault.freeOf(BOB), 100 ether - TOTAL);
        // The money waits apart: the delivery cannot be settled again.
        assertEq(lockedFor(BOB, id), 0);
        uint64 sold = store.useOf(vm.addr(METER_KEY)).sold;
        vm.prank(regulators[0]);
        board.decide(delivery, 3.5e6);
        assertPaid(0.35 ether, 0.007 ether);
        assertEq(vault.freeOf(BOB), 100 ether - 0.357 ether);
        assertEq(store.useOf(vm.addr(METER_KEY)).sold, sold + 0.5e6);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.NoDispute.selector, id));
        board.decide(delivery, 3.5e6);
    }

    function test_Dispute_NothingShownAtAll_CannotBeSettledAgain() external {
        takeDirect();
        settle(settlement(4.1e6, 0));
        assertPaid(0, 0);
        refuse(
            settlement(4.1e6, 4.1e6), abi.encodeWithSelector(Vault.LockedTooLittle.selector, board, BOB, id, 0, TOTAL)
        );
        vm.prank(regulators[0]);
        board.decide(delivery, 4e6);
        assertPaid(0.4 ether, 0.008 ether);
    }

    function test_Dispute_OnlyRegulatorsInTimeAndWithinBothFigures() external {
        takeDirect();
        settle(settlement(4.1e6, 3e6));
        vm.expectRevert(abi.encodeWithSelector(Deliverer.NotRegulator.selector, address(this)));
        board.decide(delivery, 3.5e6);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.OutsideDispute.selector, 3e6 - 1, 3e6, 4e6));
        board.decide(delivery, 3e6 - 1);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.OutsideDispute.selector, 4e6 + 1, 3e6, 4e6));
        board.decide(delivery, 4e6 + 1);
        uint64 until = board.disputeOf(id).until;
        vm.expectRevert(abi.encodeWithSelector(Deliverer.TooEarly.selector, vm.getBlockTimestamp(), until));
        board.endDispute(delivery);
        vm.warp(until);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.DisputeOver.selector, id, until));
        board.decide(delivery, 3.5e6);
        board.endDispute(delivery);
        assertPaid(0.3 ether, 0.006 ether);
        assertEq(vault.freeOf(BOB), 100 ether - 0.306 ether);
    }

    /// Up to a watt hour no one argues: the lower figure is paid.
    function test_Dispute_NotForAWattHour() external {
        takeDirect();
        settle(settlement(4.1e6, 4e6 - 1000));
        assertEq(board.disputeOf(id).until, 0);
        assertEq(vault.freeOf(BOB), 100 ether - TOTAL + paidFor(1000));
    }

    function test_Expire_NobodySettled_AllGoesBack() external {
        uint256 from = uint256(parsed().deadline) + 2 days;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.TooEarly.selector, from - 1, from));
        board.expire(delivery);
        vm.warp(from);
        board.expire(delivery);
        assertEq(vault.freeOf(BOB), 100 ether);
        assertCredit(48e6, 6e6);
        vm.expectRevert(abi.encodeWithSelector(Deliverer.NotUnderWay.selector, id));
        board.expire(delivery);
    }

    function test_Expire_AfterAnInstalment_GivesTheRestBack() external {
        Settlement memory made = settlement(1.5e6, 1.5e6);
        made.last = false;
        settle(made);
        vm.warp(uint256(parsed().deadline) + 2 days);
        board.expire(delivery);
        assertEq(vault.freeOf(BOB), 100 ether - TOTAL * 1_470_000 / 4e6);
        assertCredit(44e6 + 2_530_000, 6e6);
        assertEq(board.progressOf(id), 0);
    }

    function test_Draw_CostsNothingAndIsTakenOffTheBill() external {
        vm.prank(ALICE);
        bytes32 drawn = board.draw(GRID, 5e6);
        follow();
        assertTrue(board.isDraw(drawn), "under way");
        assertCredit(39e6, 15e6);
        settle(settlement(3e6, 3e6));
        assertTrue(!board.isDraw(drawn), "over");
        assertCredit(39e6 + 2_060_000, 10e6);
        assertEq(store.useOf(vm.addr(METER_KEY)).bought, 2_940_000);
        refuse(settlement(3e6, 3e6), abi.encodeWithSelector(Deliverer.NotUnderWay.selector, drawn));
        vm.expectRevert(
            abi.encodeWithSelector(Deliverer.TooEarly.selector, vm.getBlockTimestamp(), parsed().deadline + 2 days)
        );
        board.expire(delivery);
    }

    /// No money tells how far a draw has come: it is asked, or the same energy could be drawn twice.
    function test_Draw_FromTheBeginningAfterAnInstalmentRefused() external {
        vm.prank(ALICE);
        bytes32 drawn = board.draw(GRID, 5e6);
        follow();
        Settlement memory made = settlement(2e6, 2e6);
        made.last = false;
        settle(made);
        refuse(settlement(6e6, 6e6), abi.encodeWithSelector(Deliverer.WrongProgress.selector, drawn, 0, 1_960_000));
        made = settlement(6e6, 6e6);
        made.before = 1_960_000;
        settle(made);
        assertCredit(39e6, 10e6);
    }

    function test_Draw_Refusals() external {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(MarketRules.EnergyTooLittle.selector, 999, 1000));
        board.draw(GRID, 999);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Storage.CreditTooLittle.selector, BOB, 0, 1000));
        board.draw(GRID, 1000);
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Traders.NoMeter.selector, ANYONE, GRID));
        board.draw(GRID, 1000);
        vm.prank(ALICE);
        board.draw(GRID, 5e6);
        vm.prank(ALICE);
        vm.expectPartialRevert(Deliverer.AlreadyUnderWay.selector);
        board.draw(GRID, 5e6);
    }

    function pack(Delivery memory made) private pure returns (bytes32[6] memory) {
        return DeliveriesLibrary.pack(made);
    }

    function idOf(bytes32[6] memory form) private pure returns (bytes32) {
        return DeliveriesLibrary.id(form);
    }

    /// The second purchase of the day: 1 kWh at 2 %, 3 at 3 %.
    function taxOfSecond() private pure returns (uint256) {
        return 0.1 ether * 2 / uint256(100) + 0.3 ether * 3 / uint256(100);
    }

    function paidFor(uint256 energy) private pure returns (uint256) {
        return TOTAL * energy / 4e6;
    }

    function refuseAnySigner(Settlement memory made) private {
        vm.prank(OPERATOR);
        vm.expectPartialRevert(SpanReports.WrongReportSigner.selector);
        board.settle(only(made));
    }

    /// The same purchase again, from ALICE's own export; the one from the store is given up.
    function takeDirect() private {
        settle(settlement(0, 0));
        // The tax begins anew with the day.
        vm.warp(vm.getBlockTimestamp() + 1 days);
        ask(BOB, 4e6, PRICE, true);
        vm.prank(ALICE);
        id = demands.offerToSell(wanted, true);
        follow();
    }

    function assertPaid(uint256 share, uint256 tax) private view {
        assertEq(vault.freeOf(ALICE), share);
        assertEq(vault.freeOf(address(taxes)), tax);
    }

    function assertCredit(uint256 free, uint256 committed) private view {
        Credit memory credit = store.creditOf(GRID, ALICE);
        assertEq(credit.free, free);
        assertEq(credit.committed, committed);
    }
}
