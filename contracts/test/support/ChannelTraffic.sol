// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channel, Channels, Terms, Voucher} from "../../src/Channels.sol";
import {Role} from "../../src/Members.sol";
import {ChannelDeployment} from "./ChannelDeployment.sol";

/// @title Everybody opens, pays, closes and takes back at any time, with vouchers of every kind; the fuzzer says what.
/// @dev Of every call it is said beforehand, from a plain record kept apart from the contracts, whether it has to succeed
/// and what it moves. The first one that came out otherwise is kept in `surprise`.
contract ChannelTraffic is ChannelDeployment {
    struct Entry {
        Terms terms;
        bytes32 id;
        uint256 signerKey;
        uint256 locked;
        uint256 end;
        /// Signed so far, each total at least the one before.
        uint256[] totals;
        bool over;
    }

    uint256 private constant PEOPLE = 4;

    /// Two who pay, two who are paid, each of the one kind only until a role changes.
    uint256[PEOPLE] private keys = [PAYER_KEY, PAYEE_KEY, uint256(0xCAFE1), uint256(0xCAFE2)];
    Role[PEOPLE] private roles;
    Entry[] private entries;

    /// The plain record.
    mapping(address account => uint256) public free;
    mapping(address account => uint256) public locked;
    mapping(address payee => mapping(address closer => bool)) private closers;
    mapping(bytes32 id => bool) private used;

    bytes32 public surprise;
    mapping(bytes32 act => uint256) public done;

    /// Not while it is made: the directory names contracts only.
    function start() external {
        deployChannels();
        (roles[0], roles[1]) = (Role.Consumer, Role.Producer);
        for (uint256 i = 2; i < PEOPLE; ++i) {
            roles[i] = i == 2 ? Role.Consumer : Role.Prosumer;
            admit(vm.addr(keys[i]), roles[i]);
            give(vm.addr(keys[i]), 3 ether);
        }
        for (uint256 i = 0; i < PEOPLE; ++i) {
            free[account(i)] = vault.freeOf(account(i));
        }
    }

    function open(uint256 draw) external {
        draw = begin(draw);
        uint256 from = draw % 8 == 0 ? 1 : (draw % 2) * 2;
        uint256 to = draw % 8 == 1 ? from : 1 + 2 * (draw >> 8 & 1);
        if (draw >> 12 & 7 == 0) from = 3;
        Entry memory entry;
        entry.signerKey = draw >> 16 & 1 == 0 ? keys[from] : METER_KEY;
        entry.terms = Terms(account(from), account(to), vm.addr(entry.signerKey), uint128(draw >> 20 & 3), now40());
        entry.id = channels.idOf(entry.terms);
        entry.locked = about(draw >> 32, free[account(from)]);
        entry.end = time + (draw >> 128) % 4 days;
        bool should = from != to && entry.locked != 0 && entry.locked <= free[account(from)] && entry.end > time;
        should = should && !used[entry.id] && buys(from) && sells(to);
        vm.prank(account(from));
        if (!tried(
                "open",
                abi.encodeCall(
                    Channels.open,
                    (
                        entry.terms.payee,
                        entry.signerKey == METER_KEY ? METER : address(0),
                        entry.terms.price,
                        uint40(entry.end),
                        uint128(entry.locked)
                    )
                ),
                should
            )) return;
        used[entry.id] = true;
        move(account(from), entry.locked);
        entries.push(entry);
    }

    function topUp(uint256 draw) external {
        draw = begin(draw);
        if (entries.length == 0) return;
        Entry storage entry = choose(draw);
        uint256 amount = about(draw >> 32, free[entry.terms.payer]);
        bool should = goesOn(entry) && amount != 0 && amount <= free[entry.terms.payer];
        vm.prank(entry.terms.payer);
        if (!tried("topUp", abi.encodeCall(Channels.topUp, (entry.terms, uint128(amount))), should)) return;
        move(entry.terms.payer, amount);
        entry.locked += amount;
    }

    function extend(uint256 draw) external {
        draw = begin(draw);
        if (entries.length == 0) return;
        Entry storage entry = choose(draw);
        uint256 end_ = entry.end + (draw >> 32) % 2 days;
        bool should = goesOn(entry) && end_ > entry.end;
        vm.prank(entry.terms.payer);
        if (!tried("extend", abi.encodeCall(Channels.extend, (entry.terms, uint40(end_))), should)) return;
        entry.end = end_;
    }

    /// A voucher, at times for more than is locked.
    function promiseMore(uint256 draw) external {
        draw = begin(draw);
        if (entries.length == 0) return;
        Entry storage entry = choose(draw);
        uint256 before = entry.totals.length == 0 ? 0 : entry.totals[entry.totals.length - 1];
        entry.totals.push(before + (draw >> 32) % (entry.locked / 2 + 2));
        ++done["promise"];
    }

    function close(uint256 draw) external {
        draw = begin(draw);
        if (entries.length == 0) return;
        Entry storage entry = choose(draw);
        uint256 kind = draw >> 32 & 7;
        if (entry.totals.length == 0 || (kind == 0 && entries.length < 2)) return;
        uint256 total = entry.totals[isOld(kind) ? (draw >> 40) % entry.totals.length : entry.totals.length - 1];
        uint256 key = kind == 2 ? STRANGER_KEY : entry.signerKey;
        bytes32 id = kind == 0 ? entries[(draw >> 40) % entries.length].id : entry.id;
        (bytes32 r, bytes32 vs) = promise_(key, id, total, 1);
        if (kind == 3) ++total;
        if (kind == 4) (r, vs) = otherContracts(key, id, total);
        bool good = kind > 4 || isOld(kind) || (kind == 0 && id == entry.id);
        address by = someone(entry, draw >> 80);
        good = good && mayEnd(entry, by);
        vm.prank(by);
        if (!tried(
                isOld(kind) ? bytes32("close, old") : bytes32("close"),
                abi.encodeCall(Channels.close, (entry.terms, total, 1, r, vs)),
                good
            )) return;
        settle(entry, total < entry.locked ? total : entry.locked);
    }

    function forgo(uint256 draw) external {
        draw = begin(draw);
        if (entries.length == 0 || draw >> 200 & 3 != 0) return;
        Entry storage entry = choose(draw);
        address by = someone(entry, draw >> 80);
        bool should = mayEnd(entry, by);
        vm.prank(by);
        if (tried("forgo", abi.encodeCall(Channels.forgo, (entry.terms)), should)) settle(entry, 0);
    }

    function reclaim(uint256 draw) external {
        draw = begin(draw);
        if (entries.length == 0) return;
        Entry storage entry = choose(draw);
        bool should = !entry.over && time > entry.end + 24 hours;
        vm.prank(account(draw % PEOPLE));
        if (tried("reclaim", abi.encodeCall(Channels.reclaim, (entry.terms)), should)) settle(entry, 0);
    }

    function nameCloser(uint256 draw) external {
        draw = begin(draw);
        address payee = account(draw % PEOPLE);
        bool may = draw >> 16 & 1 == 0;
        vm.prank(payee);
        if (tried("nameCloser", abi.encodeCall(Channels.nameCloser, (STRANGER, may)), true)) {
            closers[payee][STRANGER] = may;
        }
    }

    function jump(uint256 draw) external {
        draw = begin(draw);
        pass(draw % 4 == 0 ? draw % 2 days : draw % 2 hours);
        ++done["jump"];
    }

    /// Somebody is removed, or is back.
    function remove(uint256 draw) external {
        draw = begin(draw);
        uint256 who = draw % PEOPLE;
        if (roles[who] == Role.None) {
            roles[who] = Role(1 + (draw >> 8) % 3);
            admit(account(who), roles[who]);
        } else if (draw >> 16 & 1 == 0) {
            roles[who] = Role.None;
            vm.prank(regulators[0]);
            members.remove(account(who));
        }
        ++done["remove"];
    }

    /// What a channel of the record is on the ledger; everything locked is somebody's channel.
    function check() external view {
        for (uint256 i = 0; i < entries.length; ++i) {
            Channel memory channel = channels.channelOf(entries[i].id);
            assertEq(channel.amount, entries[i].over ? 0 : entries[i].locked);
            assertEq(channel.end, entries[i].over ? 0 : entries[i].end);
        }
        uint256 sum = 0;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            assertEq(vault.freeOf(account(i)), free[account(i)]);
            assertEq(vault.lockedFor(address(channels), account(i), CHANNELS), locked[account(i)]);
            sum += free[account(i)] + locked[account(i)];
        }
        assertEq(sum, vault.held());
        assertEq(vault.freeOf(STRANGER), 0);
        assertEq(surprise, 0);
    }

    /// Every channel runs out and is taken back; then everyone takes everything. Ends the traffic.
    function leaveAll() external {
        pass(10_000 days);
        for (uint256 i = 0; i < entries.length; ++i) {
            if (!entries[i].over) channels.reclaim(entries[i].terms);
        }
        for (uint256 i = 0; i < PEOPLE; ++i) {
            uint256 all = vault.freeOf(account(i));
            vm.prank(account(i));
            vault.withdraw(all);
        }
        assertEq(vault.held(), 0);
    }

    function tried(bytes32 name, bytes memory data, bool should) private returns (bool did) {
        (did,) = address(channels).call(data);
        if (did != should && surprise == 0) surprise = name;
        if (did) ++done[name];
    }

    function move(address payer, uint256 amount) private {
        free[payer] -= amount;
        locked[payer] += amount;
    }

    function settle(Entry storage entry, uint256 paid) private {
        entry.over = true;
        locked[entry.terms.payer] -= entry.locked;
        free[entry.terms.payer] += entry.locked - paid;
        free[entry.terms.payee] += paid;
    }

    /// Hashed, because the fuzzer likes small numbers, which would all be one person's.
    function begin(uint256 draw) private returns (uint256) {
        vm.warp(time);
        return uint256(keccak256(abi.encode(draw)));
    }

    /// More of the recent ones.
    function choose(uint256 draw) private view returns (Entry storage) {
        uint256 span = entries.length > 6 && draw & 3 != 0 ? 6 : entries.length;
        return entries[entries.length - 1 - (draw >> 2) % span];
    }

    function otherContracts(uint256 key, bytes32 id, uint256 total) private returns (bytes32, bytes32) {
        vm.chainId(4242);
        bytes32 digest = channels.voucherDigest(Voucher(id, total, 1));
        vm.chainId(31_337);
        return compact(key, digest);
    }

    function isOld(uint256 kind) private pure returns (bool) {
        return kind == 1 || kind == 5;
    }

    function goesOn(Entry storage entry) private view returns (bool) {
        return !entry.over && time < entry.end && buys(number(entry.terms.payer)) && sells(number(entry.terms.payee));
    }

    function mayEnd(Entry storage entry, address by) private view returns (bool) {
        bool in_ = time > entry.terms.opened && time <= entry.end + 24 hours;
        return !entry.over && in_ && (by == entry.terms.payee || closers[entry.terms.payee][by]);
    }

    /// Mostly the payee.
    function someone(Entry storage entry, uint256 draw) private view returns (address) {
        if (draw & 3 == 0) return draw >> 2 & 1 == 0 ? entry.terms.payer : STRANGER;
        return entry.terms.payee;
    }

    function buys(uint256 who) private view returns (bool) {
        return roles[who] == Role.Consumer || roles[who] == Role.Prosumer;
    }

    function sells(uint256 who) private view returns (bool) {
        return roles[who] == Role.Producer || roles[who] == Role.Prosumer;
    }

    function number(address who) private view returns (uint256 i) {
        while (account(i) != who) ++i;
    }

    function account(uint256 i) private view returns (address) {
        return vm.addr(keys[i]);
    }

    function now40() private view returns (uint40) {
        return uint40(time);
    }

    /// Everything that may be asked of one who has so much: all of it, one more, nothing, a part.
    function about(uint256 draw, uint256 has) private pure returns (uint256) {
        uint256 which = draw >> 120 & 31;
        if (which == 0) return has;
        if (which == 1) return has + 1;
        if (which == 2) return 0;
        return draw % (has / 4 + 1);
    }
}
