// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Adverts} from "../../src/Advert.sol";
import {Channels, Terms} from "../../src/Channels.sol";
import {Settlement} from "../../src/Deliverer.sol";
import {Deliveries, Delivery} from "../../src/Delivery.sol";
import {Demand, DemandForms} from "../../src/Demand.sol";
import {Role} from "../../src/Members.sol";
import {ProvenReading} from "../../src/ProvenReading.sol";
import {Flow, SpanReport} from "../../src/SpanReport.sol";
import {Turn} from "../../src/Storage.sol";
import {Market} from "./Market.sol";

/// @title Everybody trades anything at any time, meters count this and that, people go and come; the fuzzer says what.
/// @dev What is refused is refused inside, so that a run goes on. What happened is kept apart, in the plainest form.
contract MarketTraffic is Market {
    struct Sale {
        bytes32[6] form;
        uint64 before;
        uint256 paidShare;
        uint256 paidTax;
        uint64 claimed;
        bool disputed;
        bool over;
    }

    /// A turn of a channel as it was brought last.
    struct Turned {
        Terms terms;
        bytes32[6] form;
        SpanReport source;
        SpanReport sink;
        uint256 counted;
    }

    uint256 private constant CHANNELS_LOCKED = 2 ether;

    address[4] private people = [ALICE, BOB, CAROL, DORA];
    uint256[4] private meterKeys = [METER_KEY, BOB_KEY, CAROL_KEY, DORA_KEY];
    bytes32[4] private homes = [PREMISES, BOBS, CAROLS, DORAS];
    Role[4] private roles = [Role.Prosumer, Role.Consumer, Role.Producer, Role.Prosumer];

    bytes32[3][] private adverts;
    bytes32[2][] private posted;
    Sale[] private sales;
    Channels private channels;
    Terms[2] private agreed;
    Turned[] private turns;
    uint256 private time;
    uint256 public claimed;
    mapping(bytes32 act => uint256) public done;
    /// Energy that was paid for, by the meter that it came from and the one that it went to.
    mapping(address meter => uint256) public sold;
    mapping(address meter => uint256) public bought;

    function start() external {
        deployMarket();
        deployChannels();
        openStore(2e6);
        fill(100e6);
        fill(CAROL, CAROL_KEY, CAROLS, 50e6);
        sold[vm.addr(METER_KEY)] = 100e6;
        sold[vm.addr(CAROL_KEY)] = 50e6;
        fund(ALICE, 100 ether);
        time = vm.getBlockTimestamp();
        agreed[0] = openChannel(BOB, CAROL);
        agreed[1] = openChannel(DORA, ALICE);
    }

    function advertise(uint256 lot) external clocked {
        vm.prank(who(lot));
        try board.advertise(GRID, uint64(bound(lot >> 8, 0, 20e6)), uint96(bound(lot >> 80, 0, 0.3 ether))) {
            follow();
            adverts.push(advert);
            ++done["advertise"];
        } catch {}
    }

    function buy(uint256 lot) external clocked {
        if (adverts.length == 0) return;
        bytes32[3] memory form = adverts[recent(lot, adverts.length)];
        vm.prank(who(lot >> 16));
        try board.buy(form, uint64(bound(lot >> 32, 0, 12e6)), bound(lot >> 96, 0, 4 ether)) {
            open("buy");
        } catch {}
    }

    function closeAdvert(uint256 lot) external clocked {
        if (adverts.length == 0) return;
        vm.prank(who(lot >> 16));
        try board.closeAdvert(adverts[lot % adverts.length]) {
            ++done["closeAdvert"];
        } catch {}
    }

    function demand(uint256 lot) external clocked {
        vm.prank(who(lot));
        uint40 until = uint40(time + bound(lot >> 160, 0, 2 days));
        try demands.demand(
            GRID, uint64(bound(lot >> 8, 0, 10e6)), uint96(bound(lot >> 80, 0, 0.3 ether)), until, lot >> 240 & 1 == 1
        ) {
            follow();
            posted.push(wanted);
            ++done["demand"];
        } catch {}
    }

    function offer(uint256 lot) external clocked {
        if (posted.length == 0) return;
        bytes32[2] memory form = posted[recent(lot, posted.length)];
        vm.prank(who(lot >> 16));
        try demands.offerToSell(form, lot >> 200 & 1 == 1) returns (bytes32 opened) {
            ++done["offer"];
            if (opened != 0) open("firstCome");
        } catch {}
    }

    function accept(uint256 lot) external clocked {
        if (posted.length == 0) return;
        bytes32[2] memory form = posted[recent(lot, posted.length)];
        bytes32 id = DemandForms.id(form);
        for (uint256 i = 0; i < 4; ++i) {
            address seller = who((lot >> 16) + i);
            if (demands.offerOf(id, seller).source == address(0)) continue;
            vm.prank(DemandForms.parse(form).buyer);
            try demands.accept(form, seller) {
                open("accept");
            } catch {}
        }
    }

    function closeDemand(uint256 lot) external clocked {
        if (posted.length == 0) return;
        vm.prank(who(lot >> 16));
        try demands.closeDemand(posted[lot % posted.length]) {
            ++done["closeDemand"];
        } catch {}
    }

    function withdrawOffer(uint256 lot) external clocked {
        if (posted.length == 0) return;
        vm.prank(who(lot >> 16));
        try demands.withdrawOffer(posted[lot % posted.length], who(lot >> 32)) {
            ++done["withdrawOffer"];
        } catch {}
    }

    function draw(uint256 lot) external clocked {
        vm.prank(who(lot));
        try board.draw(GRID, uint64(bound(lot >> 8, 0, 5e6))) {
            open("draw");
        } catch {}
    }

    /// Meters count something for a sale, and it is settled as a whole, in part, or without the buyer's meter.
    function settle(uint256 lot) external clocked {
        if (sales.length == 0) return;
        Sale storage sale = sales[recent(lot, sales.length)];
        Delivery memory terms = Deliveries.parse(sale.form);
        Settlement memory made;
        (made.delivery, made.before) =
        (sale.form, lot >> 240 & 7 == 0 ? uint64(lot) : lot >> 240 & 7 == 1 ? 0 : sale.before);
        made.last = lot >> 200 & 1 == 1;
        made.source = count(terms, true, uint64(bound(lot >> 16, 0, 8e6)));
        if (lot >> 210 & 7 != 0) made.sink = count(terms, false, uint64(bound(lot >> 64, 0, 8e6)));
        uint256 soldBefore = store.useOf(terms.source).sold;
        uint256 boughtBefore = store.useOf(terms.sink).bought;
        vm.prank(lot >> 220 & 1 == 1 ? OPERATOR : who(lot >> 128));
        try board.settle(only(made)) {
            ++done[made.last ? bytes32("settle") : bytes32("instalment")];
            if (!isThere(made.sink)) ++done["silent"];
            record(sale, terms, made, store.useOf(terms.source).sold - soldBefore);
            bought[terms.sink] += store.useOf(terms.sink).bought - boughtBefore;
        } catch {}
    }

    function decide(uint256 lot) external clocked {
        uint256 place = 0;
        while (place < sales.length && !sales[place].disputed) ++place;
        if (place == sales.length) return;
        Sale storage sale = sales[place];
        Delivery memory terms = Deliveries.parse(sale.form);
        uint64 delivered =
            uint64(bound(lot >> 16, sale.before, sale.claimed > sale.before ? sale.claimed : sale.before));
        vm.prank(regulators[lot >> 80 & 1]);
        try board.decide(sale.form, delivered) {
            ++done["decide"];
            endDispute(sale, terms, delivered);
        } catch {
            try board.endDispute(sale.form) {
                ++done["endDispute"];
                endDispute(sale, terms, sale.before);
            } catch {}
        }
    }

    function expire(uint256 lot) external clocked {
        for (uint256 i = 0; i < 8 && i < sales.length; ++i) {
            Sale storage sale = sales[(lot % sales.length + i) % sales.length];
            try board.expire(sale.form) {
                sale.over = true;
                ++done["expire"];
            } catch {}
        }
    }

    /// Meters count something for a turn of a channel, a new one or one that was brought before, and anyone brings it.
    function countTurn(uint256 lot) external clocked {
        Turned storage one = lot >> 200 & 3 == 0 || turns.length == 0 ? turns.push() : turns[turns.length - 1];
        if (one.form[0] == 0) {
            one.terms = agreed[lot >> 4 & 1];
            one.form = Deliveries.pack(turn(one.terms, uint64(bound(lot >> 8, 1, 6e6))));
        }
        Delivery memory terms = Deliveries.parse(one.form);
        if (one.source.r == 0 || lot >> 210 & 1 == 1) {
            one.source = count(terms, true, uint64(bound(lot >> 16, 0, 8e6)));
            one.sink = count(terms, false, uint64(bound(lot >> 64, 0, 8e6)));
        }
        uint256 before = store.useOf(terms.sink).bought;
        vm.prank(who(lot >> 128));
        try channels.count(one.terms, one.form, one.source, one.sink) {
            uint256 energy = store.useOf(terms.sink).bought - before;
            one.counted += energy;
            sold[terms.source] += energy;
            bought[terms.sink] += energy;
            ++done["countTurn"];
        } catch {
            ++done["refuseTurn"];
        }
    }

    function removeOrAdmit(uint256 lot) external clocked {
        // Mostly people are in, or nothing would be traded.
        uint256 i = lot % 4;
        bool isIn = members.isParticipant(people[i]);
        if (isIn && lot >> 8 & 3 != 0) return;
        vm.prank(regulators[0]);
        if (isIn) {
            members.remove(people[i]);
            ++done["remove"];
        } else {
            members.admit(people[i], roles[i]);
        }
    }

    function claim(uint256 lot) external clocked {
        address claimant = lot & 3 == 3 ? OWNER : regulators[lot & 3 % 3];
        uint256 had = claimant.balance;
        vm.prank(claimant);
        try taxes.claim() {
            claimed += claimant.balance - had;
            ++done["claim"];
        } catch {}
    }

    function pass(uint256 span) external {
        time += bound(span, 1, span & 7 == 0 ? 3 days : 40 minutes);
        vm.warp(time);
    }

    /// Nothing was made or lost: what was paid in is free, locked, or was claimed.
    function checkMoney() external view {
        uint256 sum = vault.freeOf(address(taxes)) + claimed + CHANNELS_LOCKED;
        for (uint256 i = 0; i < 4; ++i) {
            sum += vault.freeOf(people[i]);
        }
        for (uint256 i = 0; i < posted.length; ++i) {
            Demand memory wanted_ = DemandForms.parse(posted[i]);
            sum += lockedForDemand(wanted_.buyer, DemandForms.id(posted[i]));
        }
        for (uint256 i = 0; i < sales.length; ++i) {
            sum += checkSale(sales[i]);
        }
        assertEq(sum, 300 ether);
        assertEq(vault.held(), 300 ether - claimed);
    }

    /// Credited = unlisted + live + sold and undelivered + delivered; and the board knows of every bit that is committed.
    function checkStore() external view {
        uint256 committed = 0;
        uint256 free = 0;
        for (uint256 i = 0; i < 4; ++i) {
            committed += store.creditOf(GRID, people[i]).committed;
            free += store.creditOf(GRID, people[i]).free;
        }
        assertEq(committed + free, store.outstandingOf(GRID));
        uint256 known = 0;
        for (uint256 i = 0; i < adverts.length; ++i) {
            known += board.leftOf(Adverts.id(adverts[i]));
        }
        for (uint256 i = 0; i < posted.length; ++i) {
            for (uint256 j = 0; j < 4; ++j) {
                if (demands.offerOf(DemandForms.id(posted[i]), people[j]).stored) {
                    known += DemandForms.parse(posted[i]).energy;
                }
            }
        }
        for (uint256 i = 0; i < sales.length; ++i) {
            Delivery memory terms = Deliveries.parse(sales[i].form);
            if (!terms.stored || sales[i].over) continue;
            known += (sales[i].disputed ? sales[i].claimed : terms.energy) - sales[i].before;
        }
        assertEq(committed, known);
        // The level only falls by what is measured to leave, and nothing is measured here: what was delivered is still in it.
        uint256 out = store.useOf(vm.addr(STORE_KEY)).sold;
        assertTrue(committed + free + out + 1e6 <= store.storeOf(GRID).level, "within the store, above its reserve");
    }

    /// What was paid for is what the meters' registers were used for, each part once, and never more than they advanced.
    function checkSpans() external view {
        for (uint256 i = 0; i < 4; ++i) {
            address meter = vm.addr(meterKeys[i]);
            assertEq(store.useOf(meter).bought, bought[meter]);
            assertEq(store.useOf(meter).sold, sold[meter]);
            assertTrue(store.useOf(meter).bought <= imports[meterKeys[i]], "bought is metered");
            assertTrue(store.useOf(meter).imported <= imports[meterKeys[i]], "used is metered");
            assertTrue(store.useOf(meter).exported <= exports[meterKeys[i]], "used is metered");
        }
        for (uint256 i = 0; i < turns.length; ++i) {
            assertTrue(turns[i].counted <= Deliveries.parse(turns[i].form).energy, "no turn beyond its energy");
        }
        address stores = vm.addr(STORE_KEY);
        assertEq(store.useOf(stores).sold, sold[stores]);
        assertTrue(store.useOf(stores).exported <= exports[STORE_KEY], "used is metered");
        assertTrue(uint256(store.useOf(stores).sold) * 10_000 <= uint256(exports[STORE_KEY]) * 9800, "less the loss");
    }

    modifier clocked() {
        vm.warp(time);
        _;
    }

    /// The directory takes them in before the market's time begins.
    function deployChannels() private {
        uint256 begun = vm.getBlockTimestamp();
        channels = new Channels(vault, members, meters);
        enter("Channels", address(channels));
        vault.admitModule("Channels");
        store.admitMarket("Channels");
        vm.warp(begun);
    }

    function openChannel(address payer, address payee) private returns (Terms memory terms) {
        terms = Terms(payer, payee, payer, PRICE, uint40(time));
        vm.prank(payer);
        channels.open(payee, address(0), PRICE, uint40(time + 366 days), 1 ether);
    }

    function turn(Terms memory terms, uint64 energy) private view returns (Delivery memory made) {
        (made.seller, made.buyer, made.origin) = (terms.payee, terms.payer, channels.idOf(terms));
        (made.source, made.sink) = (meterOf(terms.payee), meterOf(terms.payer));
        (made.microgrid, made.energy, made.loss) = (GRID, energy, 200);
        (made.opened, made.deadline, made.before) = (uint40(time), uint40(time + 3 hours), uint64(turns.length));
    }

    function meterOf(address account) private view returns (address) {
        uint256 i = 0;
        while (people[i] != account) ++i;
        return vm.addr(meterKeys[i]);
    }

    function open(bytes32 act) private {
        follow();
        Sale storage sale = sales.push();
        sale.form = delivery;
        ++done[act];
    }

    function record(Sale storage sale, Delivery memory terms, Settlement memory made, uint256 energy) private {
        uint64 delivered = sale.before + uint64(energy);
        sale.paidShare += uint256(terms.share) * delivered / terms.energy - uint256(terms.share) * sale.before
        / terms.energy;
        sale.paidTax += uint256(terms.tax) * delivered / terms.energy - uint256(terms.tax) * sale.before / terms.energy;
        sale.before = delivered;
        sold[terms.source] += energy;
        if (!made.last) return;
        bytes32 id = Deliveries.id(sale.form);
        sale.disputed = board.disputeOf(id).until != 0;
        sale.claimed = board.disputeOf(id).claimed;
        sale.over = !sale.disputed;
    }

    function endDispute(Sale storage sale, Delivery memory terms, uint64 delivered) private {
        sold[terms.source] += delivered - sale.before;
        (sale.disputed, sale.over, sale.before) = (false, true, delivered);
    }

    /// The money for a sale that is not over is what is not paid of it; for one that is over, nothing.
    function checkSale(Sale memory sale) private view returns (uint256 locked) {
        bytes32 id = Deliveries.id(sale.form);
        Delivery memory terms = Deliveries.parse(sale.form);
        locked = lockedFor(terms.buyer, id);
        if (!sale.over && !sale.disputed) {
            assertEq(locked, uint256(terms.share) + terms.tax - sale.paidShare - sale.paidTax);
            assertEq(board.progressOf(id), sale.before);
            return locked;
        }
        assertEq(locked, 0);
        locked = lockedFor(terms.buyer, keccak256(abi.encode("dispute", id)));
        assertTrue(sale.disputed || locked == 0, "nothing is left of what is over");
    }

    /// The meter counts so much, and signs the span since it was asked last, as far as the deadline.
    function count(Delivery memory terms, bool isSource, uint64 energy) private returns (SpanReport memory made) {
        uint256 key = keyOf(isSource ? terms.source : terms.sink);
        mapping(uint256 => uint64) storage register = isSource ? exports : imports;
        uint64 from = register[key];
        register[key] += energy;
        uint64 opened = terms.opened;
        uint64 closed = uint64(time < terms.deadline ? time : terms.deadline);
        made.span = uint256(opened) << 192 | uint256(closed) << 128 | uint256(from) << 64 | register[key];
        bytes32 digest = keccak256(
            abi.encodePacked(
                store.spanDomain(),
                Deliveries.id(Deliveries.pack(terms)),
                vm.addr(key),
                uint8(isSource ? Flow.Export : Flow.Import),
                made.span
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        (made.r, made.vs) = (r, bytes32(uint256(s) | uint256(v - 27) << 255));
    }

    /// Mostly one of the latest, which are still open; sometimes any.
    function recent(uint256 lot, uint256 length) private pure returns (uint256) {
        uint256 range = lot >> 230 & 3 == 0 || length < 4 ? length : 4;
        return length - 1 - lot % range;
    }

    function who(uint256 lot) private view returns (address) {
        return people[lot % 4];
    }

    function isThere(SpanReport memory made) private pure returns (bool) {
        return made.r != 0;
    }
}
