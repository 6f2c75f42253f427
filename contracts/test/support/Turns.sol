// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channels, Terms} from "../../src/Channels.sol";
import {Settlement} from "../../src/Deliverer.sol";
import {Deliveries, Delivery} from "../../src/Delivery.sol";
import {Market} from "./Market.sol";

/// @title A channel in which Alice pays Carol, and the turns of energy that both their meters sign.
abstract contract Turns is Market {
    uint64 internal constant MOST = 5e6;
    uint16 internal constant LOSS = 200;

    Channels internal channels;
    bytes32 internal channel;
    Terms internal terms;

    function deployTurns() internal {
        deployMarket();
        channels = new Channels(vault, members, meters);
        enter("Channels", address(channels));
        vault.admitModule("Channels");
        store.admitMarket("Channels");
        fund(ALICE, 10 ether);
        vm.warp(FIRST);
        (channel, terms) = openFor(FIRST + 1 days);
    }

    function openFor(uint256 end) internal returns (bytes32 id, Terms memory made) {
        made = Terms(ALICE, CAROL, ALICE, PRICE, uint40(vm.getBlockTimestamp()));
        vm.prank(ALICE);
        id = channels.open(CAROL, address(0), PRICE, uint40(end), 1 ether);
    }

    /// One that begins now.
    function turn() internal view returns (Delivery memory made) {
        (made.seller, made.buyer) = (CAROL, ALICE);
        (made.source, made.sink) = (meterOf(CAROL_KEY), meterOf(METER_KEY));
        (made.microgrid, made.energy, made.loss, made.origin) = (GRID, MOST, LOSS, channel);
        made.opened = uint40(vm.getBlockTimestamp());
        made.deadline = made.opened + 3 hours;
    }

    function run(Delivery memory made, uint64 out, uint64 arrived) internal returns (Settlement memory) {
        return settlement(Deliveries.pack(made), keyOf(made.source), keyOf(made.sink), out, arrived);
    }

    function count(Settlement memory made) internal {
        vm.prank(ANYONE);
        channels.count(terms, made.delivery, made.source, made.sink);
    }

    function idOf(Settlement memory made) internal pure returns (bytes32) {
        return Deliveries.id(made.delivery);
    }

    function meterOf(uint256 key) internal pure returns (address) {
        return vm.addr(key);
    }
}
