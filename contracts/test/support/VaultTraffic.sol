// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Vault} from "../../src/Vault.sol";
import {Actor, IDirector, Manner} from "./Actor.sol";
import {FeeAndHookCoin} from "./Coins.sol";
import {VaultDeployment} from "./VaultDeployment.sol";

/// @notice Which coin flows.
enum Flow {
    Ether,
    CommunityCoin,
    /// A fee of 1 % of each transfer, and hooks on both ends.
    FeeAndHook
}

/// @title Everybody does anything with a vault at any time, also while coin is on its way; the fuzzer says what.
/// @dev Of every call it is said beforehand, from a plain record kept apart from the vault, whether it has to succeed.
/// The first one that came out otherwise is kept in `surprise`.
contract VaultTraffic is VaultDeployment, IDirector {
    /// Who wishes what, drawn from one number, so that an act inside an act can be drawn too.
    struct Wish {
        Actor by;
        address account;
        address to;
        bytes32 purpose;
        uint256 draw;
    }

    uint256 private constant PEOPLE = 3;
    uint256 private constant MODULES = 3;
    uint256 private constant MAXIMUM_DEPTH = 2;
    uint256 private constant LARGEST = 1e20;

    Flow private immutable _flow;
    address private immutable _owner;
    address private immutable _coin;

    /// People (one plain, one who refuses, one who calls back), then modules, then a treasurer who calls back.
    Actor[] private actors;

    /// The plain record.
    mapping(address account => uint256) public free;
    mapping(address module => mapping(address account => mapping(bytes32 purpose => uint256))) public bucket;
    mapping(address account => uint256) public redeemable;
    mapping(bytes32 referenceId => bool) private used;
    mapping(address module => uint256) private officesHeld;
    mapping(bytes32 office => uint256) private successions;
    mapping(bytes32 office => Actor) private inOffice;
    uint256 public issued;
    uint256 public redeemed;
    uint256 public forced;
    bool public closed;

    /// Name of the first act that came out otherwise than the record said.
    bytes32 public surprise;
    /// How often each act succeeded, so that a run in which nothing happens is seen.
    mapping(bytes32 act => uint256) public done;

    uint256 private underWay;
    uint256 private depth;
    uint256 private callBacks;
    uint256 private seed;

    constructor(Flow flow) {
        (_flow, _owner) = (flow, msg.sender);
        deployVault(
            flow == Flow.FeeAndHook ? address(new FeeAndHookCoin(100)) : address(0),
            flow == Flow.CommunityCoin ? "Village coin" : ""
        );
        _coin = vault.coin();
        for (uint256 i = 0; i <= PEOPLE + MODULES; ++i) {
            Actor actor = new Actor(i == 1 ? Manner.Refuses : i < PEOPLE - 1 ? Manner.Plain : Manner.CallsBack);
            actors.push(actor);
            vm.deal(address(actor), 1e30);
            if (flow == Flow.Ether) continue;
            actor.act(_coin, 0, abi.encodeCall(IERC20.approve, (address(vault), type(uint256).max)));
            if (flow == Flow.CommunityCoin) continue;
            FeeAndHookCoin(_coin).give(address(actor), 1e30);
            actor.act(_coin, 0, abi.encodeCall(FeeAndHookCoin.hook, ()));
        }
        appointTreasurer(address(treasurer()));
        replace(PAYMENTS, 0);
        replace(BOARD, 1);
    }

    function deposit(uint256 draw) external {
        deposit(wish(draw));
    }

    function withdraw(uint256 draw) external {
        withdraw(wish(draw));
    }

    function lock(uint256 draw) external {
        lock(wish(draw));
    }

    function release(uint256 draw) external {
        release(wish(draw));
    }

    function pay(uint256 draw) external {
        pay(wish(draw));
    }

    function issue(uint256 draw) external {
        issue(wish(draw));
    }

    function allow(uint256 draw) external {
        allow(wish(draw));
    }

    function redeem(uint256 draw) external {
        redeem(wish(draw));
    }

    /// Coin that comes in past every door, as a self-destruct, a block's reward or a bare transfer brings it.
    function force(uint256 draw) external {
        uint256 amount = bound(draw, 1, LARGEST);
        if (_flow == Flow.CommunityCoin) return;
        if (_flow == Flow.Ether) vm.deal(address(vault), address(vault).balance + amount);
        else FeeAndHookCoin(_coin).give(address(vault), amount);
        forced += amount;
        ++done["force"];
    }

    /// Another module takes an office. Not often: what a module does takes time.
    function replaceModule(uint256 draw) external {
        if (draw % 8 == 0) replace(PAYMENTS, 0);
        if (draw % 8 == 1) replace(BOARD, 1);
    }

    /// Sealed late or never: replacements are what sealing ends.
    function seal(uint256 draw) external {
        if (draw % 64 != 0 || closed) return;
        voteSeal(1);
        vault.seal();
        closed = true;
        ++done["seal"];
    }

    /// An actor is paid, or pays: meanwhile somebody does something else.
    function calledBack() external {
        require(underWay != 0, "only inside an act");
        ++callBacks;
        if (depth == MAXIMUM_DEPTH) return;
        ++depth;
        seed = uint256(keccak256(abi.encode(seed)));
        Wish memory drawn = wish(seed >> 8);
        uint256 act = seed % 8;
        if (act == 0) deposit(drawn);
        else if (act == 1) withdraw(drawn);
        else if (act == 2) lock(drawn);
        else if (act == 3) release(drawn);
        else if (act == 4) pay(drawn);
        else if (act == 5) issue(drawn);
        else if (act == 6) allow(drawn);
        else redeem(drawn);
        --depth;
    }

    /// The bank run: every module releases everything, then everyone takes everything. Ends the traffic.
    function closeDown() external {
        require(msg.sender == _owner, "only the test");
        depth = MAXIMUM_DEPTH;
        for (uint256 i = 0; i < actors.length; ++i) {
            for (uint256 j = 0; j < actors.length; ++j) {
                closeBucket(actors[i], address(actors[j]), PURPOSE);
                closeBucket(actors[i], address(actors[j]), OTHER_PURPOSE);
            }
        }
        for (uint256 i = 0; i < actors.length; ++i) {
            uint256 all = vault.freeOf(address(actors[i]));
            (bool out,) = actors[i].act(address(vault), 0, abi.encodeCall(Vault.withdrawTo, (payable(ANYONE), all)));
            assertTrue(out, "everyone can take everything");
        }
    }

    function actorCount() external view returns (uint256) {
        return actors.length;
    }

    function account(uint256 i) external view returns (address) {
        return address(actors[i]);
    }

    function theVault() external view returns (Vault) {
        return vault;
    }

    /// By the record, over all modules and purposes.
    function lockedOf(address holder) external view returns (uint256 sum) {
        for (uint256 i = 0; i < actors.length; ++i) {
            sum += bucket[address(actors[i])][holder][PURPOSE] + bucket[address(actors[i])][holder][OTHER_PURPOSE];
        }
    }

    function checkBuckets() external view {
        for (uint256 i = 0; i < actors.length; ++i) {
            for (uint256 j = 0; j < actors.length; ++j) {
                (address module, address holder) = (address(actors[i]), address(actors[j]));
                assertEq(vault.lockedFor(module, holder, PURPOSE), bucket[module][holder][PURPOSE]);
                assertEq(vault.lockedFor(module, holder, OTHER_PURPOSE), bucket[module][holder][OTHER_PURPOSE]);
            }
        }
    }

    function checkModules() external view {
        for (uint256 i = 0; i < actors.length; ++i) {
            assertTrue(vault.mayLock(address(actors[i])) == (officesHeld[address(actors[i])] != 0), "by its offices");
        }
    }

    function deposit(Wish memory w) private {
        uint256 amount = _flow == Flow.CommunityCoin ? about(w.draw, purse(address(w.by))) : w.draw % LARGEST;
        uint256 arrives = arrival(amount);
        bool should = arrives != 0 && valid(w.account) && opens(w.by);
        if (_flow == Flow.CommunityCoin) should = should && amount <= purse(address(w.by));
        bytes memory data = abi.encodeCall(Vault.depositFor, (w.account, amount));
        if (tried("deposit", w.by, _flow == Flow.Ether ? amount : 0, data, should)) free[w.account] += arrives;
    }

    /// Written down before the call, as the vault has to: who is called back must find it done.
    function withdraw(Wish memory w) private {
        uint256 has = free[address(w.by)];
        uint256 amount = about(w.draw, has);
        bool should = valid(w.to) && amount <= has;
        if (amount != 0) should = should && !guarded() && takes(w.to);
        if (should) free[address(w.by)] = has - amount;
        uint256 before = purse(w.to);
        uint256 calls = callBacks;
        bytes memory data = abi.encodeCall(Vault.withdrawTo, (payable(w.to), amount));
        if (!tried("withdraw", w.by, 0, data, should)) {
            free[address(w.by)] = has;
        } else if (callBacks == calls && purse(w.to) != before + arrival(amount)) {
            surprise = "withdrawn";
        }
    }

    function lock(Wish memory w) private {
        chooseModule(w);
        uint256 has = free[w.account];
        uint256 amount = about(w.draw, has);
        bool should = officesHeld[address(w.by)] != 0 && amount <= has;
        if (!tried("lock", w.by, 0, abi.encodeCall(Vault.lock, (w.account, w.purpose, amount)), should)) return;
        free[w.account] = has - amount;
        bucket[address(w.by)][w.account][w.purpose] += amount;
    }

    function release(Wish memory w) private {
        chooseModule(w);
        uint256 has = bucket[address(w.by)][w.account][w.purpose];
        uint256 amount = about(w.draw, has);
        bytes memory data = abi.encodeCall(Vault.release, (w.account, w.purpose, amount));
        if (!tried("release", w.by, 0, data, amount <= has)) return;
        bucket[address(w.by)][w.account][w.purpose] = has - amount;
        free[w.account] += amount;
    }

    function pay(Wish memory w) private {
        chooseModule(w);
        uint256 has = bucket[address(w.by)][w.account][w.purpose];
        uint256 amount = about(w.draw, has);
        bytes memory data = abi.encodeCall(Vault.pay, (w.account, w.purpose, w.to, amount));
        if (!tried("pay", w.by, 0, data, amount == 0 || (amount <= has && valid(w.to)))) return;
        bucket[address(w.by)][w.account][w.purpose] = has - amount;
        free[w.to] += amount;
    }

    function issue(Wish memory w) private {
        chooseTreasurer(w);
        uint256 amount = w.draw % LARGEST;
        uint256 arrives = _flow == Flow.CommunityCoin ? amount : arrival(amount);
        bytes32 referenceId = chooseReference(w.draw);
        bool should = isTreasurer(w.by) && !used[referenceId] && arrives != 0 && valid(w.account) && opens(w.by);
        bool aside = w.draw >> 96 & 1 == 0;
        bytes memory data = aside
            ? abi.encodeCall(Vault.issueFor, (w.account, PAYMENTS, w.purpose, amount, referenceId))
            : abi.encodeCall(Vault.issue, (w.account, amount, referenceId));
        if (!tried(
                aside ? bytes32("issueFor") : bytes32("issue"), w.by, _flow == Flow.Ether ? amount : 0, data, should
            )) {
            return;
        }
        used[referenceId] = true;
        issued += arrives;
        if (aside) bucket[address(inOffice[PAYMENTS])][w.account][w.purpose] += arrives;
        else free[w.account] += arrives;
    }

    function allow(Wish memory w) private {
        uint256 amount = about(w.draw, free[address(w.by)]);
        if (tried("allow", w.by, 0, abi.encodeCall(Vault.allowRedemption, (amount)), true)) {
            redeemable[address(w.by)] = amount;
        }
    }

    function redeem(Wish memory w) private {
        chooseTreasurer(w);
        (uint256 has, uint256 allowed) = (free[w.account], redeemable[w.account]);
        uint256 amount = about(w.draw, has < allowed ? has : allowed);
        bytes32 referenceId = chooseReference(w.draw);
        bool should =
            isTreasurer(w.by) && !used[referenceId] && amount != 0 && amount <= has && amount <= allowed && !guarded();
        if (should) note(w.account, has - amount, allowed - amount, redeemed + amount, referenceId, true);
        bytes memory data = abi.encodeCall(Vault.redeem, (w.account, amount, referenceId));
        if (!tried("redeem", w.by, 0, data, should) && should) {
            note(w.account, has, allowed, redeemed - amount, referenceId, false);
        }
    }

    function note(address holder, uint256 has, uint256 allowed, uint256 total, bytes32 referenceId, bool use) private {
        free[holder] = has;
        redeemable[holder] = allowed;
        redeemed = total;
        used[referenceId] = use;
    }

    function tried(bytes32 name, Actor by, uint256 value, bytes memory data, bool should) private returns (bool did) {
        ++underWay;
        (did,) = by.act(address(vault), value, data);
        --underWay;
        if (did != should && surprise == 0) surprise = name;
        if (did) ++done[depth == 0 ? name : bytes32("inside")];
    }

    /// Each module has each office once, so one can have both; a council takes nobody back.
    function replace(bytes32 office, uint256 first) private {
        uint256 number = successions[office];
        if (number == MODULES) return;
        Actor next = actors[PEOPLE + (first + number) % MODULES];
        enter(office, address(next));
        successions[office] = number + 1;
        try vault.admitModule(office) {
            if (closed) surprise = "admit";
            if (address(inOffice[office]) != address(0)) --officesHeld[address(inOffice[office])];
            inOffice[office] = next;
            ++officesHeld[address(next)];
            ++done["admit"];
        } catch {
            if (!closed) surprise = "admit";
        }
    }

    function closeBucket(Actor module, address holder, bytes32 purpose) private {
        uint256 amount = bucket[address(module)][holder][purpose];
        (bool released,) = module.act(address(vault), 0, abi.encodeCall(Vault.release, (holder, purpose, amount)));
        assertTrue(released, "a module, also a replaced one, can release what is locked to it");
    }

    /// Hashed, because the fuzzer likes small numbers, which would all be one actor's.
    function wish(uint256 draw) private view returns (Wish memory w) {
        draw = uint256(keccak256(abi.encode(draw)));
        w.by = actors[draw % actors.length];
        w.account = someone(draw >> 32);
        w.to = someone(draw >> 64);
        w.purpose = draw >> 96 & 1 == 0 ? PURPOSE : OTHER_PURPOSE;
        w.draw = draw >> 128;
    }

    /// Mostly people; sometimes nobody, or the vault itself.
    function someone(uint256 draw) private view returns (address) {
        if (draw % 32 == 0) return address(0);
        if (draw % 32 == 1) return address(vault);
        return address(draw % 4 == 2 ? actors[(draw >> 8) % actors.length] : actors[(draw >> 8) % PEOPLE]);
    }

    function chooseModule(Wish memory w) private view {
        if (w.draw >> 64 & 7 != 0) w.by = actors[PEOPLE + (w.draw >> 72) % MODULES];
    }

    function chooseTreasurer(Wish memory w) private view {
        if (w.draw >> 64 & 7 != 0) w.by = treasurer();
    }

    /// One in sixteen is one of a few that may have been used.
    function chooseReference(uint256 draw) private pure returns (bytes32) {
        return draw >> 80 & 15 == 0 ? bytes32(1 + (draw >> 88) % 4) : keccak256(abi.encode(draw));
    }

    function treasurer() private view returns (Actor) {
        return actors[PEOPLE + MODULES];
    }

    function isTreasurer(Actor actor) private view returns (bool) {
        return address(actor) == address(treasurer());
    }

    /// Everything that may be asked of one who has so much: all of it, one more, nothing, far too much, a part.
    function about(uint256 draw, uint256 has) private pure returns (uint256) {
        uint256 which = draw >> 120 & 15;
        if (which == 0) return has;
        if (which == 1) return has + 1;
        if (which == 2) return 0;
        if (which == 3) return type(uint256).max;
        return draw % (has + 1);
    }

    function valid(address holder) private view returns (bool) {
        return holder != address(0) && holder != address(vault);
    }

    /// Inside a call back of an ERC-20 no other coin may move; Ether needs no such guard.
    function guarded() private view returns (bool) {
        return depth != 0 && _flow == Flow.FeeAndHook;
    }

    function opens(Actor purse_) private view returns (bool) {
        return !guarded() && (_flow != Flow.FeeAndHook || purse_.manner() != Manner.Refuses);
    }

    function takes(address to) private view returns (bool) {
        return _flow == Flow.CommunityCoin || to != address(actors[1]);
    }

    function purse(address holder) private view returns (uint256) {
        return _flow == Flow.Ether ? holder.balance : IERC20(_coin).balanceOf(holder);
    }

    function arrival(uint256 amount) private view returns (uint256) {
        return _flow == Flow.FeeAndHook && amount < 1e60 ? amount - amount * 100 / 10_000 : amount;
    }
}
