// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Council, IParticipants} from "./Council.sol";

/// @notice What Members tells the contract that holds the directory's entry "Board".
interface ITraders {
    /// @notice The account has another role, or none.
    function roleChanged(address account, Role role) external;
}

/// @notice What a participant may do. The order is part of the ABI.
enum Role {
    None,
    /// May buy.
    Consumer,
    /// May sell.
    Producer,
    /// May do both.
    Prosumer
}

/// @notice A participant to admit.
struct Admission {
    address account;
    Role role;
    /// The premises to register for the account at once; zero for none.
    bytes32 premises;
}

/// @title Who takes part, in which role.
/// @dev Any one regulator decides; the owner has no say. Owner and regulators are never participants: admission looks
/// at them, and Council looks here before it lets anyone become either. Removal stops new business only: premises,
/// meters, bills and balances stay where they are.
contract Members is IParticipants {
    /// @notice Most admissions in one transaction.
    uint256 public constant MAXIMUM_BATCH = 128;

    /// @notice The council whose regulators admit and remove.
    Council public immutable council;

    uint256 private _participantCount;
    mapping(address account => Role) private _roles;
    mapping(bytes32 premises => address) private _holders;

    event ParticipantAdmitted(address indexed account, Role role, address indexed regulator);
    event ParticipantRoleChanged(address indexed account, Role role, address indexed regulator);
    event ParticipantRemoved(address indexed account, address indexed regulator);
    event PremisesRegistered(bytes32 indexed premises, address indexed participant);
    event PremisesReleased(bytes32 indexed premises, address indexed participant);

    error NotRegulator(address account);
    error NotParticipant(address account);
    error AlreadyParticipant(address account, Role role);
    error OfficeHolderCannotParticipate(address account);
    error InvalidRole();
    error InvalidPremises();
    error PremisesTaken(bytes32 premises, address holder);
    error NotHolder(bytes32 premises, address account, address holder);
    error BatchTooLarge(uint256 length, uint256 maximum);
    error ZeroAddress();

    modifier onlyRegulator() {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        _;
    }

    constructor(Council council_) {
        council = council_;
    }

    /// @notice Admits an account in one role. Any one regulator may.
    function admit(address account, Role role) external onlyRegulator {
        _admit(account, role);
    }

    /// @notice Admits up to `MAXIMUM_BATCH` accounts, with their premises; all or none. Any one regulator may.
    function admitMany(Admission[] calldata admissions) external onlyRegulator {
        if (admissions.length > MAXIMUM_BATCH) revert BatchTooLarge(admissions.length, MAXIMUM_BATCH);
        for (uint256 i = 0; i < admissions.length; ++i) {
            Admission calldata admission = admissions[i];
            _admit(admission.account, admission.role);
            if (admission.premises != 0) _registerPremises(admission.premises, admission.account);
        }
    }

    /// @notice Gives a participant another role. Any one regulator may.
    function changeRole(address account, Role role) external onlyRegulator {
        if (role == Role.None) revert InvalidRole();
        if (!isParticipant(account)) revert NotParticipant(account);
        _setRole(account, role);
        emit ParticipantRoleChanged(account, role, msg.sender);
    }

    /// @notice Removes a participant: nothing new from then on. Any one regulator may.
    function remove(address account) external onlyRegulator {
        if (!isParticipant(account)) revert NotParticipant(account);
        _setRole(account, Role.None);
        --_participantCount;
        emit ParticipantRemoved(account, msg.sender);
    }

    /// @notice Registers premises for the sender, a participant. The id is random; the node keeps the address.
    function registerPremises(bytes32 premises) external {
        if (!isParticipant(msg.sender)) revert NotParticipant(msg.sender);
        _registerPremises(premises, msg.sender);
    }

    /// @notice Registers premises for a participant who has no wallet at hand. Any one regulator may.
    function registerPremisesFor(bytes32 premises, address participant) external onlyRegulator {
        if (!isParticipant(participant)) revert NotParticipant(participant);
        _registerPremises(premises, participant);
    }

    /// @notice Gives premises up, so that who moves in can register them. Their holder or any one regulator may.
    function releasePremises(bytes32 premises) external {
        address holder = _holders[premises];
        if (holder == address(0)) revert InvalidPremises();
        if (msg.sender != holder && !council.isRegulator(msg.sender)) revert NotHolder(premises, msg.sender, holder);
        delete _holders[premises];
        emit PremisesReleased(premises, holder);
    }

    /// @notice The participant's role; `None` for everyone else.
    function roleOf(address account) external view returns (Role) {
        return _roles[account];
    }

    /// @notice Whether the account may buy energy.
    function mayBuy(address account) external view returns (bool) {
        Role role = _roles[account];
        return role == Role.Consumer || role == Role.Prosumer;
    }

    /// @notice Whether the account may sell energy.
    function maySell(address account) external view returns (bool) {
        Role role = _roles[account];
        return role == Role.Producer || role == Role.Prosumer;
    }

    /// @notice Whether one account may buy energy and the other may sell it.
    function mayTrade(address buyer, address seller) external view returns (bool) {
        // A prosumer's number has the bits of both.
        return uint8(_roles[buyer]) & uint8(Role.Consumer) != 0 && uint8(_roles[seller]) & uint8(Role.Producer) != 0;
    }

    /// @notice Who holds the premises; zero when nobody does.
    function holderOf(bytes32 premises) external view returns (address) {
        return _holders[premises];
    }

    /// @notice Number of participants.
    function participantCount() external view returns (uint256) {
        return _participantCount;
    }

    /// @inheritdoc IParticipants
    function isParticipant(address account) public view returns (bool) {
        return _roles[account] != Role.None;
    }

    function _admit(address account, Role role) private {
        if (account == address(0)) revert ZeroAddress();
        if (role == Role.None) revert InvalidRole();
        if (isParticipant(account)) revert AlreadyParticipant(account, _roles[account]);
        if (account == council.owner() || council.isRegulator(account)) revert OfficeHolderCannotParticipate(account);
        _setRole(account, role);
        ++_participantCount;
        emit ParticipantAdmitted(account, role, msg.sender);
    }

    function _setRole(address account, Role role) private {
        _roles[account] = role;
        address board = council.holderOf("Board");
        if (board != address(0)) ITraders(board).roleChanged(account, role);
    }

    function _registerPremises(bytes32 premises, address participant) private {
        if (premises == 0) revert InvalidPremises();
        address holder = _holders[premises];
        if (holder != address(0)) revert PremisesTaken(premises, holder);
        _holders[premises] = participant;
        emit PremisesRegistered(premises, participant);
    }
}
