// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Council} from "./Council.sol";
import {Deliveries, Delivery} from "./Delivery.sol";
import {Members} from "./Members.sol";
import {Commodity, Kind, MeterRecord, Meters} from "./Meters.sol";
import {SpanReport, SpanReports} from "./SpanReport.sol";
import {Storage} from "./Storage.sol";
import {Vault} from "./Vault.sol";

/// @notice What a channel's id is the hash of: fixed for its whole life.
struct Terms {
    address payer;
    address payee;
    /// Whose vouchers count: the payer, or a key that the payer named, such as their meter's own.
    address signer;
    /// What a kWh costs, in wei. The two agree on it here; the contract pays what the voucher says.
    uint128 price;
    /// Unix seconds of the block that opened it.
    uint40 opened;
}

/// @notice What the payer promises; the latest one is worth all the earlier ones together.
struct Voucher {
    bytes32 channel;
    /// Wei owed so far, since the channel was opened.
    uint256 total;
    /// mWh delivered so far, since the channel was opened.
    uint64 energy;
}

/// @notice A channel that is open.
struct Channel {
    /// Wei locked.
    uint128 amount;
    /// Unix seconds: nothing is to be delivered from then on.
    uint40 end;
}

/// @title Pay-as-you-go: one payer, one payee, one way.
/// @dev The payer locks an amount, and answers each block of energy with a signed voucher that goes past the ledger. The
/// payee closes with the last one: once, and for good. An earlier voucher pays what it says and the rest is lost to the
/// payee; therefore nobody closes but the payee and whom they named (`nameCloser`): the payer has all the earlier ones.
///
/// No id comes twice, so no voucher counts twice: an id carries the second of its opening, and a channel can't be closed
/// in that second, so once it is closed its second is over. Its slot is then emptied. All that a payer has in channels lies
/// in one bucket of the vault; each slot says how much of it is the channel's. There is no tax and no rounding: what the
/// payee does not get, the payer gets back.
///
/// Money goes by vouchers, bills by meters: what both meters signed of a turn of energy is taken off the bills of the two by
/// `count`, whatever the vouchers say, and what no meter signed is taken off no bill.
contract Channels {
    /// @notice Seconds after its end in which a channel can still be closed; only then can it be reclaimed.
    uint40 public constant GRACE = 24 hours;
    /// @notice Seconds from now within which a channel must end: a payee who vanishes ties the payer up until then.
    uint40 public constant MAXIMUM_LIFE = 366 days;

    bytes32 private constant PURPOSE = "Channels";
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant VOUCHER_TYPE = keccak256("Voucher(bytes32 channel,uint256 total,uint64 energy)");

    Council public immutable council;
    Vault public immutable vault;
    Members public immutable members;
    Meters public immutable meters;
    uint256 private immutable _deploymentChain;
    bytes32 private immutable _deploymentDomain;

    /// Each a `Channel` in one word, the end above the amount; zero when there is none.
    mapping(bytes32 channel => uint256) private _channels;
    mapping(address payee => mapping(address closer => bool)) private _closers;
    /// What was counted of a turn, for a meter may sign several spans of it: without this more than its energy would count.
    mapping(bytes32 turn => uint64) private _counted;

    /// @notice The time of the block is the `opened` of its terms.
    event ChannelOpened(
        bytes32 indexed channel,
        address indexed payer,
        address indexed payee,
        address signer,
        uint128 price,
        uint40 end,
        uint128 amount
    );
    /// @notice So much is locked from now on.
    event ChannelToppedUp(bytes32 indexed channel, uint128 amount);
    event ChannelExtended(bytes32 indexed channel, uint40 end);
    /// @notice The payee got `paid` for `energy`, the payer got `returned` back.
    event ChannelClosed(bytes32 indexed channel, uint128 paid, uint128 returned, uint64 energy);
    event ChannelReclaimed(bytes32 indexed channel, uint128 returned);
    event CloserNamed(address indexed payee, address indexed closer, bool may);
    /// @notice So many milliwatt hours of a turn went from one meter to the other, and are taken off the bills of both.
    event ChannelCounted(
        bytes32 indexed channel, address indexed source, address indexed sink, bytes32 turn, uint64 energy
    );

    error MayNotBuy(address payer);
    error MayNotSell(address payee);
    error Barred(address account);
    error PayeeIsPayer(address account);
    error PayeeCannotSign(address payee);
    error ZeroAmount();
    error EndTooEarly(uint40 end, uint256 earliest);
    error EndTooLate(uint40 end, uint256 latest);
    error AlreadyOpen(bytes32 channel);
    error NotOpen(bytes32 channel);
    error NotPayer(address account, address payer);
    error NotCloser(address account, address payee);
    error ChannelEnded(bytes32 channel, uint40 end, uint256 instant);
    error CloseTooEarly(bytes32 channel, uint256 earliest, uint256 instant);
    error CloseTooLate(bytes32 channel, uint256 latest, uint256 instant);
    error ReclaimTooEarly(bytes32 channel, uint256 earliest, uint256 instant);
    error WrongSigner(address signer, address needed);
    error OtherChannel(bytes32 channel, bytes32 needed);
    error OtherParties(address seller, address buyer);
    error TurnHasPrice(uint128 share, uint128 tax);
    error TurnIsStored(bytes32 turn);
    error TurnTooEarly(uint40 opened, uint40 needed);
    error NotTheirMeter(address meter, address account);
    error OtherMicrogrid(address meter, uint32 microgrid, uint32 needed);
    error ReportMissing(address meter);
    error NothingToCount(bytes32 turn);

    constructor(Vault vault_, Members members_, Meters meters_) {
        council = meters_.council();
        vault = vault_;
        members = members_;
        meters = meters_;
        _deploymentChain = block.chainid;
        _deploymentDomain = _computeDomain();
    }

    /// @notice Opens a channel from the caller, who may buy, to a payee, who may sell; neither barred. Locks the amount,
    /// in wei, out of the caller's free balance. One with the same payee, signer and price in a second.
    /// @param signer Whose vouchers count; zero for the caller. The key of a meter can so spend what is locked here, and
    /// nothing else.
    /// @param price Wei per kWh.
    /// @param end Unix seconds, later than now.
    function open(address payee, address signer, uint128 price, uint40 end, uint128 amount)
        external
        returns (bytes32 id)
    {
        if (signer == address(0)) signer = msg.sender;
        if (payee == msg.sender) revert PayeeIsPayer(payee);
        if (payee == signer) revert PayeeCannotSign(payee);
        if (amount == 0) revert ZeroAmount();
        _checkEnd(end, block.timestamp);
        id = _hash(msg.sender, payee, signer, price, uint40(block.timestamp));
        if (_channels[id] != 0) revert AlreadyOpen(id);
        _checkParties(msg.sender, payee);
        _channels[id] = _pack(amount, end);
        emit ChannelOpened(id, msg.sender, payee, signer, price, end, amount);
        vault.lock(msg.sender, PURPOSE, amount);
    }

    /// @notice Locks so much more. Only the payer, before the end, and as for an opening.
    function topUp(Terms calldata terms, uint128 amount) external {
        (bytes32 id, Channel memory channel) = _openForMore(terms);
        if (amount == 0) revert ZeroAmount();
        // First, because it refuses what nobody has and no sum could hold.
        vault.lock(msg.sender, PURPOSE, amount);
        channel.amount += amount;
        _channels[id] = _pack(channel.amount, channel.end);
        emit ChannelToppedUp(id, channel.amount);
    }

    /// @notice Puts the end off. Only the payer, before the end that it has, and as for an opening.
    function extend(Terms calldata terms, uint40 end) external {
        (bytes32 id, Channel memory channel) = _openForMore(terms);
        _checkEnd(end, channel.end);
        _channels[id] = _pack(channel.amount, end);
        emit ChannelExtended(id, end);
    }

    /// @notice Lets an account close the caller's channels, as their node does, or no longer. It can close with an early
    /// voucher too, so it is trusted with what the vouchers are worth; it gets none of it.
    function nameCloser(address closer, bool may) external {
        _closers[msg.sender][closer] = may;
        emit CloserNamed(msg.sender, closer, may);
    }

    /// @notice Ends a channel: the payee gets the voucher's total, at most what is locked, and the payer the rest. Only the
    /// payee or whom they named, until `GRACE` after the end, whatever became of either as a member.
    /// @param total Wei owed, of the voucher.
    /// @param energy mWh delivered, of the voucher.
    /// @param r First half of the signature of the channel's signer over the voucher (EIP-712).
    /// @param vs Its other half, s with the parity of v above it (EIP-2098).
    function close(Terms calldata terms, uint256 total, uint64 energy, bytes32 r, bytes32 vs) external {
        (bytes32 id, Channel memory channel) = _openToClose(terms);
        (address signer,,) = ECDSA.tryRecover(voucherDigest(Voucher(id, total, energy)), r, vs);
        if (signer != terms.signer) revert WrongSigner(signer, terms.signer);
        _end(id, terms, channel, uint128(Math.min(total, channel.amount)), energy);
    }

    /// @notice Takes what both meters show of a turn off their owners' bills, as traded between neighbours. Anyone who has
    /// the reports may, while the channel is open. It moves no money. Of each register a part counts once, here and on the
    /// board, and of a turn no more than its energy, however often and in how many spans it is brought.
    /// @param form The turn, in the six words of a `Delivery`: the payee's meter is the source, the payer's the sink, both
    /// the same one's and in service since before it opened; its energy is the most that it may deliver, in milliwatt hours;
    /// its origin is the channel. The loss is what the meters signed: a lower one counts no more than both meters show.
    /// @param source What the payee's meter signed of its export.
    /// @param sink What the payer's meter signed of its import.
    function count(Terms calldata terms, bytes32[6] calldata form, SpanReport calldata source, SpanReport calldata sink)
        external
    {
        bytes32 id = idOf(terms);
        _open(id);
        bytes32[6] memory copy = form;
        bytes32 turn = Deliveries.id(copy);
        Delivery memory delivery = Deliveries.parse(copy);
        _checkTurn(id, terms, turn, delivery);
        _checkReport(source, delivery.source, terms.payee, delivery);
        _checkReport(sink, delivery.sink, terms.payer, delivery);
        uint64 before = _counted[turn];
        (uint64 energy,) = Storage(council.holderOf("Storage")).deliver(form, before, false, source, sink);
        if (energy == 0) revert NothingToCount(turn);
        _counted[turn] = before + energy;
        emit ChannelCounted(id, delivery.source, delivery.sink, turn, energy);
    }

    /// @notice Ends a channel without a voucher: the payer gets everything. Only the payee or whom they named, until
    /// `GRACE` after the end.
    function forgo(Terms calldata terms) external {
        (bytes32 id, Channel memory channel) = _openToClose(terms);
        _end(id, terms, channel, 0, 0);
    }

    /// @notice Gives the payer everything back, later than `GRACE` after the end; anyone may ask for it.
    function reclaim(Terms calldata terms) external {
        bytes32 id = idOf(terms);
        Channel memory channel = _open(id);
        uint256 earliest = uint256(channel.end) + GRACE + 1;
        if (block.timestamp < earliest) revert ReclaimTooEarly(id, earliest, block.timestamp);
        delete _channels[id];
        emit ChannelReclaimed(id, channel.amount);
        vault.release(terms.payer, PURPOSE, channel.amount);
    }

    /// @notice Milliwatt hours of a turn that were taken off bills.
    function countedOf(bytes32 turn) external view returns (uint64) {
        return _counted[turn];
    }

    /// @notice The channel of an id; all zero when it is not open.
    function channelOf(bytes32 id) public view returns (Channel memory) {
        uint256 packed = _channels[id];
        // Both were put in by `_pack`.
        // forge-lint: disable-next-line(unsafe-typecast)
        return Channel(uint128(packed), uint40(packed >> 128));
    }

    /// @notice Whether the account may close the payee's channels.
    function mayClose(address payee, address account) public view returns (bool) {
        return account == payee || _closers[payee][account];
    }

    /// @notice What the signer of a channel signs, on this chain for this contract.
    function voucherDigest(Voucher memory voucher) public view returns (bytes32) {
        bytes32 hash = keccak256(abi.encode(VOUCHER_TYPE, voucher.channel, voucher.total, voucher.energy));
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), hash));
    }

    /// @notice The domain (EIP-712) of every voucher: "Busbar Channels", version 1, this chain and this contract.
    function domainSeparator() public view returns (bytes32) {
        // A chain that splits gives one half another number; vouchers of the other half are then worth nothing here.
        return block.chainid == _deploymentChain ? _deploymentDomain : _computeDomain();
    }

    /// @notice The id of the channel with these terms, whether or not it was opened.
    function idOf(Terms calldata terms) public pure returns (bytes32) {
        return _hash(terms.payer, terms.payee, terms.signer, terms.price, terms.opened);
    }

    function _end(bytes32 id, Terms calldata terms, Channel memory channel, uint128 paid, uint64 energy) private {
        uint128 returned = channel.amount - paid;
        delete _channels[id];
        emit ChannelClosed(id, paid, returned, energy);
        vault.pay(terms.payer, PURPOSE, terms.payee, paid);
        vault.release(terms.payer, PURPOSE, returned);
    }

    function _openForMore(Terms calldata terms) private view returns (bytes32 id, Channel memory channel) {
        if (msg.sender != terms.payer) revert NotPayer(msg.sender, terms.payer);
        id = idOf(terms);
        channel = _open(id);
        if (block.timestamp >= channel.end) revert ChannelEnded(id, channel.end, block.timestamp);
        // More money or more time is new business: who was removed does not go on for ever.
        _checkParties(terms.payer, terms.payee);
    }

    function _openToClose(Terms calldata terms) private view returns (bytes32 id, Channel memory channel) {
        if (!mayClose(terms.payee, msg.sender)) revert NotCloser(msg.sender, terms.payee);
        id = idOf(terms);
        channel = _open(id);
        // In the second of the opening another one with the same id could still follow.
        if (block.timestamp == terms.opened) revert CloseTooEarly(id, block.timestamp + 1, block.timestamp);
        uint256 latest = uint256(channel.end) + GRACE;
        if (block.timestamp > latest) revert CloseTooLate(id, latest, block.timestamp);
    }

    /// Whether it is a turn of this channel, and nothing that is sold elsewhere.
    function _checkTurn(bytes32 id, Terms calldata terms, bytes32 turn, Delivery memory delivery) private pure {
        if (delivery.origin != id) revert OtherChannel(delivery.origin, id);
        if (delivery.seller != terms.payee || delivery.buyer != terms.payer) {
            revert OtherParties(delivery.seller, delivery.buyer);
        }
        if (delivery.share != 0 || delivery.tax != 0) revert TurnHasPrice(delivery.share, delivery.tax);
        if (delivery.stored) revert TurnIsStored(turn);
        if (delivery.opened < terms.opened) revert TurnTooEarly(delivery.opened, terms.opened);
    }

    /// Whether the meter signed something, and was theirs all the time: on others' premises it counts for others. What a
    /// store's meter exports was bought in another way.
    function _checkReport(SpanReport calldata report, address meter, address account, Delivery memory delivery)
        private
        view
    {
        if (!SpanReports.isThere(report)) revert ReportMissing(meter);
        MeterRecord memory record = meters.meter(meter);
        bool isTheirs = record.participant == account && record.retiredAt == 0 && record.registeredAt <= delivery.opened;
        bool counts =
            record.commodity == Commodity.Electricity && (record.kind == Kind.Premises || record.kind == Kind.Plant);
        if (!isTheirs || !counts) {
            revert NotTheirMeter(meter, account);
        }
        if (record.microgrid != delivery.microgrid) {
            revert OtherMicrogrid(meter, record.microgrid, delivery.microgrid);
        }
    }

    function _open(bytes32 id) private view returns (Channel memory channel) {
        channel = channelOf(id);
        if (channel.end == 0) revert NotOpen(id);
    }

    /// Two questions as a rule, four when one is answered badly: each costs an opening 700 gas.
    function _checkParties(address payer, address payee) private view {
        if (!_ask(address(members), Members.mayTrade.selector, payer, payee)) {
            if (!members.mayBuy(payer)) revert MayNotBuy(payer);
            revert MayNotSell(payee);
        }
        if (!_ask(address(meters), Meters.anyAdvisory.selector, payer, payee)) return;
        if (meters.barred(payer)) revert Barred(payer);
        if (meters.barred(payee)) revert Barred(payee);
    }

    /// A question that takes two accounts, or fewer. The compiler's own way to ask takes 150 gas more.
    function _ask(address office, bytes4 question, address first, address second) private view returns (bool answer) {
        assembly ("memory-safe") {
            let at := mload(64)
            mstore(at, question)
            mstore(add(at, 4), first)
            mstore(add(at, 36), second)
            // The arguments are evaluated from the last to the first.
            if iszero(and(gt(returndatasize(), 31), staticcall(gas(), office, at, 68, 0, 32))) {
                revert(0, 0)
            }
            answer := mload(0)
        }
    }

    function _checkEnd(uint40 end, uint256 last) private view {
        if (end <= last) revert EndTooEarly(end, last + 1);
        uint256 latest = block.timestamp + MAXIMUM_LIFE;
        if (end > latest) revert EndTooLate(end, latest);
    }

    function _pack(uint128 amount, uint40 end) private pure returns (uint256) {
        return uint256(end) << 128 | amount;
    }

    function _hash(address payer, address payee, address signer, uint128 price, uint40 opened)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(payer, payee, signer, price, opened));
    }

    function _computeDomain() private view returns (bytes32) {
        return
            keccak256(
                abi.encode(DOMAIN_TYPE, keccak256("Busbar Channels"), keccak256("1"), block.chainid, address(this))
            );
    }
}
