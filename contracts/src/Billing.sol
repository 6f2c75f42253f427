// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Account, Bill, Boundary, Flags, Prepaid} from "./Account.sol";
import {Anchors} from "./Anchors.sol";
import {Council} from "./Council.sol";
import {Members} from "./Members.sol";
import {Meters} from "./Meters.sol";
import {Office} from "./Office.sol";
import {ProvenReading, ProvenReadings, Registers} from "./ProvenReading.sol";
import {RuleBook} from "./RuleBook.sol";
import {SigningDomain} from "./SigningDomain.sol";
import {Charges, Tariff, Tariffs, Usage} from "./Tariff.sol";
import {Vault} from "./Vault.sol";

/// @notice A bill to be made. What stands before its period is brought along and held against its hash.
struct BillInput {
    bytes32 premises;
    Boundary opening;
    Tariff tariff;
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

/// @notice Debt from before the account.
struct ArrearsInput {
    bytes32 premises;
    uint96 amount;
    /// Of the operator's own books.
    bytes32 referenceId;
}

/// @title Bills that are computed from proven readings, their payment, and the permit to draw electricity.
/// @dev Nobody can bill what was not metered: an amount follows from two registers in anchored intervals and from a
/// tariff that was published before the period. The closing of a bill is the opening of the next; its contents are in
/// the events and their hash is here. Money is never kept here: it goes to the payee's balance in the vault.
contract Billing {
    /// A published tariff.
    struct Published {
        bytes32 hash;
        address payee;
        uint64 at;
    }

    /// A tariff that begins with the first period that begins at an instant or later.
    struct Assignment {
        uint32 tariff;
        uint64 from;
    }

    /// Totals of what neighbours' deliveries brought and took, in milliwatt hours.
    struct Traded {
        uint64 bought;
        uint64 sold;
    }

    /// @notice Most bills, openings or arrears in one transaction.
    uint256 public constant MAXIMUM_BATCH = 128;
    /// @notice Most open bills that one payment goes through.
    uint256 public constant MAXIMUM_STEPS = 64;
    /// @notice Furthest that a prepaid permit reaches, in seconds.
    uint64 public constant PREPAID_REACH = 7 days;

    Council public immutable council;
    Members public immutable members;
    Meters public immutable meters;
    Anchors public immutable anchors;
    Vault public immutable vault;

    bool private immutable _isEther;
    uint256 private immutable _deploymentChain;
    bytes32 private immutable _deploymentDomain;

    uint32 private _tariffCount;
    mapping(uint32 number => Published) private _tariffs;
    mapping(bytes32 premises => Account) private _accounts;
    mapping(bytes32 premises => bytes32) private _boundaries;
    mapping(bytes32 premises => mapping(uint256 number => Bill)) private _bills;
    mapping(bytes32 premises => Assignment) private _assignments;
    mapping(bytes32 premises => Traded) private _traded;
    mapping(bytes32 premises => Prepaid) private _prepaid;
    /// Import of the last seven days of prepaid premises, 32 bits of milliwatt hours each, the newest lowest.
    mapping(bytes32 premises => uint256) private _recentDays;
    mapping(uint32 microgrid => uint64) private _emergencies;

    event TariffPublished(uint32 indexed number, bytes32 indexed hash, Tariff tariff, bytes document);
    event TariffAssigned(bytes32 indexed premises, uint32 tariff, uint64 from);
    event AccountOpened(bytes32 indexed premises, Boundary opening, uint32 microgrid);
    event AccountEnded(bytes32 indexed premises, int256 debt);
    event MeterExchanged(bytes32 indexed premises, Registers closing, Boundary opening);
    event BillIssued(
        bytes32 indexed premises,
        uint256 indexed number,
        uint16 version,
        uint8 flags,
        uint40 deadline,
        Usage usage,
        Charges charges,
        Boundary closing
    );
    event ArrearsBooked(bytes32 indexed premises, uint256 indexed number, uint96 amount, bytes32 referenceId);
    event Paid(bytes32 indexed premises, address indexed payer, uint256 amount, int256 debt);
    event Refunded(bytes32 indexed premises, address indexed to, uint256 amount, bytes32 referenceId);
    /// `until` is the end of the permit in unix seconds; 2^64 - 1 when nothing is owed.
    event PermitIssued(bytes32 indexed premises, uint64 until);
    event BillDisputed(bytes32 indexed premises, uint256 indexed number, address by);
    event DisputeAnswered(bytes32 indexed premises, uint256 indexed number, uint96 credit, bytes32 referenceId);
    event ProtectionChanged(bytes32 indexed premises, bool isProtected);
    event PrepaidChanged(bytes32 indexed premises, bool isPrepaid);
    event TripChanged(bytes32 indexed premises, uint8 flag, bool active, bytes32 referenceId);
    event EmergencyDeclared(uint32 indexed microgrid, uint64 until);
    event EnergyTraded(bytes32 indexed premises, uint64 bought, uint64 sold);

    error NotOperator(uint32 microgrid, address account);
    error NotRegulator(address account);
    error NotHolder(bytes32 premises, address account);
    error NotPayee(address account, address payee);
    error NotMarket(address account);
    error BatchTooLarge(uint256 length, uint256 maximum);
    error WrongDocument(bytes32 hash, bytes32 needed);
    error GraceTooShort(uint256 graceSeconds, uint256 needed);
    error UnknownTariff(uint32 number);
    error TariffTooYoung(uint32 number, uint64 instant, uint64 needed);
    error TariffEnded(uint32 number, uint64 instant, uint64 end);
    error WrongTariff(uint32 number, bytes32 hash, bytes32 needed);
    error AssignmentTooLate(uint64 from, uint256 now_);
    error UnknownPremises(bytes32 premises);
    error AccountAlreadyOpen(bytes32 premises);
    error AccountHasEnded(bytes32 premises);
    error WrongOpening(bytes32 premises, bytes32 hash, bytes32 needed);
    error OtherMeter(address meter, address needed);
    error ClosingBeforeOpening(uint64 closing, uint64 opening);
    error RegisterBackwards(address meter, uint64 opening, uint64 closing);
    error OpeningIsEstimated(bytes32 premises);
    error NothingUsual(bytes32 premises);
    error EstimateTooHigh(uint256 imported, uint256 maximum);
    error BandsNotNeeded();
    error NotLatestBill(bytes32 premises);
    error UnknownBill(bytes32 premises, uint256 number);
    error BillsExist(bytes32 premises, uint256 count);
    error NotDisputed(bytes32 premises, uint256 number);
    error AlreadyDisputed(bytes32 premises, uint256 number);
    error CreditAboveAmount(uint256 credit, int256 amount);
    error NothingToPay(bytes32 premises);
    error WrongValue(uint256 value, uint256 amount);
    error CoinIsNotEther();
    error TooManyOpenBills(uint256 maximum);
    error CreditTooSmall(int256 debt, uint256 amount);
    error InvalidTrip(uint8 flag);
    error Unchanged(bytes32 premises);

    modifier onlyRegulator() {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        _;
    }

    constructor(Council council_, Members members_, Meters meters_, Anchors anchors_, Vault vault_) {
        council = council_;
        members = members_;
        meters = meters_;
        anchors = anchors_;
        vault = vault_;
        _isEther = vault_.coin() == address(0);
        _deploymentChain = block.chainid;
        _deploymentDomain = SigningDomain.compute(SigningDomain.READING, address(meters_));
    }

    /// @notice Publishes a tariff with its canonical text. Any one regulator may. It never changes again.
    /// @return number Of the tariff, from 1.
    function publishTariff(Tariff calldata tariff, bytes calldata document)
        external
        onlyRegulator
        returns (uint32 number)
    {
        Tariffs.check(tariff);
        if (keccak256(document) != tariff.document) revert WrongDocument(keccak256(document), tariff.document);
        uint256 grace = council.rule(RuleBook.GRACE_DAYS) * 1 days;
        if (tariff.graceSeconds < grace) revert GraceTooShort(tariff.graceSeconds, grace);
        number = ++_tariffCount;
        bytes32 hash = keccak256(abi.encode(tariff));
        _tariffs[number] = Published(hash, tariff.payee, uint64(block.timestamp));
        emit TariffPublished(number, hash, tariff, document);
    }

    /// @notice Gives premises another tariff from the first period that begins at `from` or later, which may not be past.
    /// Only the operator.
    function assignTariff(bytes32 premises, uint32 tariff, uint64 from) external {
        Account storage account = _open(premises);
        _checkOperator(account.microgrid);
        if (tariff == 0 || tariff > _tariffCount) revert UnknownTariff(tariff);
        if (from < block.timestamp) revert AssignmentTooLate(from, block.timestamp);
        _assignments[premises] = Assignment(tariff, from);
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
    /// later, any other one only to one at the same instant. Only the operator.
    function correct(BillInput calldata input, Boundary calldata latest) external {
        Account memory account = _accounts[input.premises];
        _checkBoundary(input.premises, latest);
        if (account.flags & Flags.OPEN == 0) revert UnknownPremises(input.premises);
        _checkOperator(account.microgrid);
        bytes32 opening = keccak256(abi.encode(input.opening));
        if (opening != latest.previous || latest.begun != latest.instant) revert NotLatestBill(input.premises);
        if (input.last != (account.flags & Flags.ENDED != 0)) revert AccountHasEnded(input.premises);
        Registers memory closing = _read(input.closing, account.microgrid, input.premises);
        if (closing.instant != latest.instant && (!latest.estimated || closing.instant < latest.instant)) {
            revert ClosingBeforeOpening(closing.instant, latest.instant);
        }
        (Usage memory usage, Charges memory charges, uint8 flags) = _compute(input, closing);
        Bill memory bill = _bills[input.premises][account.bills];
        int256 difference = charges.total - bill.amount;
        bill.amount = SafeCast.toInt96(charges.total);
        bill.version += 1;
        bill.flags = flags | bill.flags & Flags.DISPUTED;
        bill.deadline = flags & Flags.ESTIMATED != 0 ? 0 : _deadline(input.tariff);
        uint256 credit = 0;
        if (difference >= 0) {
            bill.outstanding += SafeCast.toUint96(_afterCredit(account.debt, uint256(difference)));
        } else {
            uint256 less = uint256(-difference);
            uint256 taken = Math.min(less, bill.outstanding);
            bill.outstanding -= uint96(taken);
            credit = less - taken;
        }
        account.debt = SafeCast.toInt96(account.debt + difference);
        account.oldest = uint24(Math.min(account.oldest, account.bills));
        _bills[input.premises][account.bills] = bill;
        _settle(input.premises, account, credit);
        account.tariff = _close(input, account, closing, usage, charges, bill);
        _accounts[input.premises] = account;
        _announce(input.premises, account);
    }

    /// @notice Ends the counting of one meter and begins that of another one, or of the same one whose registers were
    /// reset, in the middle of a period. What flowed between the two readings is not billed. Only the operator.
    function exchangeMeter(
        bytes32 premises,
        Boundary calldata opening,
        ProvenReading calldata old,
        ProvenReading calldata new_
    ) external {
        Account storage account = _open(premises);
        _checkOperator(account.microgrid);
        bytes32 committed = _checkBoundary(premises, opening);
        Registers memory closing = _read(old, account.microgrid, premises);
        Registers memory next = _read(new_, account.microgrid, premises);
        if (closing.estimated || next.estimated) revert OpeningIsEstimated(premises);
        if (closing.meter != opening.meter) revert OtherMeter(closing.meter, opening.meter);
        if (next.instant <= closing.instant) revert ClosingBeforeOpening(next.instant, closing.instant);
        Boundary memory boundary = opening;
        (boundary.importBefore, boundary.exportBefore, boundary.bandsBefore) = _count(opening, closing);
        boundary.previous = committed;
        _setRegisters(boundary, next);
        _boundaries[premises] = keccak256(abi.encode(boundary));
        emit MeterExchanged(premises, closing, boundary);
    }

    /// @notice Takes over debts from before their accounts, as bill 1; all or none. Any one regulator may.
    function bookArrears(ArrearsInput[] calldata inputs) external onlyRegulator {
        if (inputs.length > MAXIMUM_BATCH) revert BatchTooLarge(inputs.length, MAXIMUM_BATCH);
        uint40 deadline = uint40(block.timestamp + council.rule(RuleBook.GRACE_DAYS) * 1 days);
        for (uint256 i = 0; i < inputs.length; ++i) {
            ArrearsInput calldata input = inputs[i];
            Account memory account = _open(input.premises);
            if (account.bills != 0) revert BillsExist(input.premises, account.bills);
            Bill memory bill = _newBill(account, int256(uint256(input.amount)), deadline, Flags.ARREARS);
            _bills[input.premises][account.bills] = bill;
            _settle(input.premises, account, 0);
            _accounts[input.premises] = account;
            emit ArrearsBooked(input.premises, account.bills, input.amount, input.referenceId);
        }
    }

    /// @notice Pays for premises in Ether; anyone may, in part or more than is owed. The oldest bills are paid first,
    /// disputed ones last; what is left is a credit to later bills.
    function pay(bytes32 premises, uint256 amount) external payable {
        if (!_isEther) revert CoinIsNotEther();
        if (msg.value != amount) revert WrongValue(msg.value, amount);
        address payee = _receive(premises, amount);
        vault.depositFor{value: amount}(payee, amount);
    }

    /// @notice Pays for premises from the sender's free balance in the vault; as `pay` in all else.
    function payFromBalance(bytes32 premises, uint256 amount) external {
        address payee = _receive(premises, amount);
        vault.lock(msg.sender, premises, amount);
        vault.pay(msg.sender, premises, payee, amount);
    }

    /// @notice Sets part of the sender's free balance aside for bills of premises: a standing order, or the money that a
    /// prepaid household lives on.
    function fund(bytes32 premises, uint256 amount) external {
        _known(premises);
        vault.lock(msg.sender, premises, amount);
        _renewPermit(premises);
    }

    /// @notice Takes back what is set aside and not used.
    function unfund(bytes32 premises, uint256 amount) external {
        vault.release(msg.sender, premises, amount);
        _renewPermit(premises);
    }

    /// @notice Pays what is owed from what the account has set aside for the premises; anyone may ask for it.
    function collect(bytes32 premises, address payer) external {
        if (_collect(premises, payer) == 0) revert NothingToPay(premises);
    }

    /// @notice Pays a credit out to the holder of the premises, or to whoever held them, from the payee's balance. Only the
    /// payee of the tariff.
    function refund(bytes32 premises, address to, uint96 amount, bytes32 referenceId) external {
        Account storage account = _known(premises);
        address payee = _tariffs[account.tariff].payee;
        if (msg.sender != payee) revert NotPayee(msg.sender, payee);
        if (account.debt > -SafeCast.toInt96(int256(uint256(amount)))) revert CreditTooSmall(account.debt, amount);
        account.debt += int96(amount);
        vault.lock(payee, premises, amount);
        vault.pay(payee, premises, to, amount);
        emit Refunded(premises, to, amount, referenceId);
    }

    /// @notice Objects to a bill: until it is answered, it does not end the permit. Only the holder of the premises.
    function dispute(bytes32 premises, uint256 number) external {
        if (members.holderOf(premises) != msg.sender) revert NotHolder(premises, msg.sender);
        Account memory account = _known(premises);
        Bill storage bill = _bill(premises, account, number);
        if (bill.flags & Flags.DISPUTED != 0) revert AlreadyDisputed(premises, number);
        bill.flags |= Flags.DISPUTED;
        _settle(premises, account, 0);
        _accounts[premises] = account;
        emit BillDisputed(premises, number, msg.sender);
    }

    /// @notice Answers an objection, with a credit of up to the bill's amount or without; the bill can end the permit again
    /// after the community's days of grace. Only the operator.
    function answerDispute(bytes32 premises, uint256 number, uint96 credit, bytes32 referenceId) external {
        Account memory account = _known(premises);
        _checkOperator(account.microgrid);
        Bill storage bill = _bill(premises, account, number);
        if (bill.flags & Flags.DISPUTED == 0) revert NotDisputed(premises, number);
        if (int256(uint256(credit)) > bill.amount) revert CreditAboveAmount(credit, bill.amount);
        uint96 taken = uint96(Math.min(credit, bill.outstanding));
        bill.flags &= ~Flags.DISPUTED;
        bill.outstanding -= taken;
        bill.amount -= int96(credit);
        if (bill.deadline != 0) {
            uint256 grace = block.timestamp + council.rule(RuleBook.GRACE_DAYS) * 1 days;
            bill.deadline = uint40(Math.max(bill.deadline, grace));
        }
        account.debt -= int96(credit);
        account.oldest = uint24(Math.min(account.oldest, number));
        _settle(premises, account, credit - taken);
        _accounts[premises] = account;
        emit DisputeAnswered(premises, number, credit, referenceId);
        _announce(premises, account);
    }

    /// @notice Marks premises that are never tripped for debt, or no longer; the debt stands. Any one regulator may.
    function setProtected(bytes32 premises, bool isProtected) external onlyRegulator {
        _setFlag(premises, Flags.PROTECTED, isProtected);
        emit ProtectionChanged(premises, isProtected);
    }

    /// @notice Lets premises pay beforehand from what their holder sets aside, or no longer. Only the operator.
    function setPrepaid(bytes32 premises, bool isPrepaid, Boundary calldata latest) external {
        Account storage account = _setFlag(premises, Flags.PREPAID, isPrepaid);
        _checkOperator(account.microgrid);
        _checkBoundary(premises, latest);
        _prepaid[premises] = Prepaid(uint40(latest.instant), uint40(block.timestamp + 1 days), 0);
        emit PrepaidChanged(premises, isPrepaid);
    }

    /// @notice Records that premises are tripped for safety (16) or theft (32), or no longer; paying lifts neither. Only
    /// the operator.
    function setTrip(bytes32 premises, uint8 flag, bool active, bytes32 referenceId) external {
        if (flag != Flags.SAFETY_TRIP && flag != Flags.THEFT_TRIP) revert InvalidTrip(flag);
        Account storage account = _setFlag(premises, flag, active);
        _checkOperator(account.microgrid);
        emit TripChanged(premises, flag, active, referenceId);
    }

    /// @notice Until an instant in unix seconds nobody in the microgrid, or (0) in any, is tripped for debt; 0 ends it. Any
    /// one regulator may.
    function declareEmergency(uint32 microgrid, uint64 until) external onlyRegulator {
        _emergencies[microgrid] = until;
        emit EmergencyDeclared(microgrid, until);
    }

    /// @notice Counts energy that was delivered between neighbours, so that it is not billed again. Only the contracts of
    /// the market.
    function recordTraded(bytes32 premises, uint64 bought, uint64 sold) external {
        if (
            msg.sender != council.holderOf("Board") && msg.sender != council.holderOf("Auction")
                && msg.sender != council.holderOf("Channels")
        ) revert NotMarket(msg.sender);
        Traded storage traded = _traded[premises];
        traded.bought += bought;
        traded.sold += sold;
        emit EnergyTraded(premises, traded.bought, traded.sold);
    }

    /// @notice What a use would cost: the arithmetic of every bill, for anyone to try.
    function charge(Tariff calldata tariff, Usage calldata usage) external pure returns (Charges memory) {
        return Tariffs.charge(tariff, usage);
    }

    /// @notice The account of premises; all zero when they have none.
    function accountOf(bytes32 premises) external view returns (Account memory) {
        return _accounts[premises];
    }

    /// @notice A bill; all zero when there is none of that number.
    function billOf(bytes32 premises, uint256 number) external view returns (Bill memory) {
        return _bills[premises][number];
    }

    /// @notice Hash of where the account's next period begins: keccak-256 of abi.encode of the `Boundary`.
    function boundaryOf(bytes32 premises) external view returns (bytes32) {
        return _boundaries[premises];
    }

    /// @notice Hash (keccak-256 of abi.encode), payee and instant of publication of a tariff.
    function tariffOf(uint32 number) external view returns (Published memory) {
        return _tariffs[number];
    }

    /// @notice Number of tariffs.
    function tariffCount() external view returns (uint32) {
        return _tariffCount;
    }

    /// @notice The tariff that takes over with the first period that begins at `from` or later; 0 when none does.
    function assignmentOf(bytes32 premises) external view returns (Assignment memory) {
        return _assignments[premises];
    }

    /// @notice How far prepaid money lasts.
    function prepaidOf(bytes32 premises) external view returns (Prepaid memory) {
        return _prepaid[premises];
    }

    /// @notice Energy bought from and sold to neighbours, as running totals.
    function tradedOf(bytes32 premises) external view returns (Traded memory) {
        return _traded[premises];
    }

    /// @notice Until when nobody in exactly this microgrid, or (0) in any, is tripped for debt.
    function emergencyUntil(uint32 microgrid) external view returns (uint64) {
        return _emergencies[microgrid];
    }

    /// @notice Whether the premises may draw electricity at an instant in unix seconds, as far as money goes.
    function permitted(bytes32 premises, uint64 instant) public view returns (bool) {
        Account storage account = _known(premises);
        if (account.flags & Flags.PROTECTED != 0) return true;
        if (instant < _emergencies[0] || instant < _emergencies[account.microgrid]) return true;
        if (account.flags & Flags.PREPAID != 0) return instant < _prepaid[premises].until;
        return account.deadline == 0 || instant < account.deadline;
    }

    function _openAccount(OpeningInput calldata input) private {
        Account storage account = _accounts[input.premises];
        if (account.flags != 0) revert AccountAlreadyOpen(input.premises);
        _checkOperator(input.microgrid);
        Registers memory registers = _read(input.opening, input.microgrid, input.premises);
        if (registers.estimated) revert OpeningIsEstimated(input.premises);
        if (input.tariff == 0 || input.tariff > _tariffCount) revert UnknownTariff(input.tariff);
        uint64 publishedAt = _tariffs[input.tariff].at;
        if (registers.instant < publishedAt) revert TariffTooYoung(input.tariff, registers.instant, publishedAt);
        Boundary memory boundary;
        boundary.begun = registers.instant;
        boundary.tariff = input.tariff;
        // What was traded before the account began is not taken off its bills.
        Traded storage traded = _traded[input.premises];
        (boundary.bought, boundary.sold) = (traded.bought, traded.sold);
        _setRegisters(boundary, registers);
        account.flags = Flags.OPEN;
        account.microgrid = input.microgrid;
        account.tariff = input.tariff;
        account.oldest = 1;
        _boundaries[input.premises] = keccak256(abi.encode(boundary));
        emit AccountOpened(input.premises, boundary, input.microgrid);
    }

    function _issue(BillInput calldata input) private {
        Account memory account = _open(input.premises);
        _checkOperator(account.microgrid);
        _checkBoundary(input.premises, input.opening);
        Registers memory closing = _read(input.closing, account.microgrid, input.premises);
        (Usage memory usage, Charges memory charges, uint8 flags) = _compute(input, closing);
        uint40 deadline = flags & Flags.ESTIMATED != 0 ? 0 : _deadline(input.tariff);
        Bill memory bill = _newBill(account, charges.total, deadline, flags);
        _bills[input.premises][account.bills] = bill;
        if (charges.total < 0) _settle(input.premises, account, uint256(-charges.total));
        else if (account.deadline == 0 && bill.outstanding != 0) account.deadline = deadline;
        if (input.last) account.flags |= Flags.ENDED;
        account.tariff = _close(input, account, closing, usage, charges, bill);
        _accounts[input.premises] = account;
        if (input.last) emit AccountEnded(input.premises, account.debt);
        if (account.flags & Flags.PREPAID != 0) _renewPrepaid(input, usage, closing.instant);
    }

    /// Commits where the next period begins, and tells everything.
    /// @return next The tariff of the next period.
    function _close(
        BillInput calldata input,
        Account memory account,
        Registers memory closing,
        Usage memory usage,
        Charges memory charges,
        Bill memory bill
    ) private returns (uint32 next) {
        Boundary memory boundary;
        next = input.opening.tariff;
        Assignment storage assigned = _assignments[input.premises];
        if (assigned.tariff != 0 && assigned.from <= closing.instant) next = assigned.tariff;
        boundary.previous = keccak256(abi.encode(input.opening));
        boundary.begun = closing.instant;
        boundary.carried = charges.carriedOut;
        boundary.bought = input.opening.bought + usage.bought;
        boundary.sold = input.opening.sold + usage.sold;
        boundary.usual =
            closing.estimated ? input.opening.usual : uint64(uint256(usage.imported) * 1 days / usage.span);
        boundary.tariff = next;
        _setRegisters(boundary, closing);
        _boundaries[input.premises] = keccak256(abi.encode(boundary));
        emit BillIssued(
            input.premises, account.bills, bill.version, bill.flags, bill.deadline, usage, charges, boundary
        );
    }

    function _newBill(Account memory account, int256 total, uint40 deadline, uint8 flags)
        private
        pure
        returns (Bill memory bill)
    {
        ++account.bills;
        bill.amount = SafeCast.toInt96(total);
        bill.version = 1;
        bill.flags = flags;
        bill.deadline = deadline;
        if (total > 0) bill.outstanding = uint96(_afterCredit(account.debt, uint256(total)));
        account.debt = SafeCast.toInt96(account.debt + total);
    }

    /// Takes a payment in and gives it to the oldest bills.
    function _receive(bytes32 premises, uint256 amount) private returns (address payee) {
        if (amount == 0) revert NothingToPay(premises);
        Account memory account = _known(premises);
        account.debt = SafeCast.toInt96(account.debt - SafeCast.toInt256(amount));
        _settle(premises, account, amount);
        _accounts[premises] = account;
        emit Paid(premises, msg.sender, amount, account.debt);
        _announce(premises, account);
        return _tariffs[account.tariff].payee;
    }

    function _collect(bytes32 premises, address payer) private returns (uint256 amount) {
        Account memory account = _known(premises);
        if (account.debt <= 0) return 0;
        amount = Math.min(vault.lockedFor(address(this), payer, premises), uint256(int256(account.debt)));
        if (amount == 0) return 0;
        account.debt -= int96(uint96(amount));
        _settle(premises, account, amount);
        _accounts[premises] = account;
        emit Paid(premises, payer, amount, account.debt);
        _announce(premises, account);
        vault.pay(payer, premises, _tariffs[account.tariff].payee, amount);
    }

    /// Gives an amount to the open bills, oldest first and disputed ones last, and finds the deadline anew.
    function _settle(bytes32 premises, Account memory account, uint256 amount) private {
        uint256 steps = 0;
        bool disputed = false;
        uint40 deadline = 0;
        uint256 oldest = 0;
        for (uint256 number = account.oldest; number <= account.bills; ++number) {
            Bill storage bill = _bills[premises][number];
            uint256 outstanding = bill.outstanding;
            if (outstanding == 0) continue;
            if (++steps > MAXIMUM_STEPS) {
                // With a deadline found and nothing left to give, what lies behind does not matter.
                if (amount != 0 || disputed) revert TooManyOpenBills(MAXIMUM_STEPS);
                break;
            }
            uint8 flags = bill.flags;
            if (flags & Flags.DISPUTED != 0) {
                disputed = true;
            } else if (amount != 0) {
                uint256 given = Math.min(amount, outstanding);
                outstanding -= given;
                amount -= given;
                bill.outstanding = uint96(outstanding);
            }
            if (outstanding == 0) continue;
            if (oldest == 0) oldest = number;
            if (flags & Flags.DISPUTED == 0 && bill.deadline != 0) {
                deadline = bill.deadline;
                if (amount == 0) break;
            }
        }
        if (amount != 0 && disputed) {
            for (uint256 number = account.oldest; number <= account.bills && amount != 0; ++number) {
                Bill storage bill = _bills[premises][number];
                uint256 given = Math.min(amount, bill.outstanding);
                if (given == 0) continue;
                amount -= given;
                bill.outstanding -= uint96(given);
            }
        }
        account.oldest = oldest == 0 ? account.bills + 1 : uint24(oldest);
        account.deadline = deadline;
    }

    function _announce(bytes32 premises, Account memory account) private {
        if (account.flags & Flags.PREPAID != 0) _renewPermit(premises);
        else emit PermitIssued(premises, account.deadline == 0 ? type(uint64).max : account.deadline);
    }

    /// After a prepaid bill: pays it, and finds what a day costs at the greatest of yesterday's use, the mean of the last
    /// seven days and the floor.
    function _renewPrepaid(BillInput calldata input, Usage memory usage, uint64 instant) private {
        uint256 day = uint256(usage.imported) * 1 days / usage.span;
        uint256 recent = _recentDays[input.premises] << 32 | Math.min(day, type(uint32).max);
        recent &= type(uint224).max;
        _recentDays[input.premises] = recent;
        uint256 sum = 0;
        for (uint256 i = 0; i < 7; ++i) {
            sum += uint32(recent >> 32 * i);
        }
        uint256 use = Math.max(Math.max(day, sum / 7), council.rule(RuleBook.PREPAID_FLOOR));
        Usage memory daily;
        daily.span = 1 days;
        daily.imported = uint64(use);
        uint256 before = 0;
        uint256 upTo = 0;
        for (uint256 i = 0; i < 4; ++i) {
            upTo += usage.bands[i];
            uint256 scaled = usage.imported == 0 ? (i == 0 ? use : before) : upTo * use / usage.imported;
            daily.bands[i] = uint64(scaled - before);
            before = scaled;
        }
        if (Tariffs.hasBands(input.tariff) && before != use) daily.bands[0] += uint64(use - before);
        Prepaid storage prepaid = _prepaid[input.premises];
        prepaid.billedUntil = uint40(instant);
        int256 cost = Tariffs.charge(input.tariff, daily).total;
        prepaid.dailyCost = cost < 1 ? 1 : SafeCast.toUint128(uint256(cost));
        if (_collect(input.premises, members.holderOf(input.premises)) == 0) _renewPermit(input.premises);
    }

    /// Finds anew how far prepaid money reaches.
    function _renewPermit(bytes32 premises) private {
        Account storage account = _accounts[premises];
        Prepaid storage prepaid = _prepaid[premises];
        uint256 dailyCost = prepaid.dailyCost;
        if (account.flags & Flags.PREPAID == 0 || dailyCost == 0) return;
        uint256 until = prepaid.billedUntil;
        uint256 bucket = vault.lockedFor(address(this), members.holderOf(premises), premises);
        if (account.debt < 0) bucket += uint256(-int256(account.debt));
        if (account.debt <= 0) {
            until = Math.min(until + bucket * 1 days / dailyCost, block.timestamp + PREPAID_REACH);
        }
        prepaid.until = uint40(until);
        emit PermitIssued(premises, uint64(until));
    }

    function _setFlag(bytes32 premises, uint8 flag, bool value) private returns (Account storage account) {
        account = _known(premises);
        if ((account.flags & flag != 0) == value) revert Unchanged(premises);
        account.flags ^= flag;
    }

    function _compute(BillInput calldata input, Registers memory closing)
        private
        view
        returns (Usage memory usage, Charges memory charges, uint8 flags)
    {
        Boundary calldata opening = input.opening;
        if (closing.meter != opening.meter) revert OtherMeter(closing.meter, opening.meter);
        _checkTariff(input, closing.instant);
        (usage.imported, usage.exported, usage.bands) = _count(opening, closing);
        usage.span = closing.instant - opening.begun;
        usage.carried = opening.carried;
        usage.last = input.last;
        Traded storage traded = _traded[input.premises];
        usage.bought = uint64(Math.min(traded.bought - opening.bought, usage.imported));
        usage.sold = uint64(Math.min(traded.sold - opening.sold, usage.exported));
        if (closing.estimated) {
            flags |= Flags.ESTIMATED;
            _checkEstimate(input.premises, opening.usual, usage);
        }
        if (Tariffs.hasBands(input.tariff)) {
            uint256 sum = uint256(usage.bands[0]) + usage.bands[1] + usage.bands[2] + usage.bands[3];
            if (sum != usage.imported) {
                flags |= Flags.BANDED_BY_NODE;
                usage.bands = input.bands;
            }
        } else {
            if (input.bands[0] | input.bands[1] | input.bands[2] | input.bands[3] != 0) revert BandsNotNeeded();
            delete usage.bands;
        }
        charges = Tariffs.charge(input.tariff, usage);
    }

    function _checkTariff(BillInput calldata input, uint64 closing) private view {
        uint32 number = input.opening.tariff;
        bytes32 hash = keccak256(abi.encode(input.tariff));
        bytes32 needed = _tariffs[number].hash;
        if (hash != needed) revert WrongTariff(number, hash, needed);
        uint64 begun = input.opening.begun;
        if (begun < input.tariff.validFrom) revert TariffTooYoung(number, begun, input.tariff.validFrom);
        uint64 end = input.tariff.validUntil;
        if (end != 0 && closing > end) revert TariffEnded(number, closing, end);
    }

    function _checkEstimate(bytes32 premises, uint64 usual, Usage memory usage) private view {
        if (usual == 0) revert NothingUsual(premises);
        uint256 maximum = council.rule(RuleBook.ESTIMATE_MULTIPLE) * usual * usage.span / 1 days;
        if (usage.imported > maximum) revert EstimateTooHigh(usage.imported, maximum);
    }

    function _read(ProvenReading calldata proof, uint32 microgrid, bytes32 premises)
        private
        view
        returns (Registers memory)
    {
        return ProvenReadings.open(proof, anchors, meters, _domain(), microgrid, premises);
    }

    function _open(bytes32 premises) private view returns (Account storage account) {
        account = _known(premises);
        if (account.flags & Flags.ENDED != 0) revert AccountHasEnded(premises);
    }

    function _known(bytes32 premises) private view returns (Account storage account) {
        account = _accounts[premises];
        if (account.flags & Flags.OPEN == 0) revert UnknownPremises(premises);
    }

    function _bill(bytes32 premises, Account memory account, uint256 number) private view returns (Bill storage) {
        if (number == 0 || number > account.bills) revert UnknownBill(premises, number);
        return _bills[premises][number];
    }

    function _checkBoundary(bytes32 premises, Boundary calldata boundary) private view returns (bytes32 hash) {
        hash = keccak256(abi.encode(boundary));
        bytes32 needed = _boundaries[premises];
        if (hash != needed) revert WrongOpening(premises, hash, needed);
    }

    function _checkOperator(uint32 microgrid) private view {
        if (!council.holds(Office.Operator, microgrid, msg.sender)) revert NotOperator(microgrid, msg.sender);
    }

    function _domain() private view returns (bytes32) {
        // A chain that splits gives one half another number; readings of the other half are then worth nothing here.
        if (block.chainid == _deploymentChain) return _deploymentDomain;
        return SigningDomain.compute(SigningDomain.READING, address(meters));
    }

    function _deadline(Tariff calldata tariff) private view returns (uint40) {
        return uint40(block.timestamp + tariff.dueSeconds + tariff.graceSeconds);
    }

    /// The energy of a period up to a closing, with what exchanged meters counted before.
    function _count(Boundary calldata opening, Registers memory closing)
        private
        pure
        returns (uint64 imported, uint64 exported, uint64[4] memory bands)
    {
        if (closing.instant <= opening.instant) revert ClosingBeforeOpening(closing.instant, opening.instant);
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

    /// What remains of an amount when a credit is set against it.
    function _afterCredit(int96 debt, uint256 amount) private pure returns (uint256) {
        uint256 credit = debt < 0 ? uint256(-int256(debt)) : 0;
        return amount - Math.min(credit, amount);
    }
}
