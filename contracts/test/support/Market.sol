// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advert, Adverts} from "../../src/Advert.sol";
import {AnchorInput, LeafExtras} from "../../src/Anchors.sol";
import {Board} from "../../src/Board.sol";
import {Deliverer, Settlement} from "../../src/Deliverer.sol";
import {Deliveries, Delivery} from "../../src/Delivery.sol";
import {Demand, DemandForms} from "../../src/Demand.sol";
import {Demands} from "../../src/Demands.sol";
import {Admission, Role} from "../../src/Members.sol";
import {Leaf, MerkleSum} from "../../src/MerkleSum.sol";
import {Commodity, Kind, MeterInput} from "../../src/Meters.sol";
import {ProvenReading} from "../../src/ProvenReading.sol";
import {Reading} from "../../src/Reading.sol";
import {Flow, SpanReport} from "../../src/SpanReport.sol";
import {Turn} from "../../src/Storage.sol";
import {Taxes} from "../../src/Taxes.sol";
import {Ledger} from "./Ledger.sol";
import {Vm} from "./Vm.sol";

/// @title A board with a store, Alice and Carol who fill it, Bob and Dora who buy; their meters count what tests say.
abstract contract Market is Ledger {
    address internal constant CAROL = address(0xCA201);
    address internal constant DORA = address(0xD02A);
    uint256 internal constant STORE_KEY = 0x5702E;
    uint256 internal constant BOB_KEY = 0xB0B1;
    uint256 internal constant CAROL_KEY = 0xCA202;
    uint256 internal constant DORA_KEY = 0xD02B;
    bytes32 internal constant BOBS = keccak256("Bob's premises");
    bytes32 internal constant CAROLS = keccak256("Carol's premises");
    bytes32 internal constant DORAS = keccak256("Dora's premises");
    uint96 internal constant PRICE = 0.1 ether;

    Board internal board;
    Demands internal demands;
    Taxes internal taxes;

    /// Where the meters' registers stand.
    mapping(uint256 key => uint64) internal imports;
    mapping(uint256 key => uint64) internal exports;
    uint256 internal interval;

    /// What the events told last.
    bytes32[3] internal advert;
    bytes32[2] internal wanted;
    bytes32[6] internal delivery;

    function deployMarket() internal {
        deployMoney(1);
        taxes = new Taxes(council, vault);
        board = new Board(council, members, meters, anchors, vault, store, taxes);
        demands = new Demands(board);
        enter("Taxes", address(taxes));
        enter("Board", address(board));
        enter("Demands", address(demands));
        enter("Storage", address(store));
        vault.admitModule("Board");
        vault.admitModule("Demands");
        store.admitMarket("Board");
        store.admitMarket("Demands");
        vm.warp(FIRST - LENGTH - 1);
        admitWith(BOB, Role.Consumer, BOBS, BOB_KEY);
        admitWith(CAROL, Role.Producer, CAROLS, CAROL_KEY);
        admitWith(DORA, Role.Prosumer, DORAS, DORA_KEY);
        board.takeOverRole(ALICE);
        vm.prank(ALICE);
        board.chooseMeter(vm.addr(METER_KEY));
        register(MeterInput(vm.addr(STORE_KEY), Kind.Storage, Commodity.Electricity, GRID, 0, address(0), FIRMWARE));
        vm.prank(address(meters));
        anchors.gridChanged(GRID, address(0), 2);
        fund(BOB, 100 ether);
        fund(DORA, 100 ether);
        vm.recordLogs();
    }

    function admitWith(address account, Role role, bytes32 premises, uint256 key) internal {
        Admission[] memory admissions = new Admission[](1);
        admissions[0] = Admission(account, role, premises);
        vm.prank(regulators[0]);
        members.admitMany(admissions);
        MeterInput memory made = premisesMeter(vm.addr(key), GRID, account);
        made.premises = premises;
        register(made);
    }

    function fund(address account, uint256 amount) internal {
        vm.deal(address(this), amount);
        vault.depositFor{value: amount}(account, amount);
    }

    /// Opens the store with so much in it that belongs to nobody.
    function openStore(uint64 level) internal {
        (ProvenReading memory reading,) = pair(STORE_KEY, METER_KEY);
        vm.prank(regulators[0]);
        store.openStore(GRID, level, reading);
    }

    /// Alice exports so much into the store, in an interval of her own.
    function fill(uint64 energy) internal {
        fill(ALICE, METER_KEY, PREMISES, energy);
    }

    function fill(address seller, uint256 key, bytes32 premises, uint64 energy) internal {
        (ProvenReading memory reading, Turn[] memory turns) = turn(seller, key, premises, energy, energy);
        vm.prank(OPERATOR);
        store.deposit(GRID, reading, turns);
    }

    /// A turn in which the seller's meter exports and the store's imports so much.
    function turn(address seller, uint256 key, bytes32 premises, uint64 out, uint64 intake)
        internal
        returns (ProvenReading memory reading, Turn[] memory turns)
    {
        turns = new Turn[](1);
        (, ProvenReading memory opening) = pair(STORE_KEY, key);
        exports[key] += out;
        imports[STORE_KEY] += intake;
        ProvenReading memory closing;
        (reading, closing) = pair(STORE_KEY, key);
        turns[0] = Turn(seller, premises, out, opening, closing);
    }

    /// Anchors the next interval with two meters' readings at its end.
    function pair(uint256 first, uint256 second)
        internal
        returns (ProvenReading memory one, ProvenReading memory other)
    {
        uint64 end = FIRST + uint64(interval++) * LENGTH;
        if (vm.getBlockTimestamp() > end) {
            interval = (vm.getBlockTimestamp() - FIRST) / LENGTH + 1;
            end = FIRST + uint64(interval++) * LENGTH;
            skipTo(end - LENGTH);
        }
        Leaf memory left;
        Leaf memory right;
        (one, left) = leafFor(first, end);
        (other, right) = leafFor(second, end);
        (bytes32 a, bytes32 b) = (MerkleSum.hashLeaf(left), MerkleSum.hashLeaf(right));
        bytes32 root = MerkleSum.hashNode(a, 1000, 500, b, 1000, 500);
        (one.root, other.root, other.index) = (root, root, 1);
        one.siblings = abi.encodePacked(b, uint64(1000), uint64(500));
        other.siblings = abi.encodePacked(a, uint64(1000), uint64(500));
        vm.warp(end + 60);
        commitInterval(end, root);
    }

    /// Intervals are contiguous: those in which nothing happened are anchored too.
    function skipTo(uint64 start) internal {
        uint64 next = anchors.anchoredUntil(GRID);
        for (; next != 0 && next < start; next += LENGTH) {
            commitInterval(next + LENGTH, keccak256("nothing"));
        }
    }

    function sell(uint64 energy, uint96 price) internal returns (bytes32 id) {
        vm.prank(ALICE);
        id = board.advertise(GRID, energy, price);
        follow();
    }

    function buy(address buyer, uint64 energy) internal returns (bytes32 id) {
        vm.prank(buyer);
        id = board.buy(advert, energy, type(uint256).max);
        follow();
    }

    function ask(address buyer, uint64 energy, uint96 price, bool firstCome) internal returns (bytes32 id) {
        vm.prank(buyer);
        id = demands.demand(GRID, energy, price, uint40(vm.getBlockTimestamp() + 1 days), firstCome);
        follow();
    }

    /// Both meters of the last delivery count so much from now on, for ten minutes, and sign it.
    function settlement(uint64 out, uint64 arrived) internal returns (Settlement memory made) {
        made = settlement(delivery, keyOf(parsed().source), keyOf(parsed().sink), out, arrived);
    }

    function settlement(bytes32[6] memory form, uint256 source, uint256 sink, uint64 out, uint64 arrived)
        internal
        returns (Settlement memory made)
    {
        uint64 opened = uint64(vm.getBlockTimestamp());
        vm.warp(opened + 600);
        made.delivery = form;
        made.last = true;
        bytes32 id = Deliveries.id(form);
        made.source = report(source, id, Flow.Export, opened, exports[source], exports[source] + out);
        exports[source] += out;
        made.sink = report(sink, id, Flow.Import, opened, imports[sink], imports[sink] + arrived);
        imports[sink] += arrived;
    }

    function report(uint256 key, bytes32 subject, Flow flow, uint64 opened, uint64 from, uint64 to)
        internal
        view
        returns (SpanReport memory made)
    {
        made.span = uint256(opened) << 192 | uint256(vm.getBlockTimestamp()) << 128 | uint256(from) << 64 | to;
        bytes32 digest = keccak256(abi.encodePacked(store.spanDomain(), subject, vm.addr(key), uint8(flow), made.span));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        made.r = r;
        made.vs = bytes32(uint256(s) | uint256(v - 27) << 255);
    }

    function settle(Settlement memory made) internal {
        vm.prank(OPERATOR);
        board.settle(only(made));
    }

    function refuse(Settlement memory made, bytes memory why) internal {
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        board.settle(only(made));
    }

    function only(Settlement memory made) internal pure returns (Settlement[] memory all) {
        all = new Settlement[](1);
        all[0] = made;
    }

    function parsed() internal view returns (Delivery memory) {
        return Deliveries.parse(delivery);
    }

    function parsedAdvert() internal view returns (Advert memory) {
        return Adverts.parse(advert);
    }

    function parsedDemand() internal view returns (Demand memory) {
        return DemandForms.parse(wanted);
    }

    function lockedFor(address account, bytes32 id) internal view returns (uint256) {
        return vault.lockedFor(address(board), account, id);
    }

    /// While a demand waits.
    function lockedForDemand(address account, bytes32 id) internal view returns (uint256) {
        return vault.lockedFor(address(demands), account, id);
    }

    function keyOf(address meter) internal pure returns (uint256) {
        uint256[5] memory keys = [STORE_KEY, METER_KEY, BOB_KEY, CAROL_KEY, DORA_KEY];
        for (uint256 i = 0; i < 5; ++i) {
            if (vm.addr(keys[i]) == meter) return keys[i];
        }
        revert NotTrue("a meter of the market");
    }

    function follow() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (logs[i].emitter == address(demands) && topic == Demands.DemandPosted.selector) {
                wanted = abi.decode(logs[i].data, (bytes32[2]));
            }
            if (logs[i].emitter != address(board)) continue;
            if (topic == Board.AdvertPosted.selector) advert = abi.decode(logs[i].data, (bytes32[3]));
            if (topic == Deliverer.DeliveryOpened.selector) delivery = abi.decode(logs[i].data, (bytes32[6]));
        }
    }

    function leafFor(uint256 key, uint64 end) private view returns (ProvenReading memory proof, Leaf memory leaf) {
        Reading memory reading = plain(key, end, imports[key], exports[key]);
        proof.wire = wire(key, reading);
        proof.version = 1;
        proof.count = 2;
        (proof.importSum, proof.exportSum) = (2000, 1000);
        proof.extras = LeafExtras(1000, 500, reading.flags, keccak256("salt"));
        leaf = leafOf(reading, proof.extras, anchors.readingDigest(reading));
    }

    function commitInterval(uint64 end, bytes32 root) private {
        AnchorInput[] memory inputs = new AnchorInput[](1);
        inputs[0] = AnchorInput(GRID, end - LENGTH, 1, root, 2, 2000, 1000, "");
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
    }
}
