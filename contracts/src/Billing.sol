// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Bill, Flags} from "./Account.sol";
import {Anchors} from "./Anchors.sol";
import {Boundaries, Boundary} from "./Boundary.sol";
import {Council} from "./Council.sol";
import {Meters} from "./Meters.sol";
import {Payments} from "./Payments.sol";
import {ProvenReading, ProvenReadings, Registers} from "./ProvenReading.sol";
import {RuleBook} from "./RuleBook.sol";
import {SigningDomain} from "./SigningDomain.sol";
import {ITradedBills} from "./Spans.sol";
import {Storage} from "./Storage.sol";
import {Charges, Tariff, Tariffs, Usage} from "./Tariff.sol";

/// @notice A bill to be made. What stands before its period is brought along and held against its hash.
struct BillInput {
    bytes32 premises;
    /// The `Boundary` where the period begins.
    bytes32[7] opening;
    /// abi.encode of the `Tariff` of the period.
    bytes tariff;
    ProvenReading closing;
    /// The import by time bands for a meter that has none; all zero when it has, or the tariff has none.
    uint64[4] bands;
    /// Whether the account ends with this bill.
    bool last;
}

/// @notice An account to begin.
struct OpeningInput {
    bytes32 premises;
    uint32 microgrid;
    uint32 tariff;
    ProvenReading opening;
}

/// @title Tariffs, and bills that are computed from proven readings.
/// @dev Nobody can bill what was not metered: an amount follows from two registers in anchored intervals and from a
/// tariff that was published before the period. The closing of a bill is the opening of the next; its contents are in
/// the events and their hash is here. What is owed is kept by `Payments`.
contract Billing is ITradedBills {
    /// A published tariff.
    struct Published {
        bytes32 hash;
        /// Unix seconds, as the two that follow.
        uint64 publishedAt;
        uint64 validFrom;
        uint64 validUntil;
    }

    /// What the next bill has to look at, in one slot.
    struct Ahead {
        /// Takes over with the first period that begins at `from` or later; 0 for no other than the present one.
        uint32 tariff;
        uint64 from;
        /// Whether its meters ever traded: only then it is worth asking what.
        bool trades;
    }

    /// A period as it is computed.
    struct Period {
        Usage usage;
        int256 total;
        uint8 flags;
        /// Where the next one begins, as far as the usage tells.
        Boundary next;
    }

    /// @notice Most bills or openings in one transaction.
    uint256 public constant MAXIMUM_BATCH = 128;

    Council public immutable council;
    Meters public immutable meters;
    Anchors public immutable anchors;
    Payments public immutable payments;
    Storage public immutable store;

    uint256 private immutable _deploymentChain;
    bytes32 private immutable _deploymentDomain;

    uint32 private _tariffCount;
    mapping(uint32 number => Published) private _tariffs;
    mapping(bytes32 premises => bytes32) private _boundaries;
    mapping(bytes32 premises => Ahead) private _ahead;
    /// Import of the last eight days of prepaid premises, 32 bits of milliwatt hours each, the newest lowest. Seven count;
    /// the eighth comes back when a correction takes the newest away.
    mapping(bytes32 premises => uint256) private _recentDays;

    event TariffPublished(uint32 indexed number, bytes32 indexed hash, Tariff tariff, bytes document);
    event TariffAssigned(bytes32 indexed premises, uint32 tariff, uint64 from);
    event AccountOpened(bytes32 indexed premises, bytes32[7] opening);
    event MeterExchanged(bytes32 indexed premises, Registers closing, bytes32[7] opening);
    /// `bands` are the import's, by which it was charged; `boundary` is where the next period begins, and tells the rest.
    event BillIssued(bytes32 indexed premises, uint256 indexed number, Bill bill, uint64[4] bands, bytes32[7] boundary);

    error NotOperator(uint32 microgrid, address account);
    error NotRegulator(address account);
    error BatchTooLarge(uint256 length, uint256 maximum);
    error WrongDocument(bytes32 hash, bytes32 needed);
    error GraceTooShort(uint256 graceSeconds, uint256 needed);
    error UnknownTariff(uint32 number);
    error TariffTooYoung(uint32 number, uint64 instant, uint64 needed);
    error TariffEnded(uint32 number, uint64 instant, uint64 end);
    error WrongTariff(uint32 number, bytes32 hash, bytes32 needed);
    error AssignmentTooLate(uint64 from, uint256 now_);
    error AssignmentWaits(bytes32 premises, uint32 tariff, uint64 from);
    error AccountAlreadyOpen(bytes32 premises);
    error AccountHasEnded(bytes32 premises);
    error WrongOpening(bytes32 premises, bytes32 hash, bytes32 needed);
    error OtherMeter(address meter, address needed);
    error ClosingBeforeOpening(uint64 closing, uint64 opening);
    error RegisterBackwards(address meter, uint64 opening, uint64 closing);
    error OpeningIsEstimated(bytes32 premises);
    error ClosingIsEstimated(bytes32 premises);
    error NothingUsual(bytes32 premises);
    error EstimateTooHigh(uint256 imported, uint256 maximum);
    error BandsNotNeeded();
    error NotLatestBill(bytes32 premises);

    constructor(Council council_, Meters meters_, Anchors anchors_, Payments payments_, Storage store_) {
        council = council_;
        meters = meters_;
        anchors = anchors_;
        payments = payments_;
        store = store_;
        _deploymentChain = block.chainid;
        _deploymentDomain = SigningDomain.compute(SigningDomain.READING, address(meters_));
        // Accounts keep the numbers of their tariffs, so whoever comes after another counts on.
        address before = council_.holderOf("Billing");
        if (before != address(0)) _tariffCount = Billing(before).tariffCount();
    }

    /// @notice Publishes a tariff with its canonical text. Any one regulator may. It never changes again.
    /// @return number Of the tariff, from 1.
    function publishTariff(Tariff memory tariff, bytes calldata document) external returns (uint32 number) {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        Tariffs.check(tariff);
        if (keccak256(document) != tariff.document) revert WrongDocument(keccak256(document), tariff.document);
        uint256 grace = council.rule(RuleBook.GRACE_DAYS) * 1 days;
        if (tariff.graceSeconds < grace) revert GraceTooShort(tariff.graceSeconds, grace);
        number = ++_tariffCount;
        bytes32 hash = keccak256(abi.encode(tariff));
        _tariffs[number] = Published(hash, uint64(block.timestamp), tariff.validFrom, tariff.validUntil);
        payments.setPayee(number, tariff.payee);
        emit TariffPublished(number, hash, tariff, document);
    }

    /// @notice Gives premises another tariff from the first period that begins at `from` or later, which may not be past.
    /// An assignment whose time has come waits for the bill after which it takes over, and nothing displaces it. `latest` is
    /// where the account's period began. Only the operator.
    function assignTariff(bytes32 premises, uint32 tariff, uint64 from, bytes32[7] memory latest) external {
        Boundary memory boundary = _begin(premises, latest);
        _checkGoesOn(premises, boundary);
        if (from < block.timestamp) revert AssignmentTooLate(from, block.timestamp);
        _checkUsable(tariff, from);
        Ahead storage ahead = _ahead[premises];
        if (ahead.tariff != 0 && ahead.tariff != boundary.tariff && ahead.from <= block.timestamp) {
            revert AssignmentWaits(premises, ahead.tariff, ahead.from);
        }
        (ahead.tariff, ahead.from) = (tariff, from);
        emit TariffAssigned(premises, tariff, from);
    }

    /// @notice Begins accounts at proven readings; all or none. Only the operator.
    function open(OpeningInput[] calldata inputs) external {
        if (inputs.length > MAXIMUM_BATCH) revert BatchTooLarge(inputs.length, MAXIMUM_BATCH);
        for (uint256 i = 0; i < inputs.length; ++i) {
            _openAccount(inputs[i]);
        }
    }

    /// @notice Makes bills; all or none. Only the operator.
    function issue(BillInput[] calldata inputs) external {
        if (inputs.length > MAXIMUM_BATCH) revert BatchTooLarge(inputs.length, MAXIMUM_BATCH);
        for (uint256 i = 0; i < inputs.length; ++i) {
            _issue(inputs[i]);
        }
    }

    /// @notice Makes a new version of the latest bill from another closing; the difference is owed or credited. `latest` is
    /// the boundary that the bill ended with. An estimated closing gives way to the first signed one at that instant or
    /// later, or to another estimate at that instant; a signed one only to a signed one at the same instant. Only the
    /// operator.
    function correct(BillInput calldata input, bytes32[7] memory latest) external {
        Boundary memory end = _begin(input.premises, latest);
        _checkOperator(end.microgrid);
        bytes32[7] memory opening = input.opening;
        if (Boundaries.hash(opening) != end.previous || end.begun != end.instant) revert NotLatestBill(input.premises);
        if (input.last != end.ended) revert AccountHasEnded(input.premises);
        Registers memory closing = _read(input.closing, end.microgrid, input.premises);
        if (closing.instant != end.instant && (!end.estimated || closing.instant < end.instant)) {
            revert ClosingBeforeOpening(closing.instant, end.instant);
        }
        if (closing.estimated && (!end.estimated || closing.instant != end.instant)) {
            revert ClosingIsEstimated(input.premises);
        }
        (Period memory period, Tariff memory tariff) = _compute(input, Boundaries.parse(opening), closing, end.tariff);
        Boundary memory boundary = _close(input, end.previous, period, closing);
        (uint256 number, Bill memory bill) =
            payments.rebook(input.premises, period.total, _patience(tariff), period.flags, boundary.tariff);
        emit BillIssued(input.premises, number, bill, period.usage.bands, Boundaries.pack(boundary));
        if (payments.accountOf(input.premises).flags & Flags.PREPAID != 0) {
            _recentDays[input.premises] >>= 32;
            _renewPrepaid(input.premises, closing.instant, tariff, period.usage);
        }
    }

    /// @notice Ends the counting of one meter and begins that of another one, or of the same one whose registers were
    /// reset, in the middle of a period. What flowed between the two readings is not billed. For a meter that has signed
    /// nothing since the period began, `old` is the reading that it began with. Only the operator.
    function exchangeMeter(
        bytes32 premises,
        bytes32[7] memory latest,
        ProvenReading calldata old,
        ProvenReading calldata new_
    ) external {
        Boundary memory boundary = _begin(premises, latest);
        _checkGoesOn(premises, boundary);
        Registers memory closing = _read(old, boundary.microgrid, premises);
        Registers memory next = _read(new_, boundary.microgrid, premises);
        bool counts = closing.instant != boundary.instant;
        if (next.estimated || (closing.estimated && counts)) revert OpeningIsEstimated(premises);
        if (closing.meter != boundary.meter) revert OtherMeter(closing.meter, boundary.meter);
        if (next.instant <= closing.instant) revert ClosingBeforeOpening(next.instant, closing.instant);
        if (counts) {
            (boundary.importBefore, boundary.exportBefore, boundary.bandsBefore) = _count(boundary, closing);
        }
        boundary.previous = Boundaries.hash(latest);
        (boundary.boughtBefore, boundary.soldBefore) = _tradedSince(premises, boundary);
        (boundary.bought, boundary.sold) = _traded(premises, next.meter);
        _setRegisters(boundary, next);
        _commit(premises, boundary);
        emit MeterExchanged(premises, closing, Boundaries.pack(boundary));
    }

    /// @inheritdoc ITradedBills
    /// @dev Anyone may: it only makes the premises' bills ask.
    function beginTrading(bytes32 premises) external {
        _ahead[premises].trades = true;
    }

    /// @notice What a use would cost: the arithmetic of every bill, for anyone to try.
    function charge(Tariff memory tariff, Usage memory usage) external pure returns (Charges memory) {
        return Tariffs.charge(tariff, usage);
    }

    /// @notice Hash of where the account's next period begins: keccak-256 of the seven words of the `Boundary`.
    function boundaryOf(bytes32 premises) external view returns (bytes32) {
        return _boundaries[premises];
    }

    /// @notice Hash (keccak-256 of abi.encode) and instant of publication of a tariff.
    function tariffOf(uint32 number) external view returns (Published memory) {
        return _tariffs[number];
    }

    /// @notice Number of tariffs.
    function tariffCount() external view returns (uint32) {
        return _tariffCount;
    }

    /// @notice The tariff that takes over with the first period that begins at `from` or later, 0 for none, and whether the
    /// premises' meters ever traded.
    function aheadOf(bytes32 premises) external view returns (Ahead memory) {
        return _ahead[premises];
    }

    function _openAccount(OpeningInput calldata input) private {
        if (_boundaries[input.premises] != 0) revert AccountAlreadyOpen(input.premises);
        _checkOperator(input.microgrid);
        Registers memory registers = _read(input.opening, input.microgrid, input.premises);
        if (registers.estimated) revert OpeningIsEstimated(input.premises);
        _checkUsable(input.tariff, registers.instant);
        Boundary memory boundary;
        boundary.begun = registers.instant;
        boundary.tariff = input.tariff;
        boundary.microgrid = input.microgrid;
        // What was traded before the account began is not taken off its bills.
        (boundary.bought, boundary.sold) = _traded(input.premises, registers.meter);
        _setRegisters(boundary, registers);
        _commit(input.premises, boundary);
        payments.openAccount(input.premises, input.microgrid, input.tariff);
        emit AccountOpened(input.premises, Boundaries.pack(boundary));
    }

    function _issue(BillInput calldata input) private {
        bytes32[7] memory form = input.opening;
        Boundary memory opening = _begin(input.premises, form);
        _checkGoesOn(input.premises, opening);
        Registers memory closing = _read(input.closing, opening.microgrid, input.premises);
        (Period memory period, Tariff memory tariff) = _compute(input, opening, closing, opening.tariff);
        Boundary memory boundary = _close(input, Boundaries.hash(form), period, closing);
        (uint256 number, Bill memory bill, bool isPrepaid) =
            payments.book(input.premises, period.total, _patience(tariff), period.flags, boundary.tariff, input.last);
        emit BillIssued(input.premises, number, bill, period.usage.bands, Boundaries.pack(boundary));
        if (isPrepaid) _renewPrepaid(input.premises, closing.instant, tariff, period.usage);
    }

    function _renewPrepaid(bytes32 premises, uint64 until, Tariff memory tariff, Usage memory usage) private {
        payments.renewPrepaid(premises, until, _dailyCost(premises, tariff, usage));
    }

    /// Commits where the next period begins.
    function _close(BillInput calldata input, bytes32 previous, Period memory period, Registers memory closing)
        private
        returns (Boundary memory boundary)
    {
        boundary = period.next;
        boundary.previous = previous;
        boundary.begun = closing.instant;
        boundary.ended = input.last;
        _setRegisters(boundary, closing);
        _commit(input.premises, boundary);
    }

    function _commit(bytes32 premises, Boundary memory boundary) private {
        _boundaries[premises] = Boundaries.hash(Boundaries.pack(boundary));
    }

    /// What a day costs at the greatest of yesterday's use, the mean of the last seven days and the floor; at least 1 wei.
    function _dailyCost(bytes32 premises, Tariff memory tariff, Usage memory usage) private returns (uint256) {
        uint256 day = uint256(usage.imported) * 1 days / usage.span;
        uint256 recent = _recentDays[premises] << 32 | Math.min(day, type(uint32).max);
        _recentDays[premises] = recent;
        uint256 sum = 0;
        for (uint256 i = 0; i < 7; ++i) {
            sum += recent >> 32 * i & type(uint32).max;
        }
        uint256 use = Math.max(Math.max(day, sum / 7), council.rule(RuleBook.PREPAID_FLOOR));
        Usage memory daily;
        daily.span = 1 days;
        daily.imported = SafeCast.toUint64(use);
        if (Tariffs.hasBands(tariff)) {
            // The mix of the period; a period without any import is reckoned by the first band.
            uint256 rest = use;
            for (uint256 i = 3; i > 0 && usage.imported != 0; --i) {
                daily.bands[i] = SafeCast.toUint64(usage.bands[i] * use / usage.imported);
                rest -= daily.bands[i];
            }
            daily.bands[0] = SafeCast.toUint64(rest);
        }
        int256 cost = Tariffs.charge(tariff, daily).total;
        return cost < 1 ? 1 : SafeCast.toUint256(cost);
    }

    /// @param present The tariff of the next period unless another one takes over.
    function _compute(BillInput calldata input, Boundary memory opening, Registers memory closing, uint32 present)
        private
        view
        returns (Period memory period, Tariff memory tariff)
    {
        if (closing.meter != opening.meter) revert OtherMeter(closing.meter, opening.meter);
        tariff = _tariff(input, opening, closing.instant);
        Usage memory usage = period.usage;
        (usage.imported, usage.exported, usage.bands) = _count(opening, closing);
        usage.span = closing.instant - opening.begun;
        usage.carried = opening.carried;
        usage.last = input.last;
        Ahead memory ahead = _ahead[input.premises];
        Boundary memory next = period.next;
        next.microgrid = opening.microgrid;
        if (ahead.trades) {
            // What is more than the period's use is taken off the next one's.
            (uint64 bought, uint64 sold) = _tradedSince(input.premises, opening);
            usage.bought = uint64(Math.min(bought, usage.imported));
            usage.sold = uint64(Math.min(sold, usage.exported));
            (next.boughtBefore, next.soldBefore) = (bought - usage.bought, sold - usage.sold);
            (next.bought, next.sold) = _traded(input.premises, opening.meter);
        }
        next.tariff = ahead.tariff != 0 && ahead.from <= closing.instant ? ahead.tariff : present;
        if (closing.estimated) {
            period.flags = Flags.ESTIMATED;
            next.usual = opening.usual;
            _checkEstimate(input.premises, opening, usage);
        } else {
            next.usual = SafeCast.toUint64(uint256(usage.imported) * 1 days / usage.span);
        }
        if (Tariffs.hasBands(tariff)) {
            uint256 sum = uint256(usage.bands[0]) + usage.bands[1] + usage.bands[2] + usage.bands[3];
            if (sum != usage.imported) {
                period.flags |= Flags.BANDED_BY_NODE;
                usage.bands = input.bands;
            }
        } else {
            if (input.bands[0] | input.bands[1] | input.bands[2] | input.bands[3] != 0) revert BandsNotNeeded();
            delete usage.bands;
        }
        Charges memory charges = Tariffs.charge(tariff, usage);
        period.total = charges.total;
        next.carried = charges.carriedOut;
    }

    /// What the premises' meters traded since the boundary, in milliwatt hours.
    function _tradedSince(bytes32 premises, Boundary memory boundary) private view returns (uint64, uint64) {
        (uint64 bought, uint64 sold) = _traded(premises, boundary.meter);
        return (boundary.boughtBefore + bought - boundary.bought, boundary.soldBefore + sold - boundary.sold);
    }

    function _traded(bytes32 premises, address meter) private view returns (uint64 bought, uint64 sold) {
        if (_ahead[premises].trades) return store.tradedOf(meter, premises);
    }

    function _tariff(BillInput calldata input, Boundary memory opening, uint64 closing)
        private
        view
        returns (Tariff memory tariff)
    {
        uint32 number = opening.tariff;
        bytes32 hash = keccak256(input.tariff);
        bytes32 needed = _tariffs[number].hash;
        if (hash != needed) revert WrongTariff(number, hash, needed);
        tariff = abi.decode(input.tariff, (Tariff));
        uint64 end = tariff.validUntil;
        if (end != 0 && closing > end) revert TariffEnded(number, closing, end);
    }

    /// The payee does not owe for an export that nobody signed for, if it is more than the house could have used.
    function _checkEstimate(bytes32 premises, Boundary memory opening, Usage memory usage) private view {
        if (opening.usual == 0) revert NothingUsual(premises);
        uint256 maximum = council.rule(RuleBook.ESTIMATE_MULTIPLE) * opening.usual * usage.span / 1 days;
        uint256 highest = Math.max(usage.imported, usage.exported - opening.exportBefore);
        if (highest > maximum) revert EstimateTooHigh(highest, maximum);
    }

    /// An account whose period no tariff fits could never be billed again.
    function _checkUsable(uint32 number, uint64 begun) private view {
        Published memory tariff = _tariffs[number];
        if (tariff.hash == 0) revert UnknownTariff(number);
        uint64 needed = uint64(Math.max(tariff.publishedAt, tariff.validFrom));
        if (begun < needed) revert TariffTooYoung(number, begun, needed);
        if (tariff.validUntil != 0 && begun >= tariff.validUntil) {
            revert TariffEnded(number, begun, tariff.validUntil);
        }
    }

    function _read(ProvenReading calldata proof, uint32 microgrid, bytes32 premises)
        private
        view
        returns (Registers memory)
    {
        return ProvenReadings.open(proof, anchors, meters, _domain(), microgrid, premises);
    }

    function _checkGoesOn(bytes32 premises, Boundary memory latest) private view {
        _checkOperator(latest.microgrid);
        if (latest.ended) revert AccountHasEnded(premises);
    }

    /// Where the account's period begins, when that is what was brought.
    function _begin(bytes32 premises, bytes32[7] memory form) private view returns (Boundary memory) {
        bytes32 hash = Boundaries.hash(form);
        bytes32 needed = _boundaries[premises];
        if (hash != needed) revert WrongOpening(premises, hash, needed);
        return Boundaries.parse(form);
    }

    function _checkOperator(uint32 microgrid) private view {
        if (!anchors.isOperator(microgrid, msg.sender)) revert NotOperator(microgrid, msg.sender);
    }

    function _domain() private view returns (bytes32) {
        // A chain that splits gives one half another number; readings of the other half are then worth nothing here.
        if (block.chainid == _deploymentChain) return _deploymentDomain;
        return SigningDomain.compute(SigningDomain.READING, address(meters));
    }

    function _patience(Tariff memory tariff) private pure returns (uint256) {
        return uint256(tariff.dueSeconds) + tariff.graceSeconds;
    }

    /// The energy of a period up to a closing, with what exchanged meters counted before.
    function _count(Boundary memory opening, Registers memory closing)
        private
        pure
        returns (uint64 imported, uint64 exported, uint64[4] memory bands)
    {
        // A period may end with the reading that an exchanged meter began with.
        if (closing.instant < opening.instant || closing.instant == opening.begun) {
            revert ClosingBeforeOpening(closing.instant, opening.instant);
        }
        imported = opening.importBefore + _advance(closing.meter, opening.importRegister, closing.imported);
        exported = opening.exportBefore + _advance(closing.meter, opening.exportRegister, closing.exported);
        for (uint256 i = 0; i < 4; ++i) {
            bands[i] = opening.bandsBefore[i] + _advance(closing.meter, opening.bands[i], closing.bands[i]);
        }
    }

    function _advance(address meter, uint64 opening, uint64 closing) private pure returns (uint64) {
        if (closing < opening) revert RegisterBackwards(meter, opening, closing);
        return closing - opening;
    }

    function _setRegisters(Boundary memory boundary, Registers memory registers) private pure {
        boundary.meter = registers.meter;
        boundary.instant = registers.instant;
        boundary.importRegister = registers.imported;
        boundary.exportRegister = registers.exported;
        boundary.bands = registers.bands;
        boundary.estimated = registers.estimated;
    }
}
