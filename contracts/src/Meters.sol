// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {Council} from "./Council.sol";
import {Members} from "./Members.sol";
import {SigningDomain} from "./SigningDomain.sol";

/// @notice What a meter stands on. The order is part of the ABI.
enum Kind {
    None,
    Premises,
    /// Holds the sum of a microgrid's other meters against what came in; it is no leaf of the readings' tree.
    Transformer,
    Plant,
    Storage
}

/// @notice What a meter counts. The order is part of the ABI.
enum Commodity {
    None,
    Electricity,
    Gas,
    Water,
    Heat
}

/// @notice A meter to register.
struct MeterInput {
    /// Address of the meter's own key, which names it everywhere.
    address key;
    Kind kind;
    Commodity commodity;
    /// Not zero.
    uint32 microgrid;
    /// Zero for what stands on no premises.
    bytes32 premises;
    /// Zero for a meter of the community: a lift, a pump, a plant, a transformer.
    address participant;
    bytes32 firmware;
}

/// @notice A meter as it is, or was, registered.
struct MeterRecord {
    Kind kind;
    Commodity commodity;
    uint32 microgrid;
    bytes32 premises;
    address participant;
    /// As last reported, whatever the record's time.
    bytes32 firmware;
    /// Unix seconds, inclusive.
    uint48 registeredAt;
    /// Unix seconds, exclusive; 0 while in service.
    uint48 retiredAt;
}

/// @notice A warning against a firmware.
struct Advisory {
    bytes32 firmware;
    /// What a meter signs with its report; unknown before the advisory was published.
    bytes32 nonce;
    /// Unix seconds.
    uint64 publishedAt;
    /// Unix seconds at which it stops standing; the greatest value once a majority confirmed it.
    uint64 standsUntil;
}

/// @notice What Meters tells the contract that holds the directory's entry "Anchors".
interface IGrids {
    /// @notice The microgrid has so many leaves from this block on, and this transformer meter, or none.
    function gridChanged(uint32 microgrid, address transformer, uint32 leaves) external;
}

/// @notice What Meters tells the contract that holds the directory's entry "Board".
interface IMarket {
    /// @notice An electricity meter came into service, or left it.
    function meterChanged(address key, uint32 microgrid, bytes32 premises, address participant, bool inService) external;

    /// @notice An advisory was published or withdrawn.
    function advisoriesChanged() external;
}

/// @title Which key meters which premises of which microgrid, with which firmware; advisories.
/// @dev A report of a firmware is what the meter says of itself, not an attestation: a meter whose key was stolen can
/// lie about it. The address of this contract is the deployment that every meter's signature names.
contract Meters {
    using Checkpoints for Checkpoints.Trace208;

    /// One span of service of a meter.
    struct Service {
        /// What every proof asks for lies in one slot.
        uint32 microgrid;
        uint48 registeredAt;
        uint48 retiredAt;
        Kind kind;
        Commodity commodity;
        bytes32 premises;
        address participant;
    }

    /// A microgrid as it is now, in one slot.
    struct Grid {
        address transformer;
        uint32 leaves;
        /// Unix seconds of the last change of this slot.
        uint64 changedAt;
    }

    /// @notice Most meters registered in one transaction.
    uint256 public constant MAXIMUM_BATCH = 64;
    /// @notice Most spans of service of one key.
    uint256 public constant MAXIMUM_SERVICES = 32;
    /// @notice Most advisories that stand at a time.
    uint256 public constant MAXIMUM_STANDING = 16;
    /// @notice Regulators needed to publish an advisory.
    uint256 public constant PUBLISHERS = 2;
    /// @notice Seconds after which an advisory lapses that no majority confirmed.
    uint64 public constant ADVISORY_LIFE = 30 days;

    Council public immutable council;
    Members public immutable members;

    mapping(address key => Service[]) private _services;
    mapping(address key => bytes32) private _firmware;
    mapping(uint32 microgrid => Grid) private _grids;
    mapping(uint32 microgrid => Checkpoints.Trace208) private _leaves;
    mapping(uint32 microgrid => Checkpoints.Trace208) private _transformers;
    mapping(bytes32 firmware => bool) private _approved;
    mapping(address participant => mapping(bytes32 firmware => uint256)) private _running;
    mapping(bytes32 firmware => uint256) private _advisoryOf;
    mapping(uint256 id => Advisory) private _advisories;
    uint256 private _advisoryCount;
    uint256[] private _standing;
    mapping(bytes32 ballot => mapping(address regulator => bool)) private _voted;
    mapping(bytes32 ballot => uint256) private _ballots;

    event MeterRegistered(
        address indexed key,
        uint32 indexed microgrid,
        address indexed participant,
        Kind kind,
        Commodity commodity,
        bytes32 premises,
        bytes32 firmware
    );
    event MeterRetired(address indexed key, uint32 indexed microgrid, address indexed participant);
    event FirmwareApproved(bytes32 indexed firmware, address indexed regulator);
    event FirmwareDisapproved(bytes32 indexed firmware, address indexed regulator);
    event FirmwareRecorded(address indexed key, bytes32 indexed firmware);
    event AdvisoryEndorsed(bytes32 indexed firmware, address indexed regulator, uint256 endorsements);
    event AdvisoryPublished(uint256 indexed id, bytes32 indexed firmware, bytes32 nonce, uint64 standsUntil);
    event AdvisoryConfirmationVoted(uint256 indexed id, address indexed regulator, uint256 votes);
    event AdvisoryConfirmed(uint256 indexed id);
    event AdvisoryWithdrawalVoted(uint256 indexed id, address indexed regulator, uint256 votes);
    event AdvisoryWithdrawn(uint256 indexed id);
    event AdvisoryCleared(uint256 indexed id, address indexed key, bytes32 firmware);

    error NotRegulator(address account);
    error NotParticipant(address account);
    error NotHolder(bytes32 premises, address participant, address holder);
    error InvalidMeter(address key);
    error MeterInService(address key, uint32 microgrid);
    error MeterNotInService(address key);
    error TooManyServices(address key, uint256 maximum);
    error TransformerInService(uint32 microgrid, address key);
    error BatchTooLarge(uint256 length, uint256 maximum);
    error InvalidFirmware();
    error FirmwareUnderAdvisory(bytes32 firmware, uint256 advisory);
    error FirmwareNotApproved(bytes32 firmware);
    error AdvisoryStands(bytes32 firmware, uint256 id);
    error AdvisoryDoesNotStand(uint256 id);
    error AdvisoryDoesNotConcern(uint256 id, address key, bytes32 firmware);
    error TooManyAdvisories(uint256 maximum);
    error AlreadyVoted(address regulator);
    error WrongSigner(address signer, address key);

    modifier onlyRegulator() {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        _;
    }

    constructor(Council council_, Members members_) {
        council = council_;
        members = members_;
    }

    /// @notice Registers a meter. Any one regulator may.
    function register(MeterInput calldata meter_) external onlyRegulator {
        _register(meter_);
    }

    /// @notice Registers up to `MAXIMUM_BATCH` meters; all or none. Any one regulator may.
    function registerMany(MeterInput[] calldata meters_) external onlyRegulator {
        if (meters_.length > MAXIMUM_BATCH) revert BatchTooLarge(meters_.length, MAXIMUM_BATCH);
        for (uint256 i = 0; i < meters_.length; ++i) {
            _register(meters_[i]);
        }
    }

    /// @notice Takes a meter out of service; its record stays. Any one regulator may.
    function retire(address key) external onlyRegulator {
        _retire(key);
    }

    /// @notice Ends a meter's span of service and begins another one at once, with another microgrid, premises or
    /// participant: who moves in sees nothing of who moved out. Any one regulator may.
    function move(address key, uint32 microgrid, bytes32 premises, address participant) external onlyRegulator {
        Service memory old = _retire(key);
        _begin(
            key,
            Service({
                participant: participant,
                microgrid: microgrid,
                registeredAt: uint48(block.timestamp),
                kind: old.kind,
                commodity: old.commodity,
                premises: premises,
                retiredAt: 0
            }),
            _firmware[key]
        );
    }

    /// @notice Approves a firmware: meters that report it are clear. Any one regulator may; not while an advisory
    /// against it stands.
    function approveFirmware(bytes32 firmware) external onlyRegulator {
        if (firmware == 0) revert InvalidFirmware();
        _checkNotAdvised(firmware);
        _approved[firmware] = true;
        emit FirmwareApproved(firmware, msg.sender);
    }

    /// @notice Takes an approval back; meters already cleared stay clear. Any one regulator may.
    function disapproveFirmware(bytes32 firmware) external onlyRegulator {
        _approved[firmware] = false;
        emit FirmwareDisapproved(firmware, msg.sender);
    }

    /// @notice Records a meter's new firmware after an ordinary update. Any one regulator may; not while an advisory
    /// against the recorded one stands: out of that leads only the meter's own signed report.
    function recordFirmware(address key, bytes32 firmware) external onlyRegulator {
        if (firmware == 0) revert InvalidFirmware();
        Service storage service = _current(key);
        _checkNotAdvised(_firmware[key]);
        _setFirmware(key, service.participant, firmware);
    }

    /// @notice Endorses an advisory against a firmware; the second regulator's endorsement publishes it and ends the
    /// firmware's approval. Endorsements of an earlier membership do not count.
    function publishAdvisory(bytes32 firmware) external onlyRegulator {
        if (firmware == 0) revert InvalidFirmware();
        uint256 earlier = _advisoryOf[firmware];
        if (_stands(earlier)) revert AdvisoryStands(firmware, earlier);
        uint256 endorsements = _castVote(keccak256(abi.encode("publish", firmware, earlier, council.epoch())));
        emit AdvisoryEndorsed(firmware, msg.sender, endorsements);
        if (endorsements < PUBLISHERS) return;
        _prune();
        if (_standing.length == MAXIMUM_STANDING) revert TooManyAdvisories(MAXIMUM_STANDING);
        uint256 id = ++_advisoryCount;
        bytes32 nonce = keccak256(abi.encode(address(this), id, firmware, block.number, blockhash(block.number - 1)));
        uint64 standsUntil = uint64(block.timestamp) + ADVISORY_LIFE;
        _advisories[id] = Advisory(firmware, nonce, uint64(block.timestamp), standsUntil);
        _advisoryOf[firmware] = id;
        _standing.push(id);
        delete _approved[firmware];
        address board = council.holderOf("Board");
        if (board != address(0)) IMarket(board).advisoriesChanged();
        emit AdvisoryPublished(id, firmware, nonce, standsUntil);
    }

    /// @notice Votes that an advisory outlasts its 30 days; a strict majority makes it stand until withdrawn.
    function confirmAdvisory(uint256 id) external onlyRegulator {
        if (!_stands(id)) revert AdvisoryDoesNotStand(id);
        uint256 votes = _castVote(keccak256(abi.encode("confirm", id, council.epoch())));
        emit AdvisoryConfirmationVoted(id, msg.sender, votes);
        if (_advisories[id].standsUntil == type(uint64).max || !council.isMajority(votes)) return;
        _advisories[id].standsUntil = type(uint64).max;
        emit AdvisoryConfirmed(id);
    }

    /// @notice Votes to withdraw an advisory; a strict majority ends it at once.
    function withdrawAdvisory(uint256 id) external onlyRegulator {
        if (!_stands(id)) revert AdvisoryDoesNotStand(id);
        uint256 votes = _castVote(keccak256(abi.encode("withdraw", id, council.epoch())));
        emit AdvisoryWithdrawalVoted(id, msg.sender, votes);
        if (!council.isMajority(votes)) return;
        _advisories[id].standsUntil = uint64(block.timestamp);
        _prune();
        address board = council.holderOf("Board");
        if (board != address(0)) IMarket(board).advisoriesChanged();
        emit AdvisoryWithdrawn(id);
    }

    /// @notice Lifts an advisory for a meter that reports an approved firmware, signed by its own key over the
    /// advisory's nonce (see `reportDigest`). Anyone may bring the report.
    function clear(uint256 id, address key, bytes32 firmware, bytes calldata signature) external {
        if (!_stands(id)) revert AdvisoryDoesNotStand(id);
        Service storage service = _current(key);
        if (_firmware[key] != _advisories[id].firmware) revert AdvisoryDoesNotConcern(id, key, _firmware[key]);
        if (!_approved[firmware]) revert FirmwareNotApproved(firmware);
        (address signer,,) = ECDSA.tryRecover(reportDigest(id, key, firmware), signature);
        if (signer != key) revert WrongSigner(signer, key);
        _setFirmware(key, service.participant, firmware);
        emit AdvisoryCleared(id, key, firmware);
    }

    /// @notice Whether the participant may open nothing new: one of their meters runs a firmware under an advisory.
    function barred(address participant) external view returns (bool) {
        for (uint256 i = 0; i < _standing.length; ++i) {
            uint256 id = _standing[i];
            if (_stands(id) && _running[participant][_advisories[id].firmware] != 0) return true;
        }
        return false;
    }

    /// @notice Whether an advisory may stand; while none does, nobody is barred.
    function anyAdvisory() external view returns (bool) {
        return _standing.length != 0;
    }

    /// @notice The meter's latest record; all zero when it was never registered.
    function meter(address key) external view returns (MeterRecord memory) {
        return _record(key, _services[key].length);
    }

    /// @notice The meter's record in service at an instant in unix seconds; all zero when it was in none.
    function meterAt(address key, uint64 instant) external view returns (MeterRecord memory) {
        return _record(key, _serviceAt(key, instant));
    }

    /// @notice Whether the meter was a leaf of the microgrid's readings at an instant in unix seconds.
    function isLeafAt(address key, uint32 microgrid, uint64 instant) external view returns (bool) {
        uint256 number = _serviceAt(key, instant);
        if (number == 0) return false;
        Service storage service = _services[key][number - 1];
        return service.microgrid == microgrid && _isLeaf(service.kind, service.commodity);
    }

    /// @notice Whether the meter was a leaf of the microgrid's readings, and stood on the premises, when an interval began or
    /// when it ended, both in unix seconds: of a meter that changes hands within it, the reading at the end is the last of
    /// who leaves and the first of who comes.
    function servesIn(address key, uint32 microgrid, bytes32 premises, uint64 start, uint64 end)
        external
        view
        returns (bool)
    {
        return _stoodOn(key, microgrid, premises, start) || _stoodOn(key, microgrid, premises, end);
    }

    /// @notice Number of leaves of the microgrid's readings at an instant in unix seconds: its electricity meters in
    /// service, the transformer's apart.
    function meterCountAt(uint32 microgrid, uint64 instant) external view returns (uint32) {
        return _leavesAt(microgrid, instant);
    }

    /// @notice The transformer meter in service at an instant in unix seconds; zero when there is none.
    function transformerAt(uint32 microgrid, uint64 instant) external view returns (address) {
        return _transformerAt(microgrid, instant);
    }

    /// @notice What an interval from `start` to `end`, in unix seconds, has to be held against.
    /// @return leaves Number of leaves at its start.
    /// @return transformer The transformer meter in service through the whole of it, or zero.
    /// @return settled Whether that meter was in service before the start too, so that what it showed there stands.
    function intervalMeters(uint32 microgrid, uint64 start, uint64 end)
        external
        view
        returns (uint32 leaves, address transformer, bool settled)
    {
        Grid storage grid = _grids[microgrid];
        if (grid.changedAt < start) return (grid.leaves, grid.transformer, true);
        leaves = _leavesAt(microgrid, start);
        transformer = _transformerAt(microgrid, start);
        if (transformer != _transformerAt(microgrid, end - 1)) transformer = address(0);
        settled = start != 0 && transformer == _transformerAt(microgrid, start - 1);
    }

    /// @notice Whether a regulator has approved the firmware.
    function isApproved(bytes32 firmware) external view returns (bool) {
        return _approved[firmware];
    }

    /// @notice An advisory; all zero when there is none of that number.
    function advisory(uint256 id) external view returns (Advisory memory) {
        return _advisories[id];
    }

    /// @notice Number of advisories published; ids run from 1 to it.
    function advisoryCount() external view returns (uint256) {
        return _advisoryCount;
    }

    /// @notice Whether the advisory stands now.
    function stands(uint256 id) external view returns (bool) {
        return _stands(id);
    }

    /// @notice The advisory that stands against the firmware; 0 when none does.
    function advisoryAgainst(bytes32 firmware) external view returns (uint256) {
        uint256 id = _advisoryOf[firmware];
        return _stands(id) ? id : 0;
    }

    /// @notice The domain of meters' readings on this chain for this deployment.
    function readingDomain() external view returns (bytes32) {
        return SigningDomain.compute(SigningDomain.READING, address(this));
    }

    /// @notice What a meter signs to be cleared: keccak-256 of domain 32 | meter 20 | nonce 32 | firmware 32.
    function reportDigest(uint256 id, address key, bytes32 firmware) public view returns (bytes32) {
        bytes32 domain = SigningDomain.compute(SigningDomain.FIRMWARE_REPORT, address(this));
        return keccak256(abi.encodePacked(domain, key, _advisories[id].nonce, firmware));
    }

    function _register(MeterInput calldata input) private {
        if (input.key == address(0) || input.kind == Kind.None || input.commodity == Commodity.None) {
            revert InvalidMeter(input.key);
        }
        if (input.firmware == 0) revert InvalidFirmware();
        uint256 length = _services[input.key].length;
        if (length != 0) {
            Service storage last = _services[input.key][length - 1];
            if (last.retiredAt == 0) revert MeterInService(input.key, last.microgrid);
            // Retiring and registering again is no way around the signed report.
            if (_firmware[input.key] != input.firmware) _checkNotAdvised(_firmware[input.key]);
        }
        _begin(
            input.key,
            Service({
                participant: input.participant,
                microgrid: input.microgrid,
                registeredAt: uint48(block.timestamp),
                kind: input.kind,
                commodity: input.commodity,
                premises: input.premises,
                retiredAt: 0
            }),
            input.firmware
        );
    }

    function _begin(address key, Service memory service, bytes32 firmware) private {
        if (service.microgrid == 0) revert InvalidMeter(key);
        if (_services[key].length == MAXIMUM_SERVICES) revert TooManyServices(key, MAXIMUM_SERVICES);
        if (service.participant != address(0)) {
            if (!members.isParticipant(service.participant)) revert NotParticipant(service.participant);
            if (service.premises != 0) {
                address holder = members.holderOf(service.premises);
                if (holder != service.participant) {
                    revert NotHolder(service.premises, service.participant, holder);
                }
            }
            ++_running[service.participant][firmware];
        }
        _services[key].push(service);
        _firmware[key] = firmware;
        if (service.kind == Kind.Transformer) {
            if (service.commodity != Commodity.Electricity) revert InvalidMeter(key);
            address present = _grids[service.microgrid].transformer;
            if (present != address(0)) revert TransformerInService(service.microgrid, present);
            _setTransformer(service.microgrid, key);
        } else if (_isLeaf(service.kind, service.commodity)) {
            _setLeaves(service.microgrid, _grids[service.microgrid].leaves + 1);
        }
        emit MeterRegistered(
            key, service.microgrid, service.participant, service.kind, service.commodity, service.premises, firmware
        );
        _tellMarket(key, service, true);
    }

    function _retire(address key) private returns (Service memory old) {
        Service storage service = _current(key);
        service.retiredAt = uint48(block.timestamp);
        old = service;
        if (old.participant != address(0)) --_running[old.participant][_firmware[key]];
        if (old.kind == Kind.Transformer) {
            _setTransformer(old.microgrid, address(0));
        } else if (_isLeaf(old.kind, old.commodity)) {
            _setLeaves(old.microgrid, _grids[old.microgrid].leaves - 1);
        }
        emit MeterRetired(key, old.microgrid, old.participant);
        _tellMarket(key, old, false);
    }

    function _setLeaves(uint32 microgrid, uint32 leaves) private {
        _grids[microgrid].leaves = leaves;
        _leaves[microgrid].push(uint48(block.timestamp), leaves);
        _announce(microgrid);
    }

    function _setTransformer(uint32 microgrid, address key) private {
        _grids[microgrid].transformer = key;
        _transformers[microgrid].push(uint48(block.timestamp), uint160(key));
        _announce(microgrid);
    }

    function _announce(uint32 microgrid) private {
        Grid storage grid = _grids[microgrid];
        grid.changedAt = uint64(block.timestamp);
        address anchors = council.holderOf("Anchors");
        if (anchors != address(0)) IGrids(anchors).gridChanged(microgrid, grid.transformer, grid.leaves);
    }

    function _tellMarket(address key, Service memory service, bool inService) private {
        address board = council.holderOf("Board");
        if (board == address(0) || !_isLeaf(service.kind, service.commodity)) return;
        IMarket(board).meterChanged(key, service.microgrid, service.premises, service.participant, inService);
    }

    function _setFirmware(address key, address participant, bytes32 firmware) private {
        if (participant != address(0)) {
            --_running[participant][_firmware[key]];
            ++_running[participant][firmware];
        }
        _firmware[key] = firmware;
        emit FirmwareRecorded(key, firmware);
    }

    function _castVote(bytes32 ballot) private returns (uint256 votes) {
        if (_voted[ballot][msg.sender]) revert AlreadyVoted(msg.sender);
        _voted[ballot][msg.sender] = true;
        return ++_ballots[ballot];
    }

    /// Forgets the advisories that stand no longer, so that `barred` walks only those that do.
    function _prune() private {
        for (uint256 i = _standing.length; i > 0; --i) {
            if (_stands(_standing[i - 1])) continue;
            _standing[i - 1] = _standing[_standing.length - 1];
            _standing.pop();
        }
    }

    function _current(address key) private view returns (Service storage service) {
        uint256 length = _services[key].length;
        if (length == 0) revert MeterNotInService(key);
        service = _services[key][length - 1];
        if (service.retiredAt != 0) revert MeterNotInService(key);
    }

    /// Number of the span of service at the instant, counted from 1; 0 when there is none.
    function _serviceAt(address key, uint64 instant) private view returns (uint256) {
        for (uint256 number = _services[key].length; number > 0; --number) {
            Service storage service = _services[key][number - 1];
            if (service.registeredAt > instant) continue;
            return service.retiredAt == 0 || instant < service.retiredAt ? number : 0;
        }
        return 0;
    }

    function _stoodOn(address key, uint32 microgrid, bytes32 premises, uint64 instant) private view returns (bool) {
        uint256 number = _serviceAt(key, instant);
        if (number == 0) return false;
        Service storage service = _services[key][number - 1];
        return
            service.microgrid == microgrid && service.premises == premises && _isLeaf(service.kind, service.commodity);
    }

    function _record(address key, uint256 number) private view returns (MeterRecord memory record) {
        if (number == 0) return record;
        Service storage service = _services[key][number - 1];
        record = MeterRecord({
            kind: service.kind,
            commodity: service.commodity,
            microgrid: service.microgrid,
            premises: service.premises,
            participant: service.participant,
            firmware: _firmware[key],
            registeredAt: service.registeredAt,
            retiredAt: service.retiredAt
        });
    }

    function _leavesAt(uint32 microgrid, uint64 instant) private view returns (uint32) {
        return uint32(_leaves[microgrid].upperLookupRecent(_instant48(instant)));
    }

    function _transformerAt(uint32 microgrid, uint64 instant) private view returns (address) {
        return address(uint160(_transformers[microgrid].upperLookupRecent(_instant48(instant))));
    }

    function _stands(uint256 id) private view returns (bool) {
        return block.timestamp < _advisories[id].standsUntil;
    }

    function _checkNotAdvised(bytes32 firmware) private view {
        uint256 id = _advisoryOf[firmware];
        if (_stands(id)) revert FirmwareUnderAdvisory(firmware, id);
    }

    function _isLeaf(Kind kind, Commodity commodity) private pure returns (bool) {
        return commodity == Commodity.Electricity && kind != Kind.Transformer;
    }

    function _instant48(uint64 instant) private pure returns (uint48) {
        return SafeCast.toUint48(Math.min(instant, type(uint48).max));
    }
}
