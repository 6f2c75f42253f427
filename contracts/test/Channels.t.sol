// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channel, Channels, Terms, Voucher} from "../src/Channels.sol";
import {Role} from "../src/Members.sol";
import {Vault} from "../src/Vault.sol";
import {ChannelDeployment} from "./support/ChannelDeployment.sol";
import {Bystander} from "./support/VaultDeployment.sol";

/// @title The life of a channel: opening, more money, more time, closing, and what is left when nobody closes.
contract ChannelsTest is ChannelDeployment {
    uint256 private constant OWED = 0.3 ether;
    uint64 private constant ENERGY = 3_000_000;

    function setUp() external {
        deployChannels();
    }

    function test_Open_LocksAndTellsEverything() external {
        opened = uint40(time);
        bytes32 id = channels.idOf(terms());
        vm.expectEmit();
        emit Channels.ChannelOpened(id, PAYER, PAYEE, PAYER, PRICE, end(), AMOUNT);
        assertEq(openOne(), id);
        assertEq(id, keccak256(abi.encode(PAYER, PAYEE, PAYER, PRICE, uint40(time))));
        assertChannel(id, AMOUNT, end());
        assertEq(vault.freeOf(PAYER), 9 ether);
        assertEq(lockedNow(), AMOUNT);
    }

    function test_Open_OnlyBetweenWhoMayBuyAndWhoMaySell() external {
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.MayNotBuy.selector, PAYEE));
        channels.open(PAYER, address(0), PRICE, end(), 1);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.MayNotSell.selector, ANYONE));
        channels.open(ANYONE, address(0), PRICE, end(), 1);
        vm.stopPrank();
        admit(ANYONE, Role.Consumer);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.MayNotSell.selector, ANYONE));
        channels.open(ANYONE, address(0), PRICE, end(), 1);
        vm.startPrank(regulators[0]);
        members.changeRole(ANYONE, Role.Prosumer);
        vm.startPrank(PAYER);
        channels.open(ANYONE, address(0), PRICE, end(), 1);
        vm.stopPrank();
        give(ANYONE, 1);
        vm.prank(ANYONE);
        channels.open(PAYEE, address(0), PRICE, end(), 1);
    }

    function test_Open_BarredRefused() external {
        register(premisesMeter(METER, GRID, PAYER));
        publish();
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.Barred.selector, PAYER));
        channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
    }

    function test_Open_BarredPayeeRefused_UntilTheAdvisoryLapses() external {
        register(premisesMeter(METER, GRID, PAYEE));
        publish();
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.Barred.selector, PAYEE));
        channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
        pass(30 days);
        openOne();
    }

    function test_Open_PayeeThatPaysOrSignsRefused() external {
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.PayeeIsPayer.selector, PAYER));
        channels.open(PAYER, address(0), PRICE, end(), 1);
        vm.expectRevert(abi.encodeWithSelector(Channels.PayeeCannotSign.selector, PAYEE));
        channels.open(PAYEE, PAYEE, PRICE, end(), 1);
    }

    function test_Open_NothingOrMoreThanFreeRefused() external {
        vm.startPrank(PAYER);
        vm.expectRevert(Channels.ZeroAmount.selector);
        channels.open(PAYEE, address(0), PRICE, end(), 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, PAYER, 10 ether, 10 ether + 1));
        channels.open(PAYEE, address(0), PRICE, end(), 10 ether + 1);
        channels.open(PAYEE, address(0), PRICE, end(), 10 ether);
    }

    function test_Open_EndWithinItsBounds() external {
        uint40 now_ = uint40(time);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.EndTooEarly.selector, now_, now_ + 1));
        channels.open(PAYEE, address(0), PRICE, now_, 1);
        vm.expectRevert(
            abi.encodeWithSelector(Channels.EndTooLate.selector, now_ + 366 days + 1, uint256(now_) + 366 days)
        );
        channels.open(PAYEE, address(0), PRICE, now_ + 366 days + 1, 1);
        channels.open(PAYEE, address(0), PRICE, now_ + 366 days, 1);
        channels.open(PAYEE, address(0), PRICE + 1, now_ + 1, 1);
    }

    function test_Open_TwiceInASecondRefused() external {
        bytes32 id = openOne();
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.AlreadyOpen.selector, id));
        channels.open(PAYEE, address(0), PRICE, end() + 1, 5);
        bytes32 dearer = channels.open(PAYEE, address(0), PRICE + 1, end(), AMOUNT);
        pass(1);
        bytes32 later = channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
        assertTrue(id != dearer && id != later && dearer != later, "each its own");
        assertEq(lockedNow(), 3 * uint256(AMOUNT));
    }

    /// In its first second a channel can't be closed, and in any other its id can't be opened.
    function test_Id_NeverTwice() external {
        bytes32 id = openOne();
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, OWED, ENERGY);
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.CloseTooEarly.selector, id, time + 1, time));
        channels.close(terms(), OWED, ENERGY, r, vs);
        vm.expectRevert(abi.encodeWithSelector(Channels.CloseTooEarly.selector, id, time + 1, time));
        channels.forgo(terms());
        pass(1);
        channels.close(terms(), OWED, ENERGY, r, vs);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotOpen.selector, id));
        channels.close(terms(), OWED, ENERGY, r, vs);
        vm.startPrank(PAYER);
        bytes32 next = channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
        assertTrue(next != id, "another id");
        pass(1);
        Terms memory later = terms();
        later.opened += 1;
        vm.startPrank(PAYEE);
        expectWrongSigner(channels.voucherDigest(Voucher(next, OWED, ENERGY)), r, vs, PAYER);
        channels.close(later, OWED, ENERGY, r, vs);
    }

    function test_Close_PayeeGetsTheTotalAndPayerTheRest() external {
        bytes32 id = openOne();
        pass(1 hours);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, OWED, ENERGY);
        vm.prank(PAYEE);
        vm.expectEmit();
        emit Channels.ChannelClosed(id, uint128(OWED), AMOUNT - uint128(OWED), ENERGY);
        channels.close(terms(), OWED, ENERGY, r, vs);
        assertEq(vault.freeOf(PAYEE), 1 ether + OWED);
        assertEq(vault.freeOf(PAYER), 10 ether - OWED);
        assertEq(lockedNow(), 0);
        assertChannel(id, 0, 0);
        assertEq(vault.held(), 11 ether);
    }

    function test_Close_NeverMoreThanLocked() external {
        bytes32 id = openOne();
        openAnother();
        pass(1 hours);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, type(uint256).max, type(uint64).max);
        assertEq(vault.freeOf(PAYEE), 1 ether + AMOUNT);
        assertEq(vault.freeOf(PAYER), 8 ether);
        assertEq(lockedNow(), AMOUNT);
    }

    function test_Close_OldVoucher_ThatTotalOnlyAndNeverAgain() external {
        bytes32 id = openOne();
        pass(1 hours);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, OWED, ENERGY);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, 1 wei, 10_000);
        assertEq(vault.freeOf(PAYEE), 1 ether + 1 wei);
        assertEq(vault.freeOf(PAYER), 10 ether - 1 wei);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotOpen.selector, id));
        channels.close(terms(), OWED, ENERGY, r, vs);
    }

    /// The payer has every voucher, also the first.
    function test_Close_NotByThePayerNorAStranger() external {
        bytes32 id = openOne();
        pass(1 hours);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, 1, 1);
        address[3] memory others = [PAYER, ANYONE, STRANGER];
        for (uint256 i = 0; i < 3; ++i) {
            vm.startPrank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(Channels.NotCloser.selector, others[i], PAYEE));
            channels.close(terms(), 1, 1, r, vs);
            vm.expectRevert(abi.encodeWithSelector(Channels.NotCloser.selector, others[i], PAYEE));
            channels.forgo(terms());
        }
    }

    function test_Close_ByWhomThePayeeNamed() external {
        bytes32 id = openOne();
        pass(1 hours);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, OWED, ENERGY);
        vm.startPrank(PAYEE);
        vm.expectEmit();
        emit Channels.CloserNamed(PAYEE, ANYONE, true);
        channels.nameCloser(ANYONE, true);
        assertTrue(channels.mayClose(PAYEE, ANYONE) && !channels.mayClose(PAYER, ANYONE), "that payee's only");
        channels.nameCloser(ANYONE, false);
        vm.startPrank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotCloser.selector, ANYONE, PAYEE));
        channels.close(terms(), OWED, ENERGY, r, vs);
        vm.startPrank(PAYEE);
        channels.nameCloser(ANYONE, true);
        vm.startPrank(ANYONE);
        channels.close(terms(), OWED, ENERGY, r, vs);
        assertEq(vault.freeOf(PAYEE), 1 ether + OWED);
        assertEq(vault.freeOf(ANYONE), 0);
    }

    function test_Forgo_EverythingToThePayer() external {
        bytes32 id = openOne();
        pass(1 hours);
        vm.startPrank(PAYEE);
        vm.expectEmit();
        emit Channels.ChannelClosed(id, 0, AMOUNT, 0);
        channels.forgo(terms());
        assertEq(vault.freeOf(PAYER), 10 ether);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotOpen.selector, id));
        channels.forgo(terms());
    }

    function test_Close_LastSecondOfGrace() external {
        bytes32 id = openOne();
        pass(LIFE + 24 hours);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, OWED, ENERGY);
        assertEq(vault.freeOf(PAYEE), 1 ether + OWED);
    }

    function test_Close_ASecondLate_ThenReclaimedByAnyone() external {
        bytes32 id = openOne();
        uint256 latest = uint256(end()) + 24 hours;
        pass(LIFE + 24 hours);
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Channels.ReclaimTooEarly.selector, id, latest + 1, latest));
        channels.reclaim(terms());
        pass(1);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, id, OWED, ENERGY);
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.CloseTooLate.selector, id, latest, latest + 1));
        channels.close(terms(), OWED, ENERGY, r, vs);
        vm.expectRevert(abi.encodeWithSelector(Channels.CloseTooLate.selector, id, latest, latest + 1));
        channels.forgo(terms());
        vm.startPrank(ANYONE);
        vm.expectEmit();
        emit Channels.ChannelReclaimed(id, AMOUNT);
        channels.reclaim(terms());
        assertEq(vault.freeOf(PAYER), 10 ether);
        assertEq(vault.freeOf(PAYEE), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotOpen.selector, id));
        channels.reclaim(terms());
    }

    function test_TopUp_MoreIsLockedForTheSameChannel() external {
        bytes32 id = openOne();
        vm.startPrank(PAYER);
        vm.expectEmit();
        emit Channels.ChannelToppedUp(id, 3 ether);
        channels.topUp(terms(), 2 ether);
        assertChannel(id, 3 ether, end());
        pass(1);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, 2.5 ether, ENERGY);
        assertEq(vault.freeOf(PAYEE), 3.5 ether);
        assertEq(vault.freeOf(PAYER), 7.5 ether);
    }

    function test_TopUp_Refusals() external {
        bytes32 id = openOne();
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotPayer.selector, PAYEE, PAYER));
        channels.topUp(terms(), 1);
        vm.startPrank(PAYER);
        vm.expectRevert(Channels.ZeroAmount.selector);
        channels.topUp(terms(), 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.FreeTooLittle.selector, PAYER, 9 ether, type(uint128).max));
        channels.topUp(terms(), type(uint128).max);
        Terms memory other = terms();
        other.price += 1;
        vm.expectRevert(abi.encodeWithSelector(Channels.NotOpen.selector, channels.idOf(other)));
        channels.topUp(other, 1);
        pass(LIFE);
        vm.expectRevert(abi.encodeWithSelector(Channels.ChannelEnded.selector, id, time, time));
        channels.topUp(terms(), 1);
    }

    function test_Extend_LaterOnly() external {
        bytes32 id = openOne();
        uint40 first = end();
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotPayer.selector, PAYEE, PAYER));
        channels.extend(terms(), first + 1);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.EndTooEarly.selector, first, first + 1));
        channels.extend(terms(), first);
        vm.expectRevert(abi.encodeWithSelector(Channels.EndTooLate.selector, first + 366 days, time + 366 days));
        channels.extend(terms(), first + 366 days);
        vm.expectEmit();
        emit Channels.ChannelExtended(id, first + 1 days);
        channels.extend(terms(), first + 1 days);
        assertChannel(id, AMOUNT, first + 1 days);
        pass(2 days);
        vm.expectRevert(abi.encodeWithSelector(Channels.ChannelEnded.selector, id, time, time));
        channels.extend(terms(), uint40(time + 1));
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, OWED, ENERGY);
        assertEq(vault.freeOf(PAYEE), 1 ether + OWED);
    }

    /// Nothing new, and what is under way runs to its end.
    function test_Removed_NoMoreButClosed() external {
        bytes32 id = openOne();
        vm.startPrank(regulators[0]);
        members.remove(PAYER);
        members.remove(PAYEE);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.MayNotBuy.selector, PAYER));
        channels.topUp(terms(), 1);
        vm.expectRevert(abi.encodeWithSelector(Channels.MayNotBuy.selector, PAYER));
        channels.extend(terms(), end() + 1);
        pass(1);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, OWED, ENERGY);
        vault.withdraw(1 ether + OWED);
        vm.startPrank(PAYER);
        vault.withdraw(10 ether - OWED);
        assertEq(vault.held(), 0);
    }

    function test_Barred_NoMoreButClosed() external {
        register(premisesMeter(METER, GRID, PAYEE));
        bytes32 id = openOne();
        publish();
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Channels.Barred.selector, PAYEE));
        channels.topUp(terms(), 1);
        pass(1);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, OWED, ENERGY);
        assertEq(vault.freeOf(PAYEE), 1 ether + OWED);
    }

    /// Another contract has the office: what is open goes on in the old one, which opens nothing more.
    function test_Replaced_OldChannelsEndAsTheyBegan() external {
        bytes32 id = openOne();
        uint40 until = end();
        vm.prank(PAYER);
        channels.extend(terms(), until + 30 days);
        install(CHANNELS, address(new Bystander()));
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(Vault.MayNotLock.selector, address(channels)));
        channels.open(PAYEE, address(0), PRICE, end(), 1);
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, OWED, ENERGY);
        assertEq(vault.freeOf(PAYEE), 1 ether + OWED);
        assertEq(vault.freeOf(PAYER), 10 ether - OWED);
    }

    function expectWrongSigner(bytes32 digest, bytes32 r, bytes32 vs, address needed) private {
        uint8 v = 27 + uint8(uint256(vs) >> 255);
        bytes32 s = vs & bytes32(uint256(type(int256).max));
        vm.expectRevert(abi.encodeWithSelector(Channels.WrongSigner.selector, ecrecover(digest, v, r, s), needed));
    }

    function openAnother() private {
        vm.prank(PAYER);
        channels.open(PAYEE, address(0), PRICE + 1, end(), AMOUNT);
    }

    function publish() private {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(regulators[i]);
            meters.publishAdvisory(FIRMWARE);
        }
    }

    function assertChannel(bytes32 id, uint128 amount, uint40 end_) private view {
        Channel memory channel = channels.channelOf(id);
        assertEq(channel.amount, amount);
        assertEq(channel.end, end_);
    }
}
