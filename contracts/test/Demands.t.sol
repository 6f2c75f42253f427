// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Board, Purchase} from "../src/Board.sol";
import {Delivery} from "../src/Delivery.sol";
import {Demand, DemandForms} from "../src/Demand.sol";
import {Demands} from "../src/Demands.sol";
import {MarketRules} from "../src/MarketRules.sol";
import {Credit, Storage} from "../src/Storage.sol";
import {Traders} from "../src/Trader.sol";
import {Vault} from "../src/Vault.sol";
import {Market} from "./support/Market.sol";

contract DemandsTest is Market {
    function setUp() external {
        deployMarket();
        openStore(2e6);
        fill(60e6);
    }

    function test_Demand_LocksPriceAndHighestTax() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        Demand memory made = parsedDemand();
        assertEq(id, DemandForms.id(wanted));
        assertEq(made.buyer, BOB);
        assertEq(made.microgrid, GRID);
        assertEq(made.posted, vm.getBlockTimestamp());
        assertEq(made.until, vm.getBlockTimestamp() + 1 days);
        assertEq(made.price, PRICE);
        assertEq(made.energy, 4e6);
        assertEq(made.tax, 500);
        assertTrue(!made.firstCome, "buyer accepts");
        assertEq(lockedForDemand(BOB, id), 0.42 ether);
    }

    function test_Demand_Refusals() external {
        uint40 until = uint40(vm.getBlockTimestamp() + 1 days);
        refuse(CAROL, 1e6, PRICE, until, abi.encodeWithSelector(Traders.MayNotBuy.selector, CAROL));
        refuse(BOB, 999, PRICE, until, abi.encodeWithSelector(MarketRules.EnergyTooLittle.selector, 999, 1000));
        refuse(BOB, 1e6, 0, until, abi.encodeWithSelector(MarketRules.PriceOutOfRange.selector, 0, 1 ether));
        refuse(BOB, 1e11 + 1, PRICE, until, abi.encodeWithSelector(MarketRules.EnergyTooMuch.selector, 1e11 + 1, 1e11));
        bytes memory why = abi.encodeWithSelector(MarketRules.PriceOutOfRange.selector, 1 ether + 1, 1 ether);
        refuse(BOB, 1e6, 1 ether + 1, until, why);
        refuse(BOB, 1000, 999, until, abi.encodeWithSelector(Demands.ShareTooLittle.selector, 0, 1));
        uint256 now_ = vm.getBlockTimestamp();
        for (uint256 i = 0; i < 2; ++i) {
            until = uint40(i == 0 ? now_ : now_ + 30 days + 1);
            refuse(
                BOB,
                1e6,
                PRICE,
                until,
                abi.encodeWithSelector(Demands.WrongEnd.selector, until, now_ + 1, now_ + 30 days)
            );
        }
        vm.prank(BOB);
        vault.withdraw(100 ether - 0.105 ether + 1);
        refuse(
            BOB,
            1e6,
            PRICE,
            uint40(now_ + 1 days),
            abi.encodeWithSelector(Vault.FreeTooLittle.selector, BOB, 0.105 ether - 1, 0.105 ether)
        );
        bytes32 id = ask(DORA, 1e6, PRICE, false);
        refuse(DORA, 1e6, PRICE, uint40(now_ + 1 days), abi.encodeWithSelector(Demands.AlreadyPosted.selector, id));
    }

    function test_Accept_FromTheStore() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        assertCredit(50e6, 4e6);
        assertTrue(demands.offerOf(id, ALICE).stored, "from the store");
        accept(ALICE);
        Delivery memory made = parsed();
        assertEq(made.seller, ALICE);
        assertEq(made.buyer, BOB);
        assertEq(made.source, vm.addr(STORE_KEY));
        assertEq(made.share, 0.4 ether);
        assertEq(made.tax, 0.008 ether);
        assertEq(made.origin, id);
        assertEq(lockedForDemand(BOB, id), 0);
        // What was locked for a higher tax is free again.
        assertEq(vault.freeOf(BOB), 100 ether - 0.408 ether);
        settle(settlement(4.1e6, 4.1e6));
        assertEq(vault.freeOf(ALICE), 0.4 ether);
        assertCredit(50e6, 0);
    }

    function test_Accept_DirectFromTheSellersOwnExport() external {
        ask(BOB, 4e6, PRICE, false);
        offer(CAROL, true);
        accept(CAROL);
        assertEq(parsed().source, vm.addr(CAROL_KEY));
        assertTrue(!parsed().stored, "not out of the store");
        settle(settlement(4.1e6, 4.1e6));
        assertEq(vault.freeOf(CAROL), 0.4 ether);
        assertEq(store.useOf(vm.addr(CAROL_KEY)).sold, 4e6);
        assertEq(store.useOf(vm.addr(BOB_KEY)).bought, 4e6);
    }

    /// A seller who unplugs half way: what did not come is not paid.
    function test_Direct_SellerUnplugs() external {
        ask(BOB, 4e6, PRICE, true);
        offer(CAROL, true);
        settle(settlement(1e6, 4e6));
        assertEq(vault.freeOf(CAROL), uint256(0.4 ether) * 98 / 400);
        assertEq(vault.freeOf(BOB), 100 ether - uint256(0.408 ether) * 98 / 400);
    }

    function test_FirstCome_IsTakenAtOnce() external {
        bytes32 id = ask(BOB, 4e6, PRICE, true);
        bytes32 opened = offer(ALICE, false);
        assertEq(parsed().origin, id);
        assertEq(lockedFor(BOB, opened), 0.408 ether);
        refuseOffer(CAROL, true, abi.encodeWithSelector(Demands.DemandNotLive.selector, id));
    }

    function test_Offer_Refusals() external {
        bytes32 id = ask(DORA, 4e6, PRICE, false);
        refuseOffer(BOB, true, abi.encodeWithSelector(Traders.MayNotSell.selector, BOB));
        refuseOffer(DORA, true, abi.encodeWithSelector(Demands.OwnEnergy.selector, DORA));
        refuseOffer(CAROL, false, abi.encodeWithSelector(Storage.CreditTooLittle.selector, CAROL, 0, 4e6));
        vm.prank(regulators[0]);
        meters.retire(vm.addr(CAROL_KEY));
        refuseOffer(CAROL, true, abi.encodeWithSelector(Traders.NoMeter.selector, CAROL, GRID));
        offer(ALICE, true);
        refuseOffer(ALICE, true, abi.encodeWithSelector(Demands.OfferAlreadyMade.selector, id, ALICE));
        vm.warp(parsedDemand().until);
        refuseOffer(
            ALICE,
            true,
            abi.encodeWithSelector(Demands.DemandExpired.selector, id, vm.getBlockTimestamp(), vm.getBlockTimestamp())
        );
    }

    function test_Accept_Refusals() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Demands.NoOffer.selector, id, ALICE));
        offer(ALICE, false);
        refuseAccept(DORA, ALICE, abi.encodeWithSelector(Demands.NotBuyer.selector, DORA, BOB));
        vm.prank(regulators[0]);
        members.remove(ALICE);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Traders.MayNotSell.selector, ALICE));
        vm.warp(parsedDemand().until);
        refuseAccept(
            BOB,
            ALICE,
            abi.encodeWithSelector(Demands.DemandExpired.selector, id, vm.getBlockTimestamp(), vm.getBlockTimestamp())
        );
    }

    function test_CloseDemand_BuyerUntilItIsTakenOthersWhenOver() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        vm.expectRevert(abi.encodeWithSelector(Demands.NotBuyer.selector, address(this), BOB));
        demands.closeDemand(wanted);
        vm.prank(BOB);
        demands.closeDemand(wanted);
        assertEq(vault.freeOf(BOB), 100 ether);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Demands.DemandNotLive.selector, id));
        demands.closeDemand(wanted);
        ask(BOB, 5e6, PRICE, false);
        vm.warp(parsedDemand().until);
        demands.closeDemand(wanted);
        assertEq(vault.freeOf(BOB), 100 ether);
        ask(BOB, 6e6, PRICE, false);
        vm.prank(regulators[0]);
        members.remove(BOB);
        demands.closeDemand(wanted);
        assertEq(vault.freeOf(BOB), 100 ether);
    }

    function test_CloseDemand_TakenRefused() external {
        bytes32 id = ask(BOB, 4e6, PRICE, true);
        offer(ALICE, false);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Demands.DemandNotLive.selector, id));
        demands.closeDemand(wanted);
    }

    function test_WithdrawOffer_SellerAtAnyTimeOthersWhenOver() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        vm.expectRevert(abi.encodeWithSelector(Demands.OfferStands.selector, id, ALICE));
        demands.withdrawOffer(wanted, ALICE);
        vm.prank(ALICE);
        demands.withdrawOffer(wanted, ALICE);
        assertCredit(54e6, 0);
        vm.expectRevert(abi.encodeWithSelector(Demands.NoOffer.selector, id, ALICE));
        demands.withdrawOffer(wanted, ALICE);
        offer(ALICE, false);
        vm.prank(BOB);
        demands.closeDemand(wanted);
        demands.withdrawOffer(wanted, ALICE);
        assertCredit(54e6, 0);
        ask(BOB, 5e6, PRICE, false);
        offer(ALICE, false);
        vm.prank(regulators[0]);
        members.remove(ALICE);
        demands.withdrawOffer(wanted, ALICE);
        assertCredit(54e6, 0);
    }

    /// Others' offers do not vanish with their credit when one is accepted.
    function test_Accept_OthersTakeTheirsBack() external {
        fill(CAROL, CAROL_KEY, CAROLS, 10e6);
        ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        offer(CAROL, false);
        accept(ALICE);
        assertEq(store.creditOf(GRID, CAROL).committed, 4e6);
        demands.withdrawOffer(wanted, CAROL);
        assertEq(store.creditOf(GRID, CAROL).free, 9e6);
    }

    /// The tax table may rise between: the buyer pays no more than what was locked.
    function test_Accept_TaxAboveWhatIsLocked_IsNotCharged() external {
        uint40 until = uint40(vm.getBlockTimestamp() + 20 days);
        vm.prank(BOB);
        demands.demand(GRID, 4e6, PRICE, until, false);
        follow();
        vm.prank(regulators[0]);
        uint256 proposal = council.proposeRule("taxFirstSlabShare", 0, 5000);
        vm.prank(regulators[1]);
        council.vote(proposal, true);
        vm.warp(vm.getBlockTimestamp() + 7 days);
        council.execute(proposal);
        offer(ALICE, false);
        accept(ALICE);
        assertEq(parsed().tax, 0.02 ether);
        assertEq(vault.freeOf(BOB), 100 ether - 0.42 ether);
    }

    function test_Offer_Barred() external {
        ask(BOB, 4e6, PRICE, false);
        warn(FIRMWARE);
        refuseOffer(ALICE, true, abi.encodeWithSelector(Traders.Barred.selector, ALICE));
    }

    /// Who was barred since the demand, or the offer, does not trade by it.
    function test_Accept_BuyerBarredSince() external {
        acceptAfterWarning(vm.addr(METER_KEY), BOB);
    }

    function test_Accept_SellerBarredSince() external {
        acceptAfterWarning(vm.addr(BOB_KEY), ALICE);
    }

    function test_Accept_BuyersMeterGone() external {
        ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        vm.prank(regulators[0]);
        meters.retire(vm.addr(BOB_KEY));
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Traders.NoMeter.selector, BOB, GRID));
    }

    function test_Accept_BuyerRemoved() external {
        ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        vm.prank(regulators[0]);
        members.remove(BOB);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Traders.MayNotBuy.selector, BOB));
    }

    /// The buyer's day counts what was asked for as well as what was bought.
    function test_Accept_TaxIsMarginalOnTheDay() external {
        sell(20e6, PRICE);
        buy(BOB, 4e6);
        ask(BOB, 4e6, PRICE, true);
        offer(ALICE, false);
        assertEq(parsed().tax, 0.1 ether * 2 / uint256(100) + 0.3 ether * 3 / uint256(100));
        assertEq(board.traderOf(BOB).bought, 8e6);
    }

    function test_OpenFor_OnlyTheDirectorysDemands() external {
        Purchase memory purchase;
        (purchase.buyer, purchase.seller, purchase.source) = (BOB, ALICE, vm.addr(STORE_KEY));
        (purchase.microgrid, purchase.energy, purchase.share) = (GRID, 4e6, 0.4 ether);
        address[3] memory others = [BOB, ALICE, address(board)];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(Board.NotDemands.selector, others[i]));
            board.openFor(purchase);
        }
        vm.prank(address(demands));
        board.openFor(purchase);
    }

    /// What waits in a contract that was replaced is not taken any more; money and credit come back.
    function test_Replaced_OpensNothingAndGivesBack() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        uint256 present = vm.getBlockTimestamp();
        Demands next = new Demands(board);
        enter("Demands", address(next));
        vm.warp(present);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Board.NotDemands.selector, demands));
        vault.admitModule("Demands");
        refuse(
            BOB,
            1e6,
            PRICE,
            uint40(present + 1 days),
            abi.encodeWithSelector(Vault.MayNotLock.selector, address(demands))
        );
        vm.prank(ALICE);
        demands.withdrawOffer(wanted, ALICE);
        assertCredit(54e6, 0);
        vm.prank(BOB);
        demands.closeDemand(wanted);
        assertEq(lockedForDemand(BOB, id), 0);
        assertEq(vault.freeOf(BOB), 100 ether);
        demands = next;
        store.admitMarket("Demands");
        ask(BOB, 4e6, PRICE, true);
        offer(ALICE, false);
        assertEq(parsed().energy, 4e6);
    }

    function acceptAfterWarning(address updated, address barred) private {
        ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        vm.prank(regulators[0]);
        meters.recordFirmware(updated, NEWER);
        warn(FIRMWARE);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Traders.Barred.selector, barred));
    }

    function warn(bytes32 firmware) private {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(regulators[i]);
            meters.publishAdvisory(firmware);
        }
    }

    function offer(address seller, bool direct) private returns (bytes32 opened) {
        vm.prank(seller);
        opened = demands.offerToSell(wanted, direct);
        follow();
    }

    function accept(address seller) private {
        vm.prank(parsedDemand().buyer);
        demands.accept(wanted, seller);
        follow();
    }

    function refuse(address buyer, uint64 energy, uint96 price, uint40 until, bytes memory why) private {
        vm.prank(buyer);
        vm.expectRevert(why);
        demands.demand(GRID, energy, price, until, false);
    }

    function refuseOffer(address seller, bool direct, bytes memory why) private {
        vm.prank(seller);
        vm.expectRevert(why);
        demands.offerToSell(wanted, direct);
    }

    function refuseAccept(address buyer, address seller, bytes memory why) private {
        vm.prank(buyer);
        vm.expectRevert(why);
        demands.accept(wanted, seller);
    }

    function assertCredit(uint256 free, uint256 committed) private view {
        Credit memory credit = store.creditOf(GRID, ALICE);
        assertEq(credit.free, free);
        assertEq(credit.committed, committed);
    }
}
