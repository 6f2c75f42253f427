// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Council, IOperators} from "./Council.sol";
import {EnergyBalance, Feeder} from "./EnergyBalance.sol";
import {Head} from "./Head.sol";
import {Leaf, MerkleSum, Sibling} from "./MerkleSum.sol";
import {IGrids, Meters} from "./Meters.sol";
import {Office} from "./Office.sol";
import {Reading, Readings} from "./Reading.sol";
import {RuleBook} from "./RuleBook.sol";
import {SigningDomain} from "./SigningDomain.sol";

/// @notice One version of one microgrid's interval, to be committed.
struct AnchorInput {
    uint32 microgrid;
    /// Unix seconds of the interval's start.
    uint64 start;
    /// 1 for the next interval; for an earlier one, the latest version plus one.
    uint16 version;
    bytes32 root;
    /// Number of leaves.
    uint32 count;
    /// Sum of the leaves' import in the interval, in milliwatt hours.
    uint64 importSum;
    /// Sum of the leaves' export in the interval, in milliwatt hours.
    uint64 exportSum;
    /// The transformer meter's signed readings, 187 bytes each: none; that at the end; or that at the start and that at
    /// the end. A signed reading is its binary form without the domain (122 bytes), then r | s | v.
    bytes transformer;
}

/// @notice What a version's commitment is the keccak-256 of (abi.encode), and what a proof is held against.
struct Header {
    uint32 microgrid;
    uint64 start;
    uint16 version;
    bytes32 root;
    uint32 count;
    uint64 importSum;
    uint64 exportSum;
    /// Digest of the transformer's reading at the end; zero when there was none.
    bytes32 transformer;
}

/// @notice The part of a leaf that its reading does not say.
struct LeafExtras {
    uint64 intervalImport;
    uint64 intervalExport;
    uint16 flags;
    bytes32 salt;
}

/// @notice Outcome of a verification. The order is part of the ABI; zero is not success.
enum Verdict {
    /// The header is not what was committed.
    NotAnchored,
    /// The reading's instant is not the interval's end.
    WrongInstant,
    /// The meter was no leaf of the microgrid at the interval's start.
    WrongMeter,
    /// The leaf's flags contradict the reading's, or say estimated.
    WrongFlags,
    /// The signature is not the meter's.
    WrongSignature,
    /// The path does not lead from the leaf to the root and its sums.
    WrongProof,
    Valid
}

/// @title The committed readings, and the energy balance of each interval.
/// @dev A version costs one storage slot: its header's hash. The header itself is in the event. Nothing is ever
/// overwritten: a correction is a further version, and proofs against earlier ones stay valid.
contract Anchors is IOperators, IGrids {
    /// What Meters says of a microgrid, in one slot.
    struct Grid {
        address transformer;
        uint32 leaves;
        /// Unix seconds; 0 when nothing was said yet.
        uint64 changedAt;
    }

    /// @notice Most versions in one transaction.
    uint256 public constant MAXIMUM_BATCH = 64;

    uint16 private constant ESTIMATED = 256;

    Council public immutable council;
    Meters public immutable meters;

    uint256 private immutable _deploymentChain;
    bytes32 private immutable _deploymentDomain;

    mapping(uint32 microgrid => Head) private _heads;
    /// What Council and Meters say of operators and meters is kept here: two questions at every interval cost 7,000 gas.
    mapping(uint256 seat => uint64) private _operators;
    mapping(uint32 microgrid => Grid) private _grids;
    mapping(uint256 key => bytes32) private _commitments;
    mapping(uint256 key => uint16) private _corrections;

    event Anchored(
        uint32 indexed microgrid,
        uint64 indexed start,
        uint16 version,
        bytes32 root,
        uint32 count,
        uint64 importSum,
        uint64 exportSum,
        bytes32 transformer,
        bytes32 commitment
    );
    /// Energies in milliwatt hours; `missing` is positive when the premises' meters show less than was delivered.
    event Balanced(uint32 indexed microgrid, uint64 indexed start, uint16 version, int256 missing, uint256 allowance);
    event Discrepancy(
        uint32 indexed microgrid, uint64 indexed start, uint16 version, int256 missing, uint256 allowance
    );
    event Unbalanced(uint32 indexed microgrid, uint64 indexed start, uint16 version);
    event FeederSet(uint32 indexed microgrid, uint32 lossFixed, uint32 lossQuadratic, uint16 tolerance);
    event MicrogridBegan(uint32 indexed microgrid, uint64 start, uint64 intervalSeconds);

    error NotOperator(uint32 microgrid, address account);
    error NotCouncil(address account);
    error NotInDirectory(address holder);
    error BatchTooLarge(uint256 length, uint256 maximum);
    error StartNotAligned(uint64 start, uint64 intervalSeconds);
    error IntervalNotNext(uint32 microgrid, uint64 start, uint64 needed);
    error IntervalNotOver(uint64 end, uint256 now_);
    error WrongVersion(uint32 microgrid, uint64 start, uint16 version, uint16 needed);
    error WrongLeafCount(uint32 microgrid, uint64 start, uint32 count, uint32 needed);
    error EmptyTreeWithContent(uint32 microgrid, uint64 start);
    error WrongReadingsLength(uint256 length);
    error NoTransformer(uint32 microgrid, uint64 start);
    error WrongTransformer(address meter, address needed);
    error WrongInstant(address meter, uint64 instant, uint64 needed);
    error WrongSigner(address signer, address meter);
    error RegisterBackwards(address meter, uint64 opening, uint64 closing);
    error RegistersDiffer(address meter, uint64 importRegister, uint64 exportRegister);
    error AboveMaximum(bytes32 rule, uint256 value, uint256 maximum);

    constructor(Council council_, Meters meters_) {
        council = council_;
        meters = meters_;
        _deploymentChain = block.chainid;
        _deploymentDomain = SigningDomain.compute(SigningDomain.READING, address(meters_));
    }

    /// @notice Commits versions of intervals, of one or many microgrids; all or none. Only the operator of each.
    function anchor(AnchorInput[] calldata inputs) external {
        if (inputs.length > MAXIMUM_BATCH) revert BatchTooLarge(inputs.length, MAXIMUM_BATCH);
        for (uint256 i = 0; i < inputs.length; ++i) {
            _anchor(inputs[i]);
        }
    }

    /// @inheritdoc IOperators
    function operatorChanged(uint32 microgrid, address account, uint64 until) external {
        if (msg.sender != address(council)) revert NotCouncil(msg.sender);
        _operators[_seat(microgrid, account)] = until;
    }

    /// @inheritdoc IGrids
    /// @dev Another Meters, on its way into office or out of it, is not heard, and not hindered either.
    function gridChanged(uint32 microgrid, address transformer, uint32 leaves) external {
        if (msg.sender != address(meters)) return;
        _grids[microgrid] = Grid(transformer, leaves, uint64(block.timestamp));
    }

    /// @notice Takes over an appointment made before this contract was in the directory; anyone may. Once it is there,
    /// Council tells it of every change, so that what it keeps is never out of date.
    function takeOverOperator(uint32 microgrid, address account) external {
        address holder = council.holderOf(council.ANCHORS());
        if (holder != address(this)) revert NotInDirectory(holder);
        _operators[_seat(microgrid, account)] = council.appointedUntil(Office.Operator, microgrid, account);
    }

    /// @notice Sets how the microgrid's losses are allowed for from its next anchor on. Only its operator, within the
    /// bounds that the rules set.
    function setFeeder(uint32 microgrid, Feeder calldata feeder_) external {
        _checkOperator(microgrid);
        _checkMaximum(RuleBook.LOSS_FIXED_MAXIMUM, microgrid, feeder_.lossFixed);
        _checkMaximum(RuleBook.LOSS_QUADRATIC_MAXIMUM, microgrid, feeder_.lossQuadratic);
        _checkMaximum(RuleBook.TOLERANCE_MAXIMUM, microgrid, feeder_.tolerance);
        _heads[microgrid] = _heads[microgrid].withFeeder(feeder_.lossFixed, feeder_.lossQuadratic, feeder_.tolerance);
        emit FeederSet(microgrid, feeder_.lossFixed, feeder_.lossQuadratic, feeder_.tolerance);
    }

    /// @notice Holds a signed reading against a committed version: that it is its meter's, of that interval's end, and
    /// in the tree. Anyone may ask; a proof that was tampered with is answered, never reverted.
    function verify(
        Header calldata header,
        Reading calldata reading,
        bytes calldata signature,
        LeafExtras calldata extras,
        uint32 index,
        Sibling[] calldata siblings
    ) external view returns (Verdict) {
        if (!isAnchored(header)) return Verdict.NotAnchored;
        if (reading.instant != header.start + intervalSeconds(header.microgrid)) return Verdict.WrongInstant;
        if (!meters.isLeafAt(reading.meter, header.microgrid, header.start)) return Verdict.WrongMeter;
        if (extras.flags & ESTIMATED != 0 || reading.flags != extras.flags & 0xff) return Verdict.WrongFlags;
        bytes32 digest = Readings.digest(reading, _domain());
        (address signer,,) = ECDSA.tryRecover(digest, signature);
        if (signer == address(0) || signer != reading.meter) return Verdict.WrongSignature;
        return _includes(
            header,
            Leaf({
                meter: reading.meter,
                importRegister: reading.importRegister,
                exportRegister: reading.exportRegister,
                bands: reading.bands,
                intervalImport: extras.intervalImport,
                intervalExport: extras.intervalExport,
                flags: extras.flags,
                digest: digest,
                salt: extras.salt
            }),
            index,
            siblings
        );
    }

    /// @notice Holds a leaf, estimated or not, against a committed version, without looking at any signature.
    function verifyLeaf(Header calldata header, Leaf calldata leaf, uint32 index, Sibling[] calldata siblings)
        external
        view
        returns (Verdict)
    {
        if (!isAnchored(header)) return Verdict.NotAnchored;
        if (!meters.isLeafAt(leaf.meter, header.microgrid, header.start)) return Verdict.WrongMeter;
        // An estimated leaf has no reading behind it, and every other one has.
        if ((leaf.flags & ESTIMATED != 0) != (leaf.digest == 0)) return Verdict.WrongFlags;
        return _includes(header, leaf, index, siblings);
    }

    /// @notice What a meter signs: keccak-256 of the 154 bytes of the reading for this chain and deployment.
    function readingDigest(Reading calldata reading) external view returns (bytes32) {
        return Readings.digest(reading, _domain());
    }

    /// @notice The commitment of a version; zero when it was never anchored.
    function commitmentOf(uint32 microgrid, uint64 start, uint16 version) external view returns (bytes32) {
        return _commitments[_key(microgrid, start, version)];
    }

    /// @notice The microgrid's anchored end: the start, in unix seconds, that its next interval must have; 0 before the
    /// first.
    function anchoredUntil(uint32 microgrid) external view returns (uint64) {
        return _heads[microgrid].end();
    }

    /// @notice The transformer's registers at the anchored end, in milliwatt hours, when they are known.
    function transformerRegisters(uint32 microgrid)
        external
        view
        returns (bool known, uint64 importRegister, uint64 exportRegister)
    {
        Head head = _heads[microgrid];
        return (head.known(), head.importRegister(), head.exportRegister());
    }

    /// @notice How the microgrid's losses are allowed for.
    function feeder(uint32 microgrid) external view returns (Feeder memory) {
        Head head = _heads[microgrid];
        return Feeder(head.lossFixed(), head.lossQuadratic(), head.tolerance());
    }

    /// @notice Technical loss in milliwatt hours that an interval with this net energy of the transformer is allowed;
    /// 0 before the first anchor.
    function allowanceOf(uint32 microgrid, int128 net) external view returns (uint256) {
        Head head = _heads[microgrid];
        if (head.intervalSeconds() == 0) return 0;
        return EnergyBalance.allowance(head.lossFixed(), head.lossQuadratic(), net, head.intervalSeconds());
    }

    /// @notice Whether the account is operator in the microgrid now. For contracts that ask this contract anyway.
    function isOperator(uint32 microgrid, address account) public view returns (bool) {
        if (block.timestamp < _operators[_seat(0, account)]) return true;
        return microgrid != 0 && block.timestamp < _operators[_seat(microgrid, account)];
    }

    /// @notice The latest version of an interval; 0 when it was never anchored.
    function latestVersion(uint32 microgrid, uint64 start) public view returns (uint16) {
        if (_commitments[_key(microgrid, start, 1)] == 0) return 0;
        return 1 + _corrections[_key(microgrid, start, 0)];
    }

    /// @notice The commitment of a version of the interval that ends at an instant in unix seconds, that interval's start,
    /// and its latest version; the commitment is zero when that version was never anchored.
    function commitmentAt(uint32 microgrid, uint64 end, uint16 version)
        external
        view
        returns (bytes32 commitment, uint64 start, uint16 latest)
    {
        uint64 length = intervalSeconds(microgrid);
        if (length > end) return (0, 0, 0);
        start = end - length;
        commitment = _commitments[_key(microgrid, start, version)];
        latest = 1 + _corrections[_key(microgrid, start, 0)];
    }

    /// @notice Length of the microgrid's intervals in seconds; 0 before the first anchor.
    function intervalSeconds(uint32 microgrid) public view returns (uint64) {
        return _heads[microgrid].intervalSeconds();
    }

    /// @notice Whether exactly this header was committed.
    function isAnchored(Header calldata header) public view returns (bool) {
        return _commitments[_key(header.microgrid, header.start, header.version)] == keccak256(abi.encode(header));
    }

    function _anchor(AnchorInput calldata input) private {
        Header memory header;
        header.microgrid = input.microgrid;
        header.start = input.start;
        header.version = input.version;
        header.root = input.root;
        header.count = input.count;
        header.importSum = input.importSum;
        header.exportSum = input.exportSum;
        bytes calldata wire = input.transformer;

        _checkOperator(header.microgrid);
        Head head = _heads[header.microgrid];
        if (head.intervalSeconds() == 0) head = _begin(head, header);
        uint64 next = head.end();
        bool isNext = header.start == next;
        _checkVersion(header, isNext, next);
        uint64 end = header.start + head.intervalSeconds();
        if (end > block.timestamp) revert IntervalNotOver(end, block.timestamp);
        (uint32 leaves, address transformer, bool settled) = _intervalMeters(header.microgrid, header.start, end);
        if (header.count != leaves) {
            revert WrongLeafCount(header.microgrid, header.start, header.count, leaves);
        }
        if (leaves == 0 && (header.root != 0 || header.importSum != 0 || header.exportSum != 0)) {
            revert EmptyTreeWithContent(header.microgrid, header.start);
        }

        if (wire.length == 0) {
            _commit(header);
            emit Unbalanced(header.microgrid, header.start, header.version);
            if (isNext) _heads[header.microgrid] = head.withEnd(end);
            return;
        }
        if (transformer == address(0)) revert NoTransformer(header.microgrid, header.start);
        Readings.Wire memory closing = _hold(wire, header, head, transformer, isNext && head.known() && settled, end);
        // A correction of the last interval may bring the registers that the next one opens with, but not others.
        if (!isNext && end == next && head.known()) _checkSame(head, closing);
        if (isNext || end == next) {
            _heads[header.microgrid] = head.withRegisters(end, closing.importRegister, closing.exportRegister);
        }
    }

    /// Takes the interval's length from the rules; it holds for the microgrid's life.
    function _begin(Head head, Header memory header) private returns (Head) {
        uint64 length = SafeCast.toUint64(council.ruleIn(RuleBook.INTERVAL_SECONDS, header.microgrid));
        if (header.start % length != 0) revert StartNotAligned(header.start, length);
        if (header.start >= block.timestamp) revert IntervalNotOver(header.start, block.timestamp);
        emit MicrogridBegan(header.microgrid, header.start, length);
        return head.begun(header.start, length);
    }

    function _commit(Header memory header) private {
        bytes32 commitment;
        // A struct of eight whole words lies in memory exactly as abi.encode writes it.
        assembly ("memory-safe") {
            commitment := keccak256(header, 0x100)
        }
        _commitments[_key(header.microgrid, header.start, header.version)] = commitment;
        if (header.version != 1) _corrections[_key(header.microgrid, header.start, 0)] = header.version - 1;
        emit Anchored(
            header.microgrid,
            header.start,
            header.version,
            header.root,
            header.count,
            header.importSum,
            header.exportSum,
            header.transformer,
            commitment
        );
    }

    /// Commits, and holds the premises against the transformer: its readings at both ends, or that at the end and the
    /// registers of the head when these open the interval.
    function _hold(bytes calldata wire, Header memory header, Head head, address transformer, bool opens, uint64 end)
        private
        returns (Readings.Wire memory closing)
    {
        if (wire.length != Readings.WIRE_LENGTH && wire.length != 2 * Readings.WIRE_LENGTH) {
            revert WrongReadingsLength(wire.length);
        }
        closing = _checkSigned(wire[wire.length - Readings.WIRE_LENGTH:], transformer, end);
        header.transformer = closing.digest;
        _commit(header);

        uint64 openingImport = head.importRegister();
        uint64 openingExport = head.exportRegister();
        if (wire.length != Readings.WIRE_LENGTH) {
            Readings.Wire memory opening = _checkSigned(wire[:Readings.WIRE_LENGTH], transformer, header.start);
            if (opens) _checkSame(head, opening);
            openingImport = opening.importRegister;
            openingExport = opening.exportRegister;
        } else if (!opens) {
            emit Unbalanced(header.microgrid, header.start, header.version);
            return closing;
        }
        _balance(
            header,
            head,
            _advance(transformer, openingImport, closing.importRegister),
            _advance(transformer, openingExport, closing.exportRegister)
        );
    }

    function _balance(Header memory header, Head head, uint256 imported, uint256 exported) private {
        int256 missing;
        uint256 allowance;
        // Sums and differences of numbers below 2^65, and an allowance below 2^200, stay within 256 bits.
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            int256 net = int256(imported) - int256(exported);
            allowance = EnergyBalance.allowance(head.lossFixed(), head.lossQuadratic(), net, head.intervalSeconds());
            // forge-lint: disable-next-line(unsafe-typecast)
            missing = net - int256(uint256(header.importSum)) + int256(uint256(header.exportSum)) - int256(allowance);
        }
        if (EnergyBalance.withinTolerance(head.tolerance(), missing, imported + exported)) {
            emit Balanced(header.microgrid, header.start, header.version, missing, allowance);
        } else {
            emit Discrepancy(header.microgrid, header.start, header.version, missing, allowance);
        }
    }

    function _checkSigned(bytes calldata wire, address transformer, uint64 instant)
        private
        view
        returns (Readings.Wire memory reading)
    {
        reading = Readings.parse(wire, _domain());
        if (reading.meter != transformer) revert WrongTransformer(reading.meter, transformer);
        if (reading.instant != instant) revert WrongInstant(reading.meter, reading.instant, instant);
        address signer = Readings.signerOf(wire, reading.digest);
        if (signer != transformer) revert WrongSigner(signer, transformer);
    }

    /// As `Meters.intervalMeters`: from what Meters said when nothing has changed since before the interval, which is
    /// the rule; else, or when nothing was said since this contract is in office, by asking.
    function _intervalMeters(uint32 microgrid, uint64 start, uint64 end)
        private
        view
        returns (uint32 leaves, address transformer, bool settled)
    {
        Grid storage grid = _grids[microgrid];
        uint64 changedAt = grid.changedAt;
        if (changedAt != 0 && changedAt < start) return (grid.leaves, grid.transformer, true);
        return meters.intervalMeters(microgrid, start, end);
    }

    function _checkVersion(Header memory header, bool isNext, uint64 next) private view {
        uint16 needed = 1;
        if (!isNext) {
            needed = latestVersion(header.microgrid, header.start) + 1;
            if (needed == 1) revert IntervalNotNext(header.microgrid, header.start, next);
        }
        if (header.version != needed) revert WrongVersion(header.microgrid, header.start, header.version, needed);
    }

    function _checkOperator(uint32 microgrid) private view {
        if (!isOperator(microgrid, msg.sender)) revert NotOperator(microgrid, msg.sender);
    }

    function _checkMaximum(bytes32 name, uint32 microgrid, uint256 value) private view {
        uint256 maximum = council.ruleIn(name, microgrid);
        if (value > maximum) revert AboveMaximum(name, value, maximum);
    }

    function _includes(Header calldata header, Leaf memory leaf, uint32 index, Sibling[] calldata siblings)
        private
        pure
        returns (Verdict)
    {
        bool included = MerkleSum.includes(
            header.root, header.count, header.importSum, header.exportSum, leaf, index, siblings
        );
        return included ? Verdict.Valid : Verdict.WrongProof;
    }

    function _advance(address meter, uint64 opening, uint64 closing) private pure returns (uint256) {
        if (closing < opening) revert RegisterBackwards(meter, opening, closing);
        return closing - opening;
    }

    function _checkSame(Head head, Readings.Wire memory reading) private pure {
        if (reading.importRegister != head.importRegister() || reading.exportRegister != head.exportRegister()) {
            revert RegistersDiffer(reading.meter, head.importRegister(), head.exportRegister());
        }
    }

    function _domain() private view returns (bytes32) {
        // A chain that splits gives one half another number; readings of the other half are then worth nothing here.
        if (block.chainid == _deploymentChain) return _deploymentDomain;
        return SigningDomain.compute(SigningDomain.READING, address(meters));
    }

    /// Version 0 is where the number of corrections is kept.
    function _key(uint32 microgrid, uint64 start, uint16 version) private pure returns (uint256) {
        return uint256(microgrid) << 80 | uint256(start) << 16 | version;
    }

    function _seat(uint32 microgrid, address account) private pure returns (uint256) {
        return uint256(microgrid) << 160 | uint160(account);
    }
}
