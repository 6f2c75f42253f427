// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Bill, Flags} from "../../src/Account.sol";
import {Dues} from "./Dues.sol";

/// @title Everybody bills, pays, objects, answers, corrects and takes back at any time; the fuzzer says what.
/// @dev A plain record of every bill is kept apart from the contract: no running total, no shortcut, no limit of steps.
/// Whatever the rules allow has to succeed: a refusal is a failure of the campaign.
contract DuesTraffic is Dues {
    /// A bill as the rules have it.
    struct Entry {
        int96 amount;
        uint96 outstanding;
        uint40 deadline;
        bool disputed;
        bool answered;
    }

    uint256 private constant DAILY = 1000;

    Entry[] private entries;
    int256 public credit;
    int256 public billed;
    uint256 public paid;
    uint256 public refunded;
    uint256 public credited;
    bool private isProtected;
    bool private isPrepaid;
    uint256 private emergencyHere;
    uint256 private emergencyEverywhere;
    uint256 private billedUntil;
    uint256 private until;
    bool private knowsCost;
    uint256 private bucket;
    uint256 private before;
    /// How often each act was done, so that a run in which nothing happens is seen.
    mapping(bytes32 act => uint256) public done;

    /// Not while it is made: the directory names contracts only.
    function start() external {
        deployDues();
        before = vault.freeOf(PAYEE);
    }

    function bill(uint256 draw) external {
        begin(draw);
        // Few enough to stay below the steps that one payment may take.
        if (open() > 60) return;
        int256 total = draw % 8 == 0 ? -int256(draw >> 8 & 0x1fff) : int256(draw >> 8 & 0xfff);
        bool estimated = draw >> 4 & 3 == 0;
        if (estimated) bookEstimate(total);
        else book(total);
        billed += total;
        Entry memory entry;
        entry.amount = int96(total);
        entry.deadline = estimated ? 0 : uint40(time + PATIENCE);
        if (total > 0) entry.outstanding = uint96(uint256(total) - useCredit(uint256(total)));
        entries.push(entry);
        if (total < 0) give(uint256(-total));
        if (isPrepaid) {
            billedUntil = time - 900;
            knowsCost = true;
            payments.renewPrepaid(PREMISES, uint64(billedUntil), DAILY);
            uint256 taken = min(bucket, owed());
            takeFromBucket(taken);
            renew();
        }
        ++done["bill"];
    }

    function correct(uint256 draw) external {
        begin(draw);
        if (entries.length == 0) return;
        Entry storage entry = entries[entries.length - 1];
        int256 total = draw % 4 == 0 ? -int256(draw >> 8 & 0xfff) : int256(draw >> 8 & 0xfff);
        rebook(total);
        billed += total - entry.amount;
        int256 difference = total - entry.amount;
        (entry.amount, entry.deadline, entry.answered) = (int96(total), uint40(time + PATIENCE), false);
        if (difference >= 0) {
            entry.outstanding += uint96(uint256(difference) - useCredit(uint256(difference)));
        } else {
            uint256 less = min(uint256(-difference), entry.outstanding);
            entry.outstanding -= uint96(less);
            give(uint256(-difference) - less);
        }
        renew();
        ++done["correct"];
    }

    function payFor(uint256 draw) external {
        begin(draw);
        uint256 amount = draw % 8 == 0 ? owed() : draw >> 8 & 0xfff;
        if (amount == 0) return;
        if (draw % 2 == 0) {
            pay(amount);
        } else {
            vm.prank(ALICE);
            payments.payFromBalance(PREMISES, amount);
        }
        paid += amount;
        give(amount);
        renew();
        ++done["pay"];
    }

    function setAside(uint256 draw) external {
        begin(draw);
        uint256 amount = draw >> 8 & 0xfff;
        fund(amount);
        bucket += amount;
        renew();
        ++done["fund"];
    }

    function takeBack(uint256 draw) external {
        begin(draw);
        uint256 amount = bucket == 0 ? 0 : draw >> 8 & 0xfff;
        amount = min(amount, bucket);
        vm.prank(ALICE);
        payments.unfund(PREMISES, amount);
        bucket -= amount;
        renew();
        ++done["unfund"];
    }

    function collect(uint256 draw) external {
        begin(draw);
        uint256 amount = min(bucket, owed());
        if (amount == 0) return;
        payments.collect(PREMISES, ALICE);
        takeFromBucket(amount);
        renew();
        ++done["collect"];
    }

    function object(uint256 draw) external {
        begin(draw);
        for (uint256 i = 0; i < entries.length; ++i) {
            uint256 number = 1 + (i + (draw >> 8 & 0xffff)) % entries.length;
            Entry storage entry = entries[number - 1];
            if (entry.disputed || entry.answered) continue;
            if (entry.outstanding == 0 && number != entries.length) continue;
            dispute(number);
            entry.disputed = true;
            renew();
            ++done["dispute"];
            return;
        }
    }

    function reply(uint256 draw) external {
        begin(draw);
        for (uint256 i = 0; i < entries.length; ++i) {
            uint256 number = 1 + (i + (draw >> 8 & 0xffff)) % entries.length;
            Entry storage entry = entries[number - 1];
            if (!entry.disputed) continue;
            uint256 amount = entry.amount <= 0 ? 0 : (draw >> 16) % (uint256(int256(entry.amount)) + 1);
            answer(number, uint96(amount));
            credited += amount;
            uint256 less = min(amount, entry.outstanding);
            entry.outstanding -= uint96(less);
            entry.amount -= int96(int256(amount));
            (entry.disputed, entry.answered) = (false, true);
            if (entry.deadline != 0 && entry.deadline < time + GRACE) entry.deadline = uint40(time + GRACE);
            give(amount - less);
            renew();
            ++done["answer"];
            return;
        }
    }

    function refund(uint256 draw) external {
        begin(draw);
        uint256 amount = min(uint256(credit), draw >> 8 & 0xfff);
        if (amount == 0) return;
        vm.prank(PAYEE);
        payments.refund(PREMISES, ALICE, uint96(amount), ENTRY);
        credit -= int256(amount);
        refunded += amount;
        renew();
        ++done["refund"];
    }

    function mark(uint256 draw) external {
        begin(draw);
        if (draw % 4 == 0) {
            isProtected = !isProtected;
            vm.prank(regulators[0]);
            payments.setProtected(PREMISES, isProtected);
        } else if (draw % 4 == 1) {
            isPrepaid = !isPrepaid;
            makePrepaid(isPrepaid);
            (billedUntil, until, knowsCost) = (time, time + 1 days, false);
        } else {
            bool here = draw % 4 == 2;
            uint256 end = draw >> 9 & 1 == 0 ? 0 : time + (draw >> 16) % 20 days;
            if (here) emergencyHere = end;
            else emergencyEverywhere = end;
            vm.prank(regulators[0]);
            payments.declareEmergency(here ? GRID : 0, uint64(end));
        }
        ++done["mark"];
    }

    /// Debt is what was billed less credits less payments; what is outstanding is the debt, bill by bill.
    function checkDebt() external view {
        Account memory known = account();
        int256 debt = billed - int256(credited) - int256(paid) + int256(refunded);
        assertTrue(known.debt == debt, "billed - credits - paid");
        uint256 sum = 0;
        for (uint256 i = 0; i < entries.length; ++i) {
            sum += payments.billOf(PREMISES, i + 1).outstanding;
            assertEq(payments.billOf(PREMISES, i + 1).outstanding, entries[i].outstanding);
            if (entries[i].outstanding != 0) assertTrue(known.oldest <= i + 1, "oldest");
        }
        assertEq(sum, debt > 0 ? uint256(debt) : 0);
        assertEq(known.bills, entries.length);
    }

    /// The payee has what was paid, and what is set aside is still the payer's.
    function checkMoney() external view {
        assertEq(vault.freeOf(PAYEE), before + paid - refunded);
        assertEq(vault.lockedFor(address(payments), ALICE, PREMISES), bucket);
        assertEq(vault.lockedFor(address(payments), PAYEE, PREMISES), 0);
        assertEq(vault.lockedFor(address(payments), BOB, PREMISES), 0);
    }

    function checkPermit() external view {
        uint256 deadline = 0;
        for (uint256 i = 0; i < entries.length && deadline == 0; ++i) {
            if (entries[i].outstanding != 0 && !entries[i].disputed) deadline = entries[i].deadline;
        }
        assertEq(account().deadline, deadline);
        if (isPrepaid) assertEq(payments.prepaidOf(PREMISES).until, until);
        uint256 end = isPrepaid ? until : deadline == 0 ? 1 << 64 : deadline;
        uint256[5] memory instants = [time, end - 1, min(end, type(uint64).max), emergencyHere, emergencyEverywhere];
        for (uint256 i = 0; i < 5; ++i) {
            bool expected =
                isProtected || instants[i] < emergencyHere || instants[i] < emergencyEverywhere || instants[i] < end;
            assertTrue(payments.permitted(PREMISES, uint64(instants[i])) == expected, "permitted");
        }
    }

    /// The fuzzer's calls do not share their time.
    function begin(uint256 draw) private {
        pass((draw >> 64) % 2 days);
    }

    /// To the undisputed by age, then to the disputed by age, then kept.
    function give(uint256 amount) private {
        for (uint256 round = 0; round < 2; ++round) {
            for (uint256 i = 0; i < entries.length; ++i) {
                if (amount == 0) return;
                if (entries[i].disputed != (round == 1)) continue;
                uint256 given = min(amount, entries[i].outstanding);
                if (given == 0) continue;
                entries[i].outstanding -= uint96(given);
                amount -= given;
            }
        }
        credit += int256(amount);
    }

    function useCredit(uint256 amount) private returns (uint256 used) {
        used = min(amount, uint256(credit));
        credit -= int256(used);
    }

    function takeFromBucket(uint256 amount) private {
        bucket -= amount;
        paid += amount;
        give(amount);
    }

    function renew() private {
        if (!isPrepaid || !knowsCost) return;
        uint256 has = bucket + uint256(credit);
        uint256 reach = has <= owed() ? 0 : (has - owed()) * 1 days / DAILY;
        until = reach == 0 ? billedUntil : min(billedUntil + reach, time + 7 days);
    }

    function owed() private view returns (uint256 sum) {
        for (uint256 i = 0; i < entries.length; ++i) {
            sum += entries[i].outstanding;
        }
    }

    function open() private view returns (uint256 count) {
        for (uint256 i = 0; i < entries.length; ++i) {
            if (entries[i].outstanding != 0) ++count;
        }
    }

    function min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
