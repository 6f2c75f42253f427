// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Office} from "./Office.sol";
import {Rule, RuleBook} from "./RuleBook.sol";

/// @notice What Council asks of Members.
interface IParticipants {
    /// @notice Whether the account takes part, in any role.
    function isParticipant(address account) external view returns (bool);
}

/// @notice What Council tells the contract that holds the directory's entry "Anchors".
interface IOperators {
    /// @notice The account is operator in the microgrid, or (0) in all, until an instant in unix seconds.
    function operatorChanged(uint32 microgrid, address account, uint64 until) external;
}

/// @notice What Council tells the contract that holds the directory's entry "Board".
interface IMarketRules {
    /// @notice A rule of the market has changed.
    function rulesChanged() external;
}

/// @notice What Council tells the contract that holds the directory's entry "Taxes", before it changes who rules.
interface ITaxes {
    /// @notice Shares out what was earned so far.
    function shareOut() external;
}

/// @notice A rule's value chosen at deployment instead of the one in `RuleBook`.
struct RuleChoice {
    bytes32 name;
    uint128 value;
}

/// @title Who rules, by what numbers, and which contract holds which office.
/// @dev The owner decides who is a regulator and nothing else; regulators decide everything else and never who they are.
/// Every change of membership begins a new epoch, and a vote counts in its own epoch only: so no vote of a removed
/// regulator can ever count, and no list of voters has to be walked.
contract Council is Ownable2Step {
    using Checkpoints for Checkpoints.Trace208;
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @notice What a proposal changes.
    enum Subject {
        None,
        Rule,
        Directory
    }

    /// @notice An owner's change of membership on its way.
    struct MembershipChange {
        bool inOffice;
        /// Unix seconds from which `applyRegulator` is possible; 0 when nothing is scheduled.
        uint64 effectiveAt;
    }

    /// @notice A change of a rule or of the directory that regulators vote on.
    struct Proposal {
        Subject subject;
        uint32 microgrid;
        /// Unix seconds.
        uint64 createdAt;
        /// Unix seconds from which `execute` is possible while the present majority stands; 0 when there is none. Kept
        /// from the moment of the majority, so that a shorter delay voted in between does not hurry what is open.
        uint64 executableAt;
        uint32 votes;
        bool executed;
        uint64 epoch;
        /// Name of the rule or of the directory's entry.
        bytes32 name;
        /// The rule's new value, or the new holder's address.
        uint256 value;
    }

    /// @notice Most regulators in office at a time.
    uint256 public constant MAXIMUM_REGULATORS = 32;
    /// @notice A proposal that was not executed so many seconds after it was made is dead.
    uint64 public constant PROPOSAL_LIFE = 90 days;
    /// @notice Directory entries that are never replaced: they hold people and money.
    bytes32 public constant MEMBERS = "Members";
    bytes32 public constant VAULT = "Vault";
    /// @notice The directory entry that is told of operators, because it asks at every interval.
    bytes32 public constant ANCHORS = "Anchors";
    /// @notice The directory entries that are told when a rule of the market, or who shares its taxes, changes.
    bytes32 public constant BOARD = "Board";
    bytes32 public constant TAXES = "Taxes";

    address private immutable _deployer;

    bool private _wired;
    uint64 private _epoch;
    uint256 private _proposalCount;
    EnumerableSet.AddressSet private _regulators;
    mapping(address account => MembershipChange) private _membershipChanges;
    mapping(bytes32 name => Rule) private _rules;
    /// Values of rules by time; of single microgrids stored plus one, so that "not set" is told from zero.
    mapping(bytes32 name => mapping(uint32 microgrid => Checkpoints.Trace208)) private _values;
    mapping(uint256 id => Proposal) private _proposals;
    mapping(bytes32 ballot => mapping(address regulator => bool)) private _voted;
    mapping(bytes32 ballot => uint256) private _ballots;
    mapping(uint256 seat => uint64) private _appointments;
    mapping(uint256 seat => uint256) private _seatRounds;
    mapping(bytes32 name => address) private _directory;
    mapping(bytes32 name => mapping(address holder => bool)) private _held;

    event RegulatorChangeScheduled(address indexed account, bool inOffice, uint64 effectiveAt);
    event RegulatorChangeCancelled(address indexed account);
    event RegulatorChanged(address indexed account, bool inOffice, uint64 epoch);
    event Proposed(
        uint256 indexed id, Subject subject, bytes32 indexed name, uint32 indexed microgrid, uint256 value, address by
    );
    event Voted(uint256 indexed id, address indexed regulator, bool support, uint32 votes);
    event ProposalPassed(uint256 indexed id, uint64 executableAt);
    event ProposalExecuted(uint256 indexed id);
    event RuleChanged(bytes32 indexed name, uint32 indexed microgrid, uint256 value);
    event DirectoryChanged(bytes32 indexed name, address holder);
    event AppointmentVoted(
        Office indexed office,
        uint32 indexed microgrid,
        address indexed account,
        uint64 until,
        address regulator,
        uint256 votes
    );
    event Appointed(Office indexed office, uint32 indexed microgrid, address indexed account, uint64 until);
    event Wired();

    error NotRegulator(address account);
    error NotDeployer(address account, address deployer);
    error AlreadyWired();
    error NotWired();
    error ZeroAddress();
    error LengthsDiffer(uint256 names, uint256 holders);
    error EntryIsPermanent(bytes32 name, address holder);
    error HolderIsNotAContract(bytes32 name, address holder);
    error HolderWasReplaced(bytes32 name, address holder);
    error TooManyRegulators(uint256 maximum);
    error OwnerCannotBeRegulator(address account);
    error ParticipantCannotHoldOffice(address account);
    error MembershipUnchanged(address account, bool inOffice);
    error NothingScheduled(address account);
    error TooEarly(uint256 now_, uint256 needed);
    error UnknownRule(bytes32 name);
    error RuleOutOfBounds(bytes32 name, uint256 value, uint256 minimum, uint256 maximum);
    error RuleWithoutMeaning(bytes32 name, uint256 value);
    error RuleIsCommunityWide(bytes32 name);
    error UnknownProposal(uint256 id);
    error ProposalClosed(uint256 id);
    error ProposalVoid(uint256 id, uint64 epoch, uint64 current);
    error ProposalExpired(uint256 id, uint256 expiredAt);
    error NoMajority(uint256 votes, uint256 regulators);
    error VoteUnchanged(address regulator, bool support);
    error InvalidOffice();
    error OwnershipCannotBeRenounced();

    modifier onlyRegulator() {
        if (!_regulators.contains(msg.sender)) revert NotRegulator(msg.sender);
        _;
    }

    modifier whenWired() {
        if (!_wired) revert NotWired();
        _;
    }

    /// @param owner_ Decides membership; may not be a regulator.
    /// @param regulators_ In office from the first block.
    /// @param choices First values of rules that differ from `RuleBook`.
    constructor(address owner_, address[] memory regulators_, RuleChoice[] memory choices) Ownable(owner_) {
        _deployer = msg.sender;
        if (regulators_.length > MAXIMUM_REGULATORS) revert TooManyRegulators(MAXIMUM_REGULATORS);
        for (uint256 i = 0; i < regulators_.length; ++i) {
            address account = regulators_[i];
            if (account == address(0)) revert ZeroAddress();
            if (account == owner_) revert OwnerCannotBeRegulator(account);
            if (!_regulators.add(account)) revert MembershipUnchanged(account, true);
            emit RegulatorChanged(account, true, 0);
        }
        Rule[] memory rules = RuleBook.all();
        for (uint256 i = 0; i < rules.length; ++i) {
            _rules[rules[i].name] = rules[i];
        }
        for (uint256 i = 0; i < choices.length; ++i) {
            _checkRule(choices[i].name, choices[i].value);
            _rules[choices[i].name].value = choices[i].value;
        }
        for (uint256 i = 0; i < rules.length; ++i) {
            uint128 value = _rules[rules[i].name].value;
            _values[rules[i].name][0].push(0, value);
            emit RuleChanged(rules[i].name, 0, value);
        }
    }

    /// @notice Sets the directory's first entries, once, by whoever deployed this contract; afterwards only a vote can.
    function wire(bytes32[] calldata names, address[] calldata holders) external {
        if (msg.sender != _deployer) revert NotDeployer(msg.sender, _deployer);
        if (_wired) revert AlreadyWired();
        if (names.length != holders.length) revert LengthsDiffer(names.length, holders.length);
        _wired = true;
        for (uint256 i = 0; i < names.length; ++i) {
            _checkEntry(names[i], holders[i]);
            _setEntry(names[i], holders[i]);
        }
        if (_directory[MEMBERS] == address(0)) revert ZeroAddress();
        emit Wired();
    }

    /// @notice Schedules that the account takes or leaves the office of regulator; replaces what was scheduled for it.
    function scheduleRegulator(address account, bool inOffice) external onlyOwner whenWired {
        if (account == address(0)) revert ZeroAddress();
        if (_regulators.contains(account) == inOffice) revert MembershipUnchanged(account, inOffice);
        if (inOffice) _checkMayRegulate(account);
        uint64 effectiveAt = uint64(block.timestamp + rule(RuleBook.DELAY_SECONDS));
        _membershipChanges[account] = MembershipChange(inOffice, effectiveAt);
        emit RegulatorChangeScheduled(account, inOffice, effectiveAt);
    }

    /// @notice Takes back a scheduled change.
    function cancelRegulator(address account) external onlyOwner {
        if (_membershipChanges[account].effectiveAt == 0) revert NothingScheduled(account);
        delete _membershipChanges[account];
        emit RegulatorChangeCancelled(account);
    }

    /// @notice Carries out a scheduled change after its delay; anyone may. Voids all open proposals and votes.
    function applyRegulator(address account) external {
        MembershipChange memory change = _membershipChanges[account];
        if (change.effectiveAt == 0) revert NothingScheduled(account);
        if (block.timestamp < change.effectiveAt) revert TooEarly(block.timestamp, change.effectiveAt);
        delete _membershipChanges[account];
        _shareOutTaxes();
        if (change.inOffice) {
            _checkMayRegulate(account);
            if (_regulators.length() == MAXIMUM_REGULATORS) revert TooManyRegulators(MAXIMUM_REGULATORS);
            _regulators.add(account);
        } else {
            _regulators.remove(account);
        }
        emit RegulatorChanged(account, change.inOffice, ++_epoch);
    }

    /// @notice Proposes a rule's new value, for one microgrid or (0) for all without a value of their own; votes for it.
    /// @return id Of the proposal.
    function proposeRule(bytes32 name, uint32 microgrid, uint256 value) external onlyRegulator returns (uint256 id) {
        _checkRule(name, value);
        if (microgrid != 0 && RuleBook.communityWide(name)) revert RuleIsCommunityWide(name);
        return _propose(Subject.Rule, name, microgrid, value);
    }

    /// @notice Proposes a contract for an office of the directory; votes for it.
    /// @return id Of the proposal.
    function proposeEntry(bytes32 name, address holder) external onlyRegulator whenWired returns (uint256 id) {
        _checkEntry(name, holder);
        return _propose(Subject.Directory, name, 0, uint160(holder));
    }

    /// @notice Gives or takes back a vote. The delay runs from the moment at which the present majority was reached.
    function vote(uint256 id, bool support) external onlyRegulator {
        _vote(id, _openProposal(id), support);
    }

    /// @notice Carries out a proposal whose majority has stood through the delay; anyone may.
    function execute(uint256 id) external {
        Proposal storage open = _openProposal(id);
        if (!_isMajority(open.votes)) revert NoMajority(open.votes, _regulators.length());
        if (block.timestamp < open.executableAt) revert TooEarly(block.timestamp, open.executableAt);
        open.executed = true;
        if (open.subject == Subject.Rule) {
            uint256 stored = open.microgrid == 0 ? open.value : open.value + 1;
            _values[open.name][open.microgrid].push(uint48(block.timestamp), SafeCast.toUint208(stored));
            emit RuleChanged(open.name, open.microgrid, open.value);
            if (RuleBook.ofMarket(open.name)) _tellMarket();
        } else {
            // The holder may have been checked long ago: look again.
            address holder = address(uint160(open.value));
            _checkEntry(open.name, holder);
            _setEntry(open.name, holder);
        }
        emit ProposalExecuted(id);
    }

    /// @notice Votes to appoint the account to an office, in one microgrid or (0) in all, until an instant in unix
    /// seconds; 0 ends an appointment. Takes effect at once with the vote that makes the majority.
    function appoint(Office office, uint32 microgrid, address account, uint64 until) external onlyRegulator whenWired {
        if (office == Office.None) revert InvalidOffice();
        if (account == address(0)) revert ZeroAddress();
        uint256 seat = _seat(office, microgrid, account);
        bytes32 ballot = keccak256(abi.encode("appointment", seat, until, _epoch, _seatRounds[seat]));
        if (_voted[ballot][msg.sender]) revert VoteUnchanged(msg.sender, true);
        _voted[ballot][msg.sender] = true;
        uint256 votes = ++_ballots[ballot];
        emit AppointmentVoted(office, microgrid, account, until, msg.sender, votes);
        if (!_isMajority(votes)) return;
        // A new round voids what else is being voted about this seat.
        ++_seatRounds[seat];
        _appointments[seat] = until;
        emit Appointed(office, microgrid, account, until);
        address anchors = _directory[ANCHORS];
        if (office == Office.Operator && anchors != address(0)) {
            IOperators(anchors).operatorChanged(microgrid, account, until);
        }
    }

    /// @notice Whether the account holds the office in the microgrid now, by itself or in all.
    function holds(Office office, uint32 microgrid, address account) external view returns (bool) {
        if (block.timestamp < _appointments[_seat(office, 0, account)]) return true;
        return microgrid != 0 && block.timestamp < _appointments[_seat(office, microgrid, account)];
    }

    /// @notice Unix seconds until which the account is appointed to exactly this seat; 0 when it is not.
    function appointedUntil(Office office, uint32 microgrid, address account) external view returns (uint64) {
        return _appointments[_seat(office, microgrid, account)];
    }

    /// @notice Whether the account is a regulator in office.
    function isRegulator(address account) external view returns (bool) {
        return _regulators.contains(account);
    }

    /// @notice The regulators in office, in no order.
    function regulators() external view returns (address[] memory) {
        return _regulators.values();
    }

    /// @notice Number of regulators in office.
    function regulatorCount() external view returns (uint256) {
        return _regulators.length();
    }

    /// @notice Whether so many votes are a strict majority of the regulators in office.
    function isMajority(uint256 votes) external view returns (bool) {
        return _isMajority(votes);
    }

    /// @notice Number of changes of membership so far; votes count in the epoch in which they were given.
    function epoch() external view returns (uint64) {
        return _epoch;
    }

    /// @notice The change of membership scheduled for the account.
    function membershipChange(address account) external view returns (MembershipChange memory) {
        return _membershipChanges[account];
    }

    /// @notice A proposal; reverts when there is none of that number.
    function proposal(uint256 id) external view returns (Proposal memory) {
        if (id == 0 || id > _proposalCount) revert UnknownProposal(id);
        return _proposals[id];
    }

    /// @notice Number of proposals made; ids run from 1 to it.
    function proposalCount() external view returns (uint256) {
        return _proposalCount;
    }

    /// @notice Whether the regulator's vote for the proposal stands.
    function hasVoted(uint256 id, address regulator) external view returns (bool) {
        return _voted[bytes32(id)][regulator];
    }

    /// @notice The contract that holds an office of the directory; zero when none does.
    function holderOf(bytes32 name) external view returns (address) {
        return _directory[name];
    }

    /// @notice Whether the directory's first entries are set.
    function wired() external view returns (bool) {
        return _wired;
    }

    /// @notice A rule's bounds, which no vote can leave.
    function ruleBounds(bytes32 name) external view returns (uint256 minimum, uint256 maximum) {
        if (_rules[name].name == 0) revert UnknownRule(name);
        return (_rules[name].minimum, _rules[name].maximum);
    }

    /// @notice The rule's value in the microgrid as it was at an instant in unix seconds: what began then keeps it.
    function ruleAt(bytes32 name, uint32 microgrid, uint48 instant) external view returns (uint256) {
        if (_rules[name].name == 0) revert UnknownRule(name);
        if (microgrid != 0) {
            uint256 own = _values[name][microgrid].upperLookupRecent(instant);
            if (own != 0) return own - 1;
        }
        return _values[name][0].upperLookupRecent(instant);
    }

    /// @notice The rule's value in the microgrid now: its own, or else the community's.
    function ruleIn(bytes32 name, uint32 microgrid) external view returns (uint256) {
        if (microgrid != 0) {
            uint256 own = _values[name][microgrid].latest();
            if (own != 0) return own - 1;
        }
        return rule(name);
    }

    /// @notice The community's value of the rule now.
    function rule(bytes32 name) public view returns (uint256) {
        if (_rules[name].name == 0) revert UnknownRule(name);
        return _values[name][0].latest();
    }

    /// @notice Refused: without an owner nobody could ever become a regulator.
    function renounceOwnership() public pure override {
        revert OwnershipCannotBeRenounced();
    }

    /// @notice Takes over ownership; neither a regulator nor a participant may.
    function acceptOwnership() public override whenWired {
        if (_regulators.contains(msg.sender)) revert OwnerCannotBeRegulator(msg.sender);
        if (_isParticipant(msg.sender)) revert ParticipantCannotHoldOffice(msg.sender);
        _shareOutTaxes();
        super.acceptOwnership();
    }

    function _propose(Subject subject, bytes32 name, uint32 microgrid, uint256 value) private returns (uint256 id) {
        id = ++_proposalCount;
        Proposal storage created = _proposals[id];
        created.subject = subject;
        created.microgrid = microgrid;
        created.createdAt = uint64(block.timestamp);
        created.epoch = _epoch;
        created.name = name;
        created.value = value;
        emit Proposed(id, subject, name, microgrid, value, msg.sender);
        _vote(id, created, true);
    }

    function _vote(uint256 id, Proposal storage open, bool support) private {
        // Proposal numbers are small and ballots of appointments are hashes: the keys cannot meet.
        if (_voted[bytes32(id)][msg.sender] == support) revert VoteUnchanged(msg.sender, support);
        _voted[bytes32(id)][msg.sender] = support;
        uint32 votes = support ? open.votes + 1 : open.votes - 1;
        open.votes = votes;
        emit Voted(id, msg.sender, support, votes);
        if (!_isMajority(votes)) {
            open.executableAt = 0;
        } else if (open.executableAt == 0) {
            open.executableAt = uint64(block.timestamp + rule(RuleBook.DELAY_SECONDS));
            emit ProposalPassed(id, open.executableAt);
        }
    }

    function _tellMarket() private {
        address board = _directory[BOARD];
        if (board != address(0)) IMarketRules(board).rulesChanged();
        _shareOutTaxes();
    }

    function _shareOutTaxes() private {
        address taxes = _directory[TAXES];
        if (taxes != address(0)) ITaxes(taxes).shareOut();
    }

    function _setEntry(bytes32 name, address holder) private {
        _directory[name] = holder;
        _held[name][holder] = true;
        emit DirectoryChanged(name, holder);
    }

    function _openProposal(uint256 id) private view returns (Proposal storage open) {
        if (id == 0 || id > _proposalCount) revert UnknownProposal(id);
        open = _proposals[id];
        if (open.executed) revert ProposalClosed(id);
        if (open.epoch != _epoch) revert ProposalVoid(id, open.epoch, _epoch);
        if (block.timestamp > open.createdAt + PROPOSAL_LIFE) {
            revert ProposalExpired(id, open.createdAt + PROPOSAL_LIFE);
        }
    }

    function _checkRule(bytes32 name, uint256 value) private view {
        Rule storage known = _rules[name];
        if (known.name == 0) revert UnknownRule(name);
        if (value < known.minimum || value > known.maximum) {
            revert RuleOutOfBounds(name, value, known.minimum, known.maximum);
        }
        if (!RuleBook.meaningful(name, value)) revert RuleWithoutMeaning(name, value);
    }

    function _checkEntry(bytes32 name, address holder) private view {
        if (holder.code.length == 0) revert HolderIsNotAContract(name, holder);
        // What changed while a contract was out of office never reached it: it does not come back.
        if (_held[name][holder]) revert HolderWasReplaced(name, holder);
        address present = _directory[name];
        if (present != address(0) && (name == MEMBERS || name == VAULT)) revert EntryIsPermanent(name, present);
    }

    function _checkMayRegulate(address account) private view {
        if (account == owner()) revert OwnerCannotBeRegulator(account);
        if (_isParticipant(account)) revert ParticipantCannotHoldOffice(account);
    }

    function _isParticipant(address account) private view returns (bool) {
        return IParticipants(_directory[MEMBERS]).isParticipant(account);
    }

    function _isMajority(uint256 votes) private view returns (bool) {
        return votes * 2 > _regulators.length();
    }

    /// One word for office, microgrid and account: Anchors asks at every interval, and one hash is cheaper than three.
    function _seat(Office office, uint32 microgrid, address account) private pure returns (uint256) {
        return uint256(uint8(office)) << 192 | uint256(microgrid) << 160 | uint160(account);
    }
}
