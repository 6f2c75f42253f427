// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Settlement} from "../src/Deliverer.sol";
import {Market} from "./support/Market.sol";

/// @title What trading costs, between members who have traded before. Run with --isolate.
contract BoardGasTest is Market {
    function setUp() external {
        deployMarket();
        openStore(2e6);
        fill(60e6);
        fund(ALICE, 1 ether);
        fund(address(taxes), 1 ether);
        // Everybody has traded once.
        sell(5e6, PRICE);
        buy(BOB, 1e6);
        settle(settlement(1.05e6, 1.05e6));
        buy(DORA, 1e6);
        settle(settlement(1.05e6, 1.05e6));
    }

    function test_Post() external {
        sell(10e6, PRICE);
        uint256 gas = vm.snapshotGasLastCall("gas", "post an advert");
        assertTrue(gas <= 75_000, "an advert costs at most 75,000");
        ask(BOB, 3e6, PRICE, false);
        gas = vm.snapshotGasLastCall("gas", "post a demand");
        assertTrue(gas <= 75_000, "a demand costs at most 75,000");
    }

    function test_OfferAndAccept() external {
        ask(BOB, 3e6, PRICE, false);
        vm.prank(ALICE);
        demands.offerToSell(wanted, false);
        uint256 gas = vm.snapshotGasLastCall("gas", "offer to sell from the store");
        assertTrue(gas <= 80_000, "an offer costs at most 80,000");
        vm.prank(BOB);
        demands.accept(wanted, ALICE);
        gas = vm.snapshotGasLastCall("gas", "accept an offer");
        assertTrue(gas <= 98_000, "an acceptance costs at most 98,000");
    }

    function test_OfferFirstCome() external {
        ask(BOB, 3e6, PRICE, true);
        vm.prank(ALICE);
        demands.offerToSell(wanted, false);
        uint256 gas = vm.snapshotGasLastCall("gas", "offer to sell, first come");
        assertTrue(gas <= 122_000, "an offer that is taken at once costs at most 122,000");
    }

    function test_Buy() external {
        sell(10e6, PRICE);
        buy(BOB, 4e6);
        uint256 gas = vm.snapshotGasLastCall("gas", "buy a part of an advert");
        assertTrue(gas <= 85_000, "a purchase of a part costs at most 85,000");
        buy(DORA, 6e6);
        gas = vm.snapshotGasLastCall("gas", "buy an advert, all of it");
        assertTrue(gas <= 80_000, "a purchase of the whole costs at most 80,000");
    }

    function test_Settle() external {
        sell(10e6, PRICE);
        buy(BOB, 4e6);
        settle(settlement(4.1e6, 4.2e6));
        uint256 gas = vm.snapshotGasLastCall("gas", "settle a delivery");
        assertTrue(gas <= 91_000, "a settlement costs at most 91,000");
    }

    function test_SettlePart() external {
        sell(10e6, PRICE);
        buy(BOB, 4e6);
        settle(settlement(2.1e6, 2.2e6));
        vm.snapshotGasLastCall("gas", "settle a delivery that stopped half way");
    }

    function test_SettleEight_OneBuyer() external {
        board.settle(eight(false));
        uint256 gas = vm.snapshotGasLastCall("gas", "settle eight deliveries to one buyer");
        assertTrue(gas <= 8 * 44_300, "a settlement of eight costs at most 44,300 each");
    }

    function test_SettleEight_TwoBuyers() external {
        board.settle(eight(true));
        vm.snapshotGasLastCall("gas", "settle eight deliveries to two buyers");
    }

    function eight(bool two) private returns (Settlement[] memory made) {
        made = new Settlement[](8);
        sell(20e6, PRICE);
        for (uint256 i = 0; i < 8; ++i) {
            buy(two && i % 2 == 1 ? DORA : BOB, 2e6);
            made[i] = settlement(2.1e6, 2.2e6);
        }
    }
}
