// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Anchors} from "./Anchors.sol";
import {Council} from "./Council.sol";
import {Deliveries, Delivery} from "./Delivery.sol";
import {Members} from "./Members.sol";
import {Kind, MeterRecord, Meters} from "./Meters.sol";
import {ProvenReading, ProvenReadings, Registers} from "./ProvenReading.sol";
import {RuleBook} from "./RuleBook.sol";
import {SigningDomain} from "./SigningDomain.sol";
import {SpanReport} from "./SpanReport.sol";
import {Spans} from "./Spans.sol";

/// @notice A microgrid's store. Energies in milliwatt hours.
struct Store {
    address meter;
    /// Unix seconds of the store meter's last proven reading.
    uint64 measuredAt;
    uint64 importRegister;
    uint64 exportRegister;
    /// What it holds for its members, by its meter: what went in less the loss of storing, less what arrived of what went out.
    uint64 level;
    /// All that was credited to sellers, less what was delivered from meters before the present one.
    uint64 credited;
    /// What the present meter had sold when it came; its total begins anew when it goes out of service.
    uint64 soldBefore;
}

/// @notice What a seller has in a microgrid's store, in one slot.
struct Credit {
    /// Milliwatt hours.
    uint64 free;
    /// On sale, or sold and not delivered.
    uint64 committed;
    /// In which window of time adverts are counted, and how many there were.
    uint40 window;
    uint16 posted;
}

/// @notice What a seller exported while the store took it in.
struct Turn {
    address seller;
    bytes32 premises;
    /// Milliwatt hours that went into the store.
    uint64 energy;
    /// The seller's meter when the turn began and when it ended.
    ProvenReading opening;
    ProvenReading closing;
}

/// @title Energy put into and drawn from each microgrid's store, by whom.
/// @dev Credit comes from anchored readings alone: of the store's meter, which bounds all turns together, and of the
/// seller's, which bounds each. What was exported into the store is used up, so no bill pays for it a second time. The
/// least content belongs to nobody, and credit never reaches into it.
contract Storage is Spans {
    using SafeCast for uint256;

    /// @notice Most turns in one transaction.
    uint256 public constant MAXIMUM_TURNS = 32;
    /// @notice Most adverts of one seller in a window of time as long as an advert lives.
    uint256 public constant MAXIMUM_POSTED = 32;

    Members public immutable members;
    Anchors public immutable anchors;

    mapping(uint32 microgrid => Store) private _stores;
    mapping(uint32 microgrid => mapping(address seller => Credit)) private _credits;

    event StoreOpened(uint32 indexed microgrid, address indexed meter, Store store);
    event StoreMeasured(uint32 indexed microgrid, address indexed meter, Store store);
    event Deposited(uint32 indexed microgrid, address indexed seller, uint64 energy, uint64 credited, Credit credit);

    error NotOperator(uint32 microgrid, address account);
    error NotRegulator(address account);
    error NotAStore(address meter);
    error NoStore(uint32 microgrid);
    error LevelAboveMaximum(uint64 level, uint256 maximum);
    error OtherStoreMeter(address meter, address needed);
    error ReadingNotLater(uint64 instant, uint64 needed);
    error RegisterBackwards(address meter, uint64 before, uint64 now_);
    error TooManyTurns(uint256 length, uint256 maximum);
    error NotSeller(address account);
    error WrongTurn(address seller, uint64 opened, uint64 closed);
    error TurnsAboveIntake(uint256 energy, uint256 intake);
    error ExportTooLittle(address seller, uint64 exported, uint64 needed);
    error ShareFull(address seller, uint256 energy, uint256 maximum);
    error StoreFull(uint256 energy, uint256 maximum);
    error CreditTooLittle(address seller, uint64 free, uint64 needed);
    error TooManyAdverts(address seller, uint256 maximum);

    constructor(Council council_, Members members_, Meters meters_, Anchors anchors_) Spans(council_, meters_) {
        members = members_;
        anchors = anchors_;
    }

    /// @notice Begins a microgrid's store at a proven reading of its meter, or goes on with another meter. What it holds
    /// then, less what sellers have there, belongs to nobody. Any one regulator may.
    function openStore(uint32 microgrid, uint64 level, ProvenReading calldata reading) external {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        uint256 maximum = council.ruleIn(RuleBook.STORAGE_MAXIMUM, microgrid);
        if (level > maximum) revert LevelAboveMaximum(level, maximum);
        Store storage store = _stores[microgrid];
        Registers memory registers = _read(reading, microgrid, 0);
        if (meters.meterAt(registers.meter, registers.instant).kind != Kind.Storage) {
            revert NotAStore(registers.meter);
        }
        store.credited = outstandingOf(microgrid);
        store.soldBefore = _soldBy(registers.meter);
        store.meter = registers.meter;
        store.level = level;
        _setRegisters(store, registers);
        emit StoreOpened(microgrid, registers.meter, store);
    }

    /// @notice Measures a store, and credits sellers for what they put in since it was measured last. All turns end with
    /// the store's reading; what no turn claims belongs to nobody. Only the operator.
    function deposit(uint32 microgrid, ProvenReading calldata reading, Turn[] calldata turns) external {
        if (!anchors.isOperator(microgrid, msg.sender)) revert NotOperator(microgrid, msg.sender);
        if (turns.length > MAXIMUM_TURNS) revert TooManyTurns(turns.length, MAXIMUM_TURNS);
        Store storage store = _stores[microgrid];
        uint64 since = store.measuredAt;
        uint256 intake = _measure(microgrid, store, reading);
        if (turns.length == 0) return;
        uint256 maximum = council.ruleIn(RuleBook.STORAGE_MAXIMUM, microgrid);
        if (store.level > maximum) revert StoreFull(store.level, maximum);
        uint256 claimed = 0;
        for (uint256 i = 0; i < turns.length; ++i) {
            claimed += turns[i].energy;
            if (claimed > intake) revert TurnsAboveIntake(claimed, intake);
            _credit(microgrid, store, turns[i], since, maximum);
        }
        uint256 minimum = council.ruleIn(RuleBook.STORAGE_MINIMUM, microgrid);
        uint256 outstanding = outstandingOf(microgrid);
        if (outstanding + minimum > store.level) {
            revert StoreFull(outstanding, store.level < minimum ? 0 : store.level - minimum);
        }
    }

    /// @notice Commits a seller's credit, for an advert when `life` is its seconds, else (0) for an offer or a draw. Only a
    /// market.
    /// @return meter The store's.
    function commit(uint32 microgrid, address seller, uint64 energy, uint24 life)
        external
        onlyMarket
        returns (address meter)
    {
        meter = _stores[microgrid].meter;
        if (meter == address(0)) revert NoStore(microgrid);
        Credit memory credit = _credits[microgrid][seller];
        if (energy > credit.free) revert CreditTooLittle(seller, credit.free, energy);
        credit.free -= energy;
        credit.committed += energy;
        if (life != 0) {
            uint40 window = uint40(block.timestamp / life);
            if (credit.window != window) (credit.window, credit.posted) = (window, 0);
            if (credit.posted == MAXIMUM_POSTED) revert TooManyAdverts(seller, MAXIMUM_POSTED);
            ++credit.posted;
        }
        _credits[microgrid][seller] = credit;
    }

    /// @notice Frees what a seller has committed. Only a market.
    function free(uint32 microgrid, address seller, uint64 energy) external onlyMarket {
        _move(microgrid, seller, energy, 0);
    }

    /// @notice Takes from a delivery's reports what they prove, uses the registers up and debits the seller. Only a market.
    /// @param before What was delivered of it before.
    /// @param last Whether nothing more comes: the rest of the seller's credit is free then, but for what is in dispute.
    function deliver(
        bytes32[6] calldata form,
        uint64 before,
        bool last,
        SpanReport calldata source,
        SpanReport calldata sink
    ) external onlyMarket returns (uint64 delivered, uint64 claimed) {
        bytes32[6] memory copy = form;
        bytes32 subject = Deliveries.id(copy);
        Delivery memory delivery = Deliveries.parse(copy);
        uint64 left = delivery.energy - before;
        (delivered, claimed) = _useBoth(subject, delivery, left, last, source, sink);
        if (!delivery.stored) return (delivered, claimed);
        _move(delivery.microgrid, delivery.seller, last ? left - claimed : 0, delivered);
    }

    /// @notice Ends a dispute: so much of what was claimed counts as delivered, the rest is free again. Only a market.
    function decide(bytes32[6] calldata form, uint64 claimed, uint64 delivered) external onlyMarket {
        Delivery memory delivery = Deliveries.parse(form);
        if (delivered != 0) _count(delivery.source, 0, delivered);
        if (delivery.stored) {
            _move(delivery.microgrid, delivery.seller, claimed - delivered, delivered);
        }
    }

    /// @notice A microgrid's store; all zero when it has none.
    function storeOf(uint32 microgrid) external view returns (Store memory) {
        return _stores[microgrid];
    }

    /// @notice What a seller has in a microgrid's store.
    function creditOf(uint32 microgrid, address seller) external view returns (Credit memory) {
        return _credits[microgrid][seller];
    }

    /// @notice Milliwatt hours that all sellers together have in a microgrid's store and that are not delivered.
    function outstandingOf(uint32 microgrid) public view returns (uint64) {
        Store storage store = _stores[microgrid];
        return store.credited - (_soldBy(store.meter) - store.soldBefore);
    }

    /// @inheritdoc Spans
    function _beforeLeaving(address meter, uint32 microgrid) internal override {
        Store storage store = _stores[microgrid];
        if (store.meter == meter) (store.credited, store.soldBefore) = (outstandingOf(microgrid), 0);
    }

    function _measure(uint32 microgrid, Store storage store, ProvenReading calldata reading)
        private
        returns (uint256 intake)
    {
        if (store.meter == address(0)) revert NoStore(microgrid);
        Registers memory registers = _read(reading, microgrid, 0);
        if (registers.meter != store.meter) revert OtherStoreMeter(registers.meter, store.meter);
        if (registers.instant <= store.measuredAt) revert ReadingNotLater(registers.instant, store.measuredAt);
        intake = _advance(registers.meter, store.importRegister, registers.imported);
        uint64 out = _advance(registers.meter, store.exportRegister, registers.exported);
        uint256 level =
            uint256(store.level) + _lessLoss(intake.toUint64(), council.ruleIn(RuleBook.STORAGE_LOSS_SHARE, microgrid));
        uint256 arrived = _lessLoss(out, council.rule(RuleBook.DELIVERY_LOSS_SHARE));
        store.level = (level > arrived ? level - arrived : 0).toUint64();
        _setRegisters(store, registers);
        emit StoreMeasured(microgrid, registers.meter, store);
    }

    function _credit(uint32 microgrid, Store storage store, Turn calldata turn, uint64 since, uint256 maximum) private {
        if (!members.maySell(turn.seller)) revert NotSeller(turn.seller);
        Registers memory opening = _read(turn.opening, microgrid, turn.premises);
        Registers memory closing = _read(turn.closing, microgrid, turn.premises);
        bool fits = opening.meter == closing.meter && opening.instant >= since && opening.instant < closing.instant
            && closing.instant == store.measuredAt;
        MeterRecord memory record = meters.meterAt(opening.meter, opening.instant);
        if (!fits || record.participant != turn.seller) {
            revert WrongTurn(turn.seller, opening.instant, closing.instant);
        }
        uint64 used = _useExport(opening.meter, opening.exported, closing.exported, turn.energy);
        if (used != turn.energy) revert ExportTooLittle(turn.seller, used, turn.energy);
        uint64 credited = _lessLoss(used, council.ruleIn(RuleBook.STORAGE_LOSS_SHARE, microgrid));
        Credit memory credit = _credits[microgrid][turn.seller];
        uint256 share = maximum * council.ruleIn(RuleBook.STORAGE_MEMBER_SHARE, microgrid) / BASIS;
        uint256 holds = uint256(credit.free) + credit.committed + credited;
        if (holds > share) revert ShareFull(turn.seller, holds, share);
        credit.free += credited;
        store.credited += credited;
        _credits[microgrid][turn.seller] = credit;
        emit Deposited(microgrid, turn.seller, used, credited, credit);
    }

    /// Takes from what is committed: some becomes free again, some is gone.
    function _move(uint32 microgrid, address seller, uint64 freed, uint64 gone) private {
        if (freed == 0 && gone == 0) return;
        Credit memory credit = _credits[microgrid][seller];
        credit.committed -= freed + gone;
        credit.free += freed;
        _credits[microgrid][seller] = credit;
    }

    function _setRegisters(Store storage store, Registers memory registers) private {
        store.measuredAt = registers.instant;
        store.importRegister = registers.imported;
        store.exportRegister = registers.exported;
    }

    function _read(ProvenReading calldata proof, uint32 microgrid, bytes32 premises)
        private
        view
        returns (Registers memory registers)
    {
        registers = ProvenReadings.open(proof, anchors, meters, _readingDomain(), microgrid, premises);
        if (registers.estimated) revert ProvenReadings.WrongReadingLength(proof.wire.length);
    }

    function _readingDomain() private view returns (bytes32) {
        return SigningDomain.compute(SigningDomain.READING, address(meters));
    }

    function _advance(address meter, uint64 before, uint64 now_) private pure returns (uint64) {
        if (now_ < before) revert RegisterBackwards(meter, before, now_);
        return now_ - before;
    }
}
