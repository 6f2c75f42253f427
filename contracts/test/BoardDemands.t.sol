// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Demand, Demands} from "../src/Advert.sol";
import {Board} from "../src/Board.sol";
import {Delivery} from "../src/Delivery.sol";
import {Credit, Storage} from "../src/Storage.sol";
import {Vault} from "../src/Vault.sol";
import {Market} from "./support/Market.sol";

contract BoardDemandsTest is Market {
    function setUp() external {
        deployMarket();
        openStore(2e6);
        fill(60e6);
    }

    function test_Demand_LocksPriceAndHighestTax() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        Demand memory made = parsedDemand();
        assertEq(id, Demands.id(wanted));
        assertEq(made.buyer, BOB);
        assertEq(made.microgrid, GRID);
        assertEq(made.posted, vm.getBlockTimestamp());
        assertEq(made.until, vm.getBlockTimestamp() + 1 days);
        assertEq(made.price, PRICE);
        assertEq(made.energy, 4e6);
        assertEq(made.tax, 500);
        assertTrue(!made.firstCome, "buyer accepts");
        assertEq(lockedFor(BOB, id), 0.42 ether);
    }

    function test_Demand_Refusals() external {
        uint40 until = uint40(vm.getBlockTimestamp() + 1 days);
        refuse(CAROL, 1e6, PRICE, until, abi.encodeWithSelector(Board.MayNotBuy.selector, CAROL));
        refuse(BOB, 999, PRICE, until, abi.encodeWithSelector(Board.EnergyTooLittle.selector, 999, 1000));
        refuse(BOB, 1e6, 0, until, abi.encodeWithSelector(Board.PriceOutOfRange.selector, 0, 1 ether));
        refuse(BOB, 1000, 999, until, abi.encodeWithSelector(Board.ShareTooLittle.selector, 0, 1));
        uint256 now_ = vm.getBlockTimestamp();
        for (uint256 i = 0; i < 2; ++i) {
            until = uint40(i == 0 ? now_ : now_ + 30 days + 1);
            refuse(
                BOB, 1e6, PRICE, until, abi.encodeWithSelector(Board.WrongEnd.selector, until, now_ + 1, now_ + 30 days)
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
        refuse(DORA, 1e6, PRICE, uint40(now_ + 1 days), abi.encodeWithSelector(Board.AlreadyPosted.selector, id));
    }

    function test_Accept_FromTheStore() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        assertCredit(50e6, 4e6);
        assertTrue(board.offerOf(id, ALICE).stored, "from the store");
        accept(ALICE);
        Delivery memory made = parsed();
        assertEq(made.seller, ALICE);
        assertEq(made.buyer, BOB);
        assertEq(made.source, vm.addr(STORE_KEY));
        assertEq(made.share, 0.4 ether);
        assertEq(made.tax, 0.008 ether);
        assertEq(made.origin, id);
        assertEq(lockedFor(BOB, id), 0);
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
        refuseOffer(CAROL, true, abi.encodeWithSelector(Board.DemandNotLive.selector, id));
    }

    function test_Offer_Refusals() external {
        bytes32 id = ask(DORA, 4e6, PRICE, false);
        refuseOffer(BOB, true, abi.encodeWithSelector(Board.MayNotSell.selector, BOB));
        refuseOffer(DORA, true, abi.encodeWithSelector(Board.OwnEnergy.selector, DORA));
        refuseOffer(CAROL, false, abi.encodeWithSelector(Storage.CreditTooLittle.selector, CAROL, 0, 4e6));
        vm.prank(regulators[0]);
        meters.retire(vm.addr(CAROL_KEY));
        refuseOffer(CAROL, true, abi.encodeWithSelector(Board.NoMeter.selector, CAROL, GRID));
        offer(ALICE, true);
        refuseOffer(ALICE, true, abi.encodeWithSelector(Board.OfferAlreadyMade.selector, id, ALICE));
        vm.warp(parsedDemand().until);
        refuseOffer(
            ALICE,
            true,
            abi.encodeWithSelector(Board.DemandExpired.selector, id, vm.getBlockTimestamp(), vm.getBlockTimestamp())
        );
    }

    function test_Accept_Refusals() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Board.NoOffer.selector, id, ALICE));
        offer(ALICE, false);
        refuseAccept(DORA, ALICE, abi.encodeWithSelector(Board.NotBuyer.selector, DORA, BOB));
        vm.prank(regulators[0]);
        members.remove(ALICE);
        refuseAccept(BOB, ALICE, abi.encodeWithSelector(Board.MayNotSell.selector, ALICE));
        vm.warp(parsedDemand().until);
        refuseAccept(
            BOB,
            ALICE,
            abi.encodeWithSelector(Board.DemandExpired.selector, id, vm.getBlockTimestamp(), vm.getBlockTimestamp())
        );
    }

    function test_CloseDemand_BuyerUntilItIsTakenOthersWhenOver() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        vm.expectRevert(abi.encodeWithSelector(Board.NotBuyer.selector, address(this), BOB));
        board.closeDemand(wanted);
        vm.prank(BOB);
        board.closeDemand(wanted);
        assertEq(vault.freeOf(BOB), 100 ether);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Board.DemandNotLive.selector, id));
        board.closeDemand(wanted);
        ask(BOB, 5e6, PRICE, false);
        vm.warp(parsedDemand().until);
        board.closeDemand(wanted);
        assertEq(vault.freeOf(BOB), 100 ether);
        ask(BOB, 6e6, PRICE, false);
        vm.prank(regulators[0]);
        members.remove(BOB);
        board.closeDemand(wanted);
        assertEq(vault.freeOf(BOB), 100 ether);
    }

    function test_CloseDemand_TakenRefused() external {
        bytes32 id = ask(BOB, 4e6, PRICE, true);
        offer(ALICE, false);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Board.DemandNotLive.selector, id));
        board.closeDemand(wanted);
    }

    function test_WithdrawOffer_SellerAtAnyTimeOthersWhenOver() external {
        bytes32 id = ask(BOB, 4e6, PRICE, false);
        offer(ALICE, false);
        vm.expectRevert(abi.encodeWithSelector(Board.OfferStands.selector, id, ALICE));
        board.withdrawOffer(wanted, ALICE);
        vm.prank(ALICE);
        board.withdrawOffer(wanted, ALICE);
        assertCredit(54e6, 0);
        vm.expectRevert(abi.encodeWithSelector(Board.NoOffer.selector, id, ALICE));
        board.withdrawOffer(wanted, ALICE);
        offer(ALICE, false);
        vm.prank(BOB);
        board.closeDemand(wanted);
        board.withdrawOffer(wanted, ALICE);
        assertCredit(54e6, 0);
        ask(BOB, 5e6, PRICE, false);
        offer(ALICE, false);
        vm.prank(regulators[0]);
        members.remove(ALICE);
        board.withdrawOffer(wanted, ALICE);
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
        board.withdrawOffer(wanted, CAROL);
        assertEq(store.creditOf(GRID, CAROL).free, 9e6);
    }

    /// The tax table may rise between: the buyer pays no more than what was locked.
    function test_Accept_TaxAboveWhatIsLocked_IsNotCharged() external {
        uint40 until = uint40(vm.getBlockTimestamp() + 20 days);
        vm.prank(BOB);
        board.demand(GRID, 4e6, PRICE, until, false);
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

    function offer(address seller, bool direct) private returns (bytes32 opened) {
        vm.prank(seller);
        opened = board.offerToSell(wanted, direct);
        follow();
    }

    function accept(address seller) private {
        vm.prank(parsedDemand().buyer);
        board.accept(wanted, seller);
        follow();
    }

    function refuse(address buyer, uint64 energy, uint96 price, uint40 until, bytes memory why) private {
        vm.prank(buyer);
        vm.expectRevert(why);
        board.demand(GRID, energy, price, until, false);
    }

    function refuseOffer(address seller, bool direct, bytes memory why) private {
        vm.prank(seller);
        vm.expectRevert(why);
        board.offerToSell(wanted, direct);
    }

    function refuseAccept(address buyer, address seller, bytes memory why) private {
        vm.prank(buyer);
        vm.expectRevert(why);
        board.accept(wanted, seller);
    }

    function assertCredit(uint256 free, uint256 committed) private view {
        Credit memory credit = store.creditOf(GRID, ALICE);
        assertEq(credit.free, free);
        assertEq(credit.committed, committed);
    }
}
