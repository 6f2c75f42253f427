// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Anchors} from "./Anchors.sol";
import {Council} from "./Council.sol";
import {Deliveries, Delivery} from "./Delivery.sol";
import {SpanReport, SpanReports} from "./SpanReport.sol";
import {Storage} from "./Storage.sol";
import {Taxes} from "./Taxes.sol";
import {Vault} from "./Vault.sol";

/// @notice What is brought to settle a delivery.
struct Settlement {
    /// The words of the `Delivery`.
    bytes32[6] delivery;
    /// What was delivered by instalments before.
    uint64 before;
    /// Whether nothing more comes: what is not delivered goes back.
    bool last;
    /// What the source's meter signed.
    SpanReport source;
    /// What the buyer's meter signed; without it only once it was waited for.
    SpanReport sink;
}

/// @notice What the source's meter shows of a delivery and the buyer's does not. Energies in milliwatt hours.
struct Dispute {
    uint64 delivered;
    uint64 claimed;
    /// Unix seconds until which regulators may decide.
    uint64 until;
}

/// @title Deliveries under way: paid for what both meters signed, to the milliwatt hour and the wei.
/// @dev The money locked for a delivery's id is all that the ledger keeps of it. When that is paid out or freed the
/// delivery is over, and nothing can settle it again.
abstract contract Deliverer {
    using SafeCast for uint256;

    /// @notice Most settlements in one transaction.
    uint256 public constant MAXIMUM_BATCH = 64;
    /// @notice Milliwatt hours by which the meters may differ beyond the loss without a dispute.
    uint64 public constant TOLERATED = 1000;
    /// @notice Seconds in which regulators may decide a dispute; after that the buyer has the disputed money back.
    uint64 public constant DISPUTE_LIFE = 7 days;

    Council public immutable council;
    Anchors public immutable anchors;
    Vault public immutable vault;
    Storage public immutable store;
    Taxes public immutable taxes;

    mapping(bytes32 delivery => uint64) private _progress;
    mapping(bytes32 delivery => Dispute) private _disputes;
    /// Energy that members draw from their own credit: there is no money to tell that it is under way.
    mapping(bytes32 delivery => bool) private _draws;

    event DeliveryOpened(bytes32 indexed id, bytes32[6] delivery);
    /// @notice So much is delivered in all, and this was paid for it now. `last` says that it is over.
    event DeliverySettled(bytes32 indexed id, uint64 delivered, uint128 share, uint128 tax, bool last);
    event DeliveryDisputed(bytes32 indexed id, uint64 delivered, uint64 claimed, uint64 until);
    event DisputeDecided(bytes32 indexed id, uint64 delivered, address indexed by);
    event DeliveryExpired(bytes32 indexed id, uint64 delivered);

    error BatchTooLarge(uint256 length, uint256 maximum);
    error AlreadyUnderWay(bytes32 delivery);
    error NotUnderWay(bytes32 delivery);
    error WrongProgress(bytes32 delivery, uint64 before, uint64 needed);
    error NotDelivered(bytes32 delivery);
    error NothingToPay(bytes32 delivery, uint64 delivered);
    error NotOperator(uint32 microgrid, address account);
    error NotRegulator(address account);
    error TooEarly(uint256 now_, uint256 needed);
    error NoDispute(bytes32 delivery);
    error DisputeOver(bytes32 delivery, uint64 until);
    error OutsideDispute(uint64 delivered, uint64 lowest, uint64 highest);

    constructor(Council council_, Anchors anchors_, Vault vault_, Storage store_, Taxes taxes_) {
        (council, anchors, vault, store, taxes) = (council_, anchors_, vault_, store_, taxes_);
    }

    /// @notice Pays for what is proven of deliveries; all or none. Anyone may bring the reports. Only the operator ends one
    /// that is not wholly delivered, until the buyer's meter was waited for, and one whose buyer's meter is silent, after that.
    function settle(Settlement[] calldata settlements) external {
        if (settlements.length > MAXIMUM_BATCH) revert BatchTooLarge(settlements.length, MAXIMUM_BATCH);
        for (uint256 i = 0; i < settlements.length; ++i) {
            _settle(settlements[i]);
        }
    }

    /// @notice Decides a dispute: so much was delivered in all. Any one regulator may, in time.
    function decide(bytes32[6] memory form, uint64 delivered) external {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        bytes32 id = Deliveries.id(form);
        Dispute memory dispute = _disputeOf(id);
        if (block.timestamp >= dispute.until) revert DisputeOver(id, dispute.until);
        _endDispute(form, id, dispute, delivered);
    }

    /// @notice Gives the disputed money back to the buyer when nobody decided in time; anyone may.
    function endDispute(bytes32[6] memory form) external {
        bytes32 id = Deliveries.id(form);
        Dispute memory dispute = _disputeOf(id);
        if (block.timestamp < dispute.until) revert TooEarly(block.timestamp, dispute.until);
        _endDispute(form, id, dispute, dispute.delivered);
    }

    /// @notice Frees what is locked for a delivery that nobody settled: the buyer's money and the seller's credit. Anyone
    /// may, when its deadline and twice the time of waiting are over.
    function expire(bytes32[6] memory form) external {
        bytes32 id = Deliveries.id(form);
        Delivery memory delivery = Deliveries.parse(form);
        uint256 from = uint256(delivery.deadline) + 2 * uint256(delivery.patience);
        if (block.timestamp < from) revert TooEarly(block.timestamp, from);
        uint64 before = _progress[id];
        uint256 rest = vault.lockedFor(address(this), delivery.buyer, id);
        _checkUnderWay(id, delivery, rest);
        delete _progress[id];
        delete _draws[id];
        vault.release(delivery.buyer, id, rest);
        if (delivery.stored) store.free(delivery.microgrid, delivery.seller, delivery.energy - before);
        emit DeliveryExpired(id, before);
    }

    /// @notice What was delivered by instalments of a delivery under way, in milliwatt hours.
    function progressOf(bytes32 delivery) external view returns (uint64) {
        return _progress[delivery];
    }

    /// @notice A dispute that is open; all zero when there is none.
    function disputeOf(bytes32 delivery) external view returns (Dispute memory) {
        return _disputes[delivery];
    }

    /// @notice Whether a member's own energy is on its way under this id.
    function isDraw(bytes32 delivery) external view returns (bool) {
        return _draws[delivery];
    }

    /// Locks the money for a delivery and tells of it.
    function _open(Delivery memory delivery) internal returns (bytes32 id) {
        bytes32[6] memory form = Deliveries.pack(delivery);
        id = Deliveries.id(form);
        uint256 total = uint256(delivery.share) + delivery.tax;
        if (total == 0) {
            if (_draws[id]) revert AlreadyUnderWay(id);
            _draws[id] = true;
        } else if (vault.lock(delivery.buyer, id, total) != total) {
            revert AlreadyUnderWay(id);
        }
        emit DeliveryOpened(id, form);
    }

    function _settle(Settlement calldata settlement) private {
        bytes32[6] memory form = settlement.delivery;
        bytes32 id = Deliveries.id(form);
        Delivery memory delivery = Deliveries.parse(form);
        uint64 before = settlement.before;
        bool isDraw_ = _isDraw(delivery);
        // Without instalments the locked money itself tells that nothing was delivered before, and costs no slot to ask.
        if (before != 0 || !settlement.last || isDraw_) {
            if (_progress[id] != before) revert WrongProgress(id, before, _progress[id]);
        }
        bool isSilent = !SpanReports.isThere(settlement.sink);
        if (isSilent) _checkWaited(delivery);
        (uint64 now_, uint64 claimed) =
            store.deliver(settlement.delivery, before, settlement.last, settlement.source, settlement.sink);
        uint64 delivered = before + now_;
        claimed += before;
        if (claimed != delivery.energy && settlement.last) {
            bool isOver = block.timestamp >= uint256(delivery.deadline) + delivery.patience;
            if (!isOver) _checkOperator(delivery.microgrid);
        }
        if (isDraw_) {
            if (!_draws[id]) revert NotUnderWay(id);
            if (settlement.last) delete _draws[id];
        }
        uint128 share = _part(delivery.share, delivery, delivered, before);
        uint128 tax = _part(delivery.tax, delivery, delivered, before);
        // Who names a delivery that never was, or is over, finds too little locked for it.
        vault.payTwo(delivery.buyer, id, delivery.seller, share, address(taxes), tax);
        if (settlement.last) {
            if (before != 0) delete _progress[id];
            _end(form, id, delivery, delivered, claimed);
        } else {
            if (share == 0 && delivery.share != 0) revert NothingToPay(id, delivered);
            _progress[id] = delivered;
        }
        emit DeliverySettled(id, delivered, share, tax, settlement.last);
    }

    /// Frees what is not paid, but for what is in dispute.
    function _end(bytes32[6] memory form, bytes32 id, Delivery memory delivery, uint64 delivered, uint64 claimed)
        private
    {
        uint256 rest = _due(delivery, delivery.energy) - _due(delivery, delivered);
        if (rest != 0) vault.release(delivery.buyer, id, rest);
        if (claimed == delivered) return;
        uint256 disputed = _due(delivery, claimed) - _due(delivery, delivered);
        // A board that was replaced cannot lock anew: the lower figure stands there.
        if (claimed - delivered <= TOLERATED || disputed == 0 || !vault.mayLock(address(this))) {
            store.decide(form, claimed - delivered, 0);
            return;
        }
        vault.lock(delivery.buyer, _disputeId(id), disputed);
        uint64 until = uint64(block.timestamp) + DISPUTE_LIFE;
        _disputes[id] = Dispute(delivered, claimed, until);
        emit DeliveryDisputed(id, delivered, claimed, until);
    }

    function _endDispute(bytes32[6] memory form, bytes32 id, Dispute memory dispute, uint64 delivered) private {
        if (delivered < dispute.delivered || delivered > dispute.claimed) {
            revert OutsideDispute(delivered, dispute.delivered, dispute.claimed);
        }
        delete _disputes[id];
        Delivery memory delivery = Deliveries.parse(form);
        bytes32 purpose = _disputeId(id);
        uint128 share = _part(delivery.share, delivery, delivered, dispute.delivered);
        uint128 tax = _part(delivery.tax, delivery, delivered, dispute.delivered);
        vault.payTwo(delivery.buyer, purpose, delivery.seller, share, address(taxes), tax);
        vault.release(delivery.buyer, purpose, _due(delivery, dispute.claimed) - _due(delivery, delivered));
        store.decide(form, dispute.claimed - dispute.delivered, delivered - dispute.delivered);
        emit DisputeDecided(id, delivered, msg.sender);
    }

    function _checkWaited(Delivery memory delivery) private view {
        _checkOperator(delivery.microgrid);
        uint256 from = uint256(delivery.deadline) + delivery.patience;
        if (block.timestamp < from) revert TooEarly(block.timestamp, from);
    }

    function _checkOperator(uint32 microgrid) private view {
        if (!anchors.isOperator(microgrid, msg.sender)) revert NotOperator(microgrid, msg.sender);
    }

    function _checkUnderWay(bytes32 id, Delivery memory delivery, uint256 locked) private view {
        if (_isDraw(delivery) ? !_draws[id] : locked == 0) revert NotUnderWay(id);
    }

    function _disputeOf(bytes32 id) private view returns (Dispute memory dispute) {
        dispute = _disputes[id];
        if (dispute.until == 0) revert NoDispute(id);
    }

    function _isDraw(Delivery memory delivery) private pure returns (bool) {
        return delivery.share == 0 && delivery.tax == 0;
    }

    /// What is due of an amount for energy delivered beyond what was paid before.
    function _part(uint256 amount, Delivery memory delivery, uint64 delivered, uint64 before)
        private
        pure
        returns (uint128)
    {
        return (amount * delivered / delivery.energy - amount * before / delivery.energy).toUint128();
    }

    function _due(Delivery memory delivery, uint64 delivered) private pure returns (uint256) {
        uint256 energy = delivery.energy;
        return uint256(delivery.share) * delivered / energy + uint256(delivery.tax) * delivered / energy;
    }

    /// Apart from the delivery's own id, so that nothing settles it a second time.
    function _disputeId(bytes32 id) private pure returns (bytes32) {
        return keccak256(abi.encode("dispute", id));
    }
}
