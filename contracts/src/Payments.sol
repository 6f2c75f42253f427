// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {Account, Bill, Flags, Prepaid} from "./Account.sol";
import {Council} from "./Council.sol";
import {Members} from "./Members.sol";
import {Office} from "./Office.sol";
import {RuleBook} from "./RuleBook.sol";
import {Vault} from "./Vault.sol";

/// @notice Debt from before the account.
struct ArrearsInput {
    bytes32 premises;
    uint96 amount;
    /// Of the operator's own books.
    bytes32 referenceId;
}

/// @title What premises owe, its payment, and the permit to draw electricity.
/// @dev Debts come from `Billing` alone, and before an account's first bill from a regulator. Money is never kept here: a
/// payment goes to the payee's balance in the vault, and what is set aside stays the payer's there.
contract Payments {
    /// @notice Most arrears in one transaction.
    uint256 public constant MAXIMUM_BATCH = 128;
    /// @notice Most open bills that one payment goes through.
    uint256 public constant MAXIMUM_STEPS = 64;
    /// @notice Furthest that a prepaid permit reaches, in seconds.
    uint64 public constant PREPAID_REACH = 7 days;

    bytes32 private constant BILLING = "Billing";

    Council public immutable council;
    Members public immutable members;
    Vault public immutable vault;

    bool private immutable _isEther;

    /// Kept here, because asking for it would cost 3,500 gas a bill.
    address private _billing;
    mapping(uint32 tariff => address) private _payees;
    mapping(bytes32 premises => Account) private _accounts;
    /// The latest bill; one that is paid by the time of the next leaves nothing behind but its events.
    mapping(bytes32 premises => Bill) private _latest;
    /// Earlier bills that were open when the next one came.
    mapping(bytes32 premises => mapping(uint256 number => Bill)) private _earlier;
    mapping(bytes32 premises => Prepaid) private _prepaid;
    mapping(uint32 microgrid => uint64) private _emergencies;

    event BillingTakenOver(address billing);
    event AccountEnded(bytes32 indexed premises, int256 debt);
    event ArrearsBooked(
        bytes32 indexed premises, uint256 indexed number, uint96 amount, uint40 deadline, bytes32 referenceId
    );
    event Paid(bytes32 indexed premises, address indexed payer, uint256 amount, int256 debt);
    event Refunded(bytes32 indexed premises, address indexed to, uint256 amount, bytes32 referenceId);
    /// `until` is the end of the permit in unix seconds; 2^64 - 1 when nothing is owed.
    event PermitIssued(bytes32 indexed premises, uint64 until);
    event BillDisputed(bytes32 indexed premises, uint256 indexed number, address by);
    event DisputeAnswered(
        bytes32 indexed premises, uint256 indexed number, uint96 credit, uint40 deadline, bytes32 referenceId
    );
    event ProtectionChanged(bytes32 indexed premises, bool isProtected);
    event PrepaidChanged(bytes32 indexed premises, bool isPrepaid);
    event TripChanged(bytes32 indexed premises, uint8 flag, bool active, bytes32 referenceId);
    event EmergencyDeclared(uint32 indexed microgrid, uint64 until);

    error BillingUnchanged(address billing);
    error NotBilling(address account, address needed);
    error NotOperator(uint32 microgrid, address account);
    error NotRegulator(address account);
    error NotHolder(bytes32 premises, address account);
    error NotPayee(address account, address payee);
    error PayeeFixed(uint32 tariff, address payee);
    error BatchTooLarge(uint256 length, uint256 maximum);
    error UnknownPremises(bytes32 premises);
    error AccountAlreadyOpen(bytes32 premises);
    error UnknownBill(bytes32 premises, uint256 number);
    error BillsExist(bytes32 premises, uint256 count);
    error BillSettled(bytes32 premises, uint256 number);
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

    modifier onlyBilling() {
        if (msg.sender != _billing) revert NotBilling(msg.sender, _billing);
        _;
    }

    modifier onlyRegulator() {
        if (!council.isRegulator(msg.sender)) revert NotRegulator(msg.sender);
        _;
    }

    constructor(Council council_, Members members_, Vault vault_) {
        council = council_;
        members = members_;
        vault = vault_;
        _isEther = vault_.coin() == address(0);
    }

    /// @notice Takes over who holds the directory's entry "Billing"; anyone may.
    function takeOverBilling() external {
        address billing = council.holderOf(BILLING);
        if (billing == _billing) revert BillingUnchanged(billing);
        _billing = billing;
        emit BillingTakenOver(billing);
    }

    /// @notice Names the payee of a tariff, once: what is owed under it is never turned to another. Only Billing.
    function setPayee(uint32 tariff, address payee) external onlyBilling {
        address present = _payees[tariff];
        if (present != address(0) && present != payee) revert PayeeFixed(tariff, present);
        _payees[tariff] = payee;
    }

    /// @notice Begins the account of premises. Only Billing.
    function openAccount(bytes32 premises, uint32 microgrid, uint32 tariff) external onlyBilling {
        Account storage account = _accounts[premises];
        if (account.flags != 0) revert AccountAlreadyOpen(premises);
        account.flags = Flags.OPEN;
        account.microgrid = microgrid;
        account.tariff = tariff;
        account.oldest = 1;
        emit PermitIssued(premises, type(uint64).max);
    }

    /// @notice Books a bill. Only Billing.
    /// @param total Negative for a credit.
    /// @param patience Seconds from now until it ends the permit; an estimated bill never does.
    /// @param tariff Of the next period.
    /// @param last Whether the account ends with it.
    /// @return number The bill's, from 1.
    /// @return bill As it is booked.
    /// @return isPrepaid Whether `renewPrepaid` is to follow.
    function book(bytes32 premises, int256 total, uint256 patience, uint8 flags, uint32 tariff, bool last)
        external
        onlyBilling
        returns (uint256 number, Bill memory bill, bool isPrepaid)
    {
        Account memory account = _accounts[premises];
        Bill memory before = _load(premises, account, account.bills);
        if (before.outstanding != 0 || before.flags & Flags.DISPUTED != 0) {
            _earlier[premises][account.bills] = before;
        }
        bill = _newBill(account, total, flags & Flags.ESTIMATED != 0 ? 0 : _after(patience), flags);
        number = account.bills;
        _latest[premises] = bill;
        if (total < 0) {
            _settle(premises, account, SignedMath.abs(total));
            if (account.flags & Flags.PREPAID == 0) _announce(premises, account);
        } else if (account.deadline == 0 && bill.outstanding != 0) {
            account.deadline = bill.deadline;
        }
        account.tariff = tariff;
        if (last) {
            account.flags |= Flags.ENDED;
            emit AccountEnded(premises, account.debt);
        }
        _accounts[premises] = account;
        isPrepaid = account.flags & Flags.PREPAID != 0;
    }

    /// @notice Books another version of the latest bill: the difference is owed or credited. Only Billing.
    function rebook(bytes32 premises, int256 total, uint256 patience, uint8 flags, uint32 tariff)
        external
        onlyBilling
        returns (uint256 number, Bill memory bill)
    {
        Account memory account = _accounts[premises];
        number = account.bills;
        bill = _load(premises, account, number);
        int256 difference = total - bill.amount;
        bill.amount = SafeCast.toInt96(total);
        bill.version += 1;
        bill.flags = flags | bill.flags & Flags.DISPUTED;
        bill.deadline = flags & Flags.ESTIMATED != 0 ? 0 : _after(patience);
        uint256 credit = 0;
        if (difference >= 0) {
            bill.outstanding += SafeCast.toUint96(_afterCredit(account.debt, SignedMath.abs(difference)));
        } else {
            uint256 taken = Math.min(SignedMath.abs(difference), bill.outstanding);
            bill.outstanding -= SafeCast.toUint96(taken);
            credit = SignedMath.abs(difference) - taken;
        }
        account.debt = SafeCast.toInt96(account.debt + difference);
        account.oldest = uint24(Math.min(account.oldest, number));
        account.tariff = tariff;
        _latest[premises] = bill;
        _settle(premises, account, credit);
        _accounts[premises] = account;
        _announce(premises, account);
    }

    /// @notice Pays a prepaid bill from what the holder set aside, and finds how far the rest lasts. Only Billing.
    /// @param billedUntil Until where the use is billed, in unix seconds.
    /// @param dailyCost Wei a day at the use that counts.
    function renewPrepaid(bytes32 premises, uint64 billedUntil, uint256 dailyCost) external onlyBilling {
        Prepaid storage prepaid = _prepaid[premises];
        prepaid.billedUntil = SafeCast.toUint40(billedUntil);
        prepaid.dailyCost = SafeCast.toUint128(dailyCost);
        if (_collect(premises, members.holderOf(premises)) == 0) _renewPermit(premises);
    }

    /// @notice Takes over debts from before their accounts, as bill 1; all or none. Any one regulator may.
    function bookArrears(ArrearsInput[] calldata inputs) external onlyRegulator {
        if (inputs.length > MAXIMUM_BATCH) revert BatchTooLarge(inputs.length, MAXIMUM_BATCH);
        uint40 deadline = _after(council.rule(RuleBook.GRACE_DAYS) * 1 days);
        for (uint256 i = 0; i < inputs.length; ++i) {
            ArrearsInput calldata input = inputs[i];
            Account memory account = _known(input.premises);
            if (account.bills != 0) revert BillsExist(input.premises, account.bills);
            Bill memory bill = _newBill(account, int256(uint256(input.amount)), deadline, Flags.ARREARS);
            _latest[input.premises] = bill;
            _settle(input.premises, account, 0);
            _accounts[input.premises] = account;
            emit ArrearsBooked(input.premises, account.bills, input.amount, deadline, input.referenceId);
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

    /// @notice Pays what is owed from what the account has set aside for the premises; anyone may ask for it. Who pays
    /// beforehand and owes nothing gets the permit that what is set aside reaches for.
    function collect(bytes32 premises, address payer) external {
        if (_collect(premises, payer) != 0) return;
        if (_known(premises).flags & Flags.PREPAID == 0) revert NothingToPay(premises);
        _renewPermit(premises);
    }

    /// @notice Pays a credit out to the holder of the premises, or when the account has ended to whoever held them, from the
    /// payee's balance. Only the payee of the tariff.
    function refund(bytes32 premises, address to, uint96 amount, bytes32 referenceId) external {
        Account storage account = _known(premises);
        address payee = _payees[account.tariff];
        if (msg.sender != payee) revert NotPayee(msg.sender, payee);
        if (account.flags & Flags.ENDED == 0 && to != members.holderOf(premises)) revert NotHolder(premises, to);
        if (account.debt > -_signed(amount)) revert CreditTooSmall(account.debt, amount);
        account.debt += _signed(amount);
        vault.lock(payee, premises, amount);
        vault.pay(payee, premises, to, amount);
        emit Refunded(premises, to, amount, referenceId);
        _renewPermit(premises);
    }

    /// @notice Objects to a bill that is open, or the latest: until it is answered, it does not end the permit. Once a
    /// version of a bill; only the holder of the premises.
    function dispute(bytes32 premises, uint256 number) external {
        if (members.holderOf(premises) != msg.sender) revert NotHolder(premises, msg.sender);
        Account memory account = _known(premises);
        Bill storage bill = _bill(premises, account, number);
        if (bill.version == 0) revert BillSettled(premises, number);
        if (bill.flags & (Flags.DISPUTED | Flags.ANSWERED) != 0) revert AlreadyDisputed(premises, number);
        bill.flags |= Flags.DISPUTED;
        _settle(premises, account, 0);
        _accounts[premises] = account;
        emit BillDisputed(premises, number, msg.sender);
        _announce(premises, account);
    }

    /// @notice Answers an objection, with a credit of up to the bill's amount or without; the bill can end the permit again
    /// after the community's days of grace. Only the operator.
    function answerDispute(bytes32 premises, uint256 number, uint96 credit, bytes32 referenceId) external {
        Account memory account = _known(premises);
        _checkOperator(account.microgrid);
        _bill(premises, account, number);
        Bill memory bill = _load(premises, account, number);
        if (bill.flags & Flags.DISPUTED == 0) revert NotDisputed(premises, number);
        if (credit != 0 && int256(uint256(credit)) > bill.amount) revert CreditAboveAmount(credit, bill.amount);
        uint96 taken = SafeCast.toUint96(Math.min(credit, bill.outstanding));
        bill.flags = bill.flags & ~Flags.DISPUTED | Flags.ANSWERED;
        bill.outstanding -= taken;
        bill.amount -= _signed(credit);
        if (bill.deadline != 0) {
            uint40 earliest = _after(council.rule(RuleBook.GRACE_DAYS) * 1 days);
            if (bill.deadline < earliest) bill.deadline = earliest;
        }
        _store(premises, account, number, bill);
        account.debt -= _signed(credit);
        _settle(premises, account, credit - taken);
        _accounts[premises] = account;
        emit DisputeAnswered(premises, number, credit, bill.deadline, referenceId);
        _announce(premises, account);
    }

    /// @notice Marks premises that are never tripped for debt, or no longer; the debt stands. Any one regulator may.
    function setProtected(bytes32 premises, bool isProtected) external onlyRegulator {
        _setFlag(premises, Flags.PROTECTED, isProtected);
        emit ProtectionChanged(premises, isProtected);
    }

    /// @notice Lets premises pay beforehand from what their holder sets aside, or no longer. Only the operator.
    /// The permit of the first day is given.
    function setPrepaid(bytes32 premises, bool isPrepaid) external {
        Account storage account = _setFlag(premises, Flags.PREPAID, isPrepaid);
        _checkOperator(account.microgrid);
        _prepaid[premises] = Prepaid(uint40(block.timestamp), _after(1 days), 0);
        emit PrepaidChanged(premises, isPrepaid);
        emit PermitIssued(premises, isPrepaid ? _prepaid[premises].until : _endOf(account.deadline));
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

    /// @notice The account of premises; all zero when they have none.
    function accountOf(bytes32 premises) external view returns (Account memory) {
        return _accounts[premises];
    }

    /// @notice A bill; all zero when there is none of that number, or it was paid before the next one came.
    function billOf(bytes32 premises, uint256 number) external view returns (Bill memory) {
        return _load(premises, _accounts[premises], number);
    }

    /// @notice How far prepaid money lasts.
    function prepaidOf(bytes32 premises) external view returns (Prepaid memory) {
        return _prepaid[premises];
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

    /// @notice The payee of a tariff; zero when there is no such tariff.
    function payeeOf(uint32 tariff) external view returns (address) {
        return _payees[tariff];
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
        if (total > 0) bill.outstanding = SafeCast.toUint96(_afterCredit(account.debt, SignedMath.abs(total)));
        account.debt = SafeCast.toInt96(account.debt + total);
    }

    /// Takes a payment in and gives it to the oldest bills.
    function _receive(bytes32 premises, uint256 amount) private returns (address payee) {
        if (amount == 0) revert NothingToPay(premises);
        Account memory account = _known(premises);
        account.debt -= _signed(amount);
        _settle(premises, account, amount);
        _accounts[premises] = account;
        emit Paid(premises, msg.sender, amount, account.debt);
        _announce(premises, account);
        return _payees[account.tariff];
    }

    function _collect(bytes32 premises, address payer) private returns (uint256 amount) {
        Account memory account = _known(premises);
        if (account.debt <= 0) return 0;
        amount = Math.min(vault.lockedFor(address(this), payer, premises), SignedMath.abs(account.debt));
        if (amount == 0) return 0;
        account.debt -= _signed(amount);
        _settle(premises, account, amount);
        _accounts[premises] = account;
        emit Paid(premises, payer, amount, account.debt);
        vault.pay(payer, premises, _payees[account.tariff], amount);
        // After the payment: what it took no longer reaches anywhere.
        _announce(premises, account);
    }

    /// Gives an amount, which the debt is already less, to the open bills, oldest first and disputed ones last, and finds
    /// the deadline anew.
    function _settle(bytes32 premises, Account memory account, uint256 amount) private {
        if (account.debt <= 0) {
            // Everything is paid: to say so is enough, and spares writing each bill.
            account.oldest = account.bills + 1;
            account.deadline = 0;
            return;
        }
        uint256 steps = 0;
        bool disputed = false;
        uint40 deadline = 0;
        uint256 oldest = 0;
        for (uint256 number = account.oldest; number <= account.bills; ++number) {
            Bill storage bill = _place(premises, account, number);
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
                bill.outstanding = SafeCast.toUint96(outstanding);
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
                Bill storage bill = _place(premises, account, number);
                uint256 given = Math.min(amount, bill.outstanding);
                if (given == 0) continue;
                amount -= given;
                bill.outstanding -= SafeCast.toUint96(given);
            }
        }
        account.oldest = oldest == 0 ? account.bills + 1 : SafeCast.toUint24(oldest);
        account.deadline = deadline;
    }

    function _announce(bytes32 premises, Account memory account) private {
        if (account.flags & Flags.PREPAID != 0) _renewPermit(premises);
        else emit PermitIssued(premises, _endOf(account.deadline));
    }

    /// Finds anew how far prepaid money reaches.
    function _renewPermit(bytes32 premises) private {
        Account storage account = _accounts[premises];
        Prepaid storage prepaid = _prepaid[premises];
        uint256 dailyCost = prepaid.dailyCost;
        if (account.flags & Flags.PREPAID == 0 || dailyCost == 0) return;
        uint256 until = prepaid.billedUntil;
        // What is owed comes out of the bucket with the next bill, or when anyone asks for it.
        int256 left =
            SafeCast.toInt256(vault.lockedFor(address(this), members.holderOf(premises), premises)) - account.debt;
        if (left > 0) {
            until = Math.min(until + SignedMath.abs(left) * 1 days / dailyCost, block.timestamp + PREPAID_REACH);
        }
        prepaid.until = SafeCast.toUint40(until);
        emit PermitIssued(premises, prepaid.until);
    }

    function _setFlag(bytes32 premises, uint8 flag, bool value) private returns (Account storage account) {
        account = _known(premises);
        if ((account.flags & flag != 0) == value) revert Unchanged(premises);
        account.flags ^= flag;
    }

    function _known(bytes32 premises) private view returns (Account storage account) {
        account = _accounts[premises];
        if (account.flags & Flags.OPEN == 0) revert UnknownPremises(premises);
    }

    function _bill(bytes32 premises, Account memory account, uint256 number) private view returns (Bill storage) {
        if (number == 0 || number > account.bills) revert UnknownBill(premises, number);
        return _place(premises, account, number);
    }

    function _place(bytes32 premises, Account memory account, uint256 number) private view returns (Bill storage) {
        return number == account.bills ? _latest[premises] : _earlier[premises][number];
    }

    function _store(bytes32 premises, Account memory account, uint256 number, Bill memory bill) private {
        if (number == account.bills) _latest[premises] = bill;
        else _earlier[premises][number] = bill;
    }

    /// A bill in memory; one before the oldest that is open is paid, whatever lies there.
    function _load(bytes32 premises, Account memory account, uint256 number) private view returns (Bill memory bill) {
        bill = _place(premises, account, number);
        if (number < account.oldest) bill.outstanding = 0;
    }

    /// What remains of an amount when a credit is set against it.
    function _afterCredit(int96 debt, uint256 amount) private pure returns (uint256) {
        uint256 credit = debt < 0 ? SignedMath.abs(debt) : 0;
        return amount - Math.min(credit, amount);
    }

    function _checkOperator(uint32 microgrid) private view {
        if (!council.holds(Office.Operator, microgrid, msg.sender)) revert NotOperator(microgrid, msg.sender);
    }

    function _endOf(uint40 deadline) private pure returns (uint64) {
        return deadline == 0 ? type(uint64).max : deadline;
    }

    function _after(uint256 patience) private view returns (uint40) {
        return SafeCast.toUint40(block.timestamp + patience);
    }

    function _signed(uint256 amount) private pure returns (int96) {
        return SafeCast.toInt96(SafeCast.toInt256(amount));
    }
}
