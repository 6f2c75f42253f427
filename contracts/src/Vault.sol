// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {CommunityCoin} from "./CommunityCoin.sol";
import {Council} from "./Council.sol";
import {Office} from "./Office.sol";
import {RuleBook} from "./RuleBook.sol";

/// @title All money, and nothing else holds any.
/// @dev Amounts are wei of one coin: Ether, the community's own coin, or another ERC-20. Of an ERC-20 what arrived is
/// counted, so a token that keeps a fee does no harm; a token whose balances change by themselves ("rebasing") must not
/// be chosen. A balance is free, and its account's alone to withdraw, or locked to one module for one purpose, and that
/// module's alone to release or pay out. Ether that was forced in belongs to nobody.
///
/// What remains to trust: a module in office may lock whatever is free and then pay it to anyone, so a module's code is
/// as good as everyone's money. Modules come only by the council's vote and its delay, through which everyone can
/// withdraw; `seal` ends their coming for good. Nothing but the account's own balance is asked for a withdrawal.
contract Vault is ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// What went through the cash desk, in one slot.
    struct Desk {
        uint128 issued;
        uint128 redeemed;
    }

    /// Bit of `_offices` that stays with whoever was a module once.
    uint256 private constant ADMITTED = 1 << 255;

    Council public immutable council;
    /// @notice The coin of every balance: zero for Ether, else an ERC-20.
    address public immutable coin;
    /// @notice Whether the coin is a `CommunityCoin` that this contract makes and destroys.
    bool public immutable makesCoin;

    bool private _closed;
    Desk private _desk;
    /// What accounts may withdraw. What they have locked is in the buckets alone: their sum would cost a slot a payment.
    mapping(address account => uint256) private _free;
    mapping(address module => mapping(address account => mapping(bytes32 purpose => uint256))) private _buckets;
    /// One bit for each office that a module holds here, and `ADMITTED`.
    mapping(address module => uint256) private _offices;
    mapping(bytes32 office => address) private _modules;
    mapping(address account => uint256) private _redeemable;
    mapping(bytes32 referenceId => bool) private _used;

    /// @notice So much arrived from an account for an account.
    event Deposited(address indexed account, address indexed from, uint256 amount);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);
    event Locked(address indexed module, address indexed account, bytes32 indexed purpose, uint256 amount);
    event Released(address indexed module, address indexed account, bytes32 indexed purpose, uint256 amount);
    event Paid(address indexed module, address indexed account, bytes32 indexed purpose, address to, uint256 amount);
    /// @notice The module may lock from now on; the replaced one, zero when there was none, only pays out and releases.
    event ModuleAdmitted(bytes32 indexed office, address indexed module, address replaced);
    event Sealed();
    event Issued(address indexed account, bytes32 indexed referenceId, address indexed treasurer, uint256 amount);
    event RedemptionAllowed(address indexed account, uint256 amount);
    event Redeemed(address indexed account, bytes32 indexed referenceId, address indexed treasurer, uint256 amount);

    error CoinIsNotAContract(address coin);
    error TwoCoins(address coin);
    error CoinIsEther();
    error CoinTookMore(uint256 taken, uint256 agreed);
    error WrongValue(uint256 sent, uint256 needed);
    error PaymentRefused(address to, uint256 amount);
    error InvalidAccount(address account);
    error ZeroAmount();
    error FreeTooLittle(address account, uint256 free, uint256 needed);
    error LockedTooLittle(address module, address account, bytes32 purpose, uint256 locked, uint256 needed);
    error MayNotLock(address account);
    error NotAMoneyOffice(bytes32 office);
    error OfficeVacant(bytes32 office);
    error ModuleUnchanged(bytes32 office, address module);
    error VaultIsSealed();
    error SealNotVoted(uint256 value, uint256 needed);
    error NotTreasurer(address account);
    error ReferenceMissing();
    error ReferenceUsed(bytes32 referenceId);
    error RedemptionNotAllowed(address account, uint256 allowed, uint256 needed);

    modifier onlyTreasurer() {
        if (!council.holds(Office.Treasurer, 0, msg.sender)) revert NotTreasurer(msg.sender);
        _;
    }

    /// @param coin_ Zero for Ether or for a coin to be made, else an ERC-20 that already is.
    /// @param communityName Name of a coin to be made for the community; empty for none.
    /// @param communitySymbol Its symbol; empty for none.
    constructor(Council council_, address coin_, string memory communityName, string memory communitySymbol) {
        council = council_;
        bool makes = bytes(communityName).length != 0;
        if (makes && coin_ != address(0)) revert TwoCoins(coin_);
        if (makes) coin_ = address(new CommunityCoin(communityName, communitySymbol));
        if (coin_ != address(0) && coin_.code.length == 0) revert CoinIsNotAContract(coin_);
        coin = coin_;
        makesCoin = makes;
    }

    /// @notice Pays into the caller's free balance. Ether: the value sent must be the amount.
    function deposit(uint256 amount) external payable {
        _deposit(msg.sender, amount);
    }

    /// @notice Pays into an account's free balance; anyone may, for anyone. Ether: the value sent must be the amount.
    /// An ERC-20 is taken from the caller, who must have approved it; what arrives is credited.
    function depositFor(address account, uint256 amount) external payable {
        _deposit(account, amount);
    }

    /// @notice Pays an ERC-20 into an account's free balance with the caller's signed approval (EIP-2612) of exactly
    /// this amount.
    function depositWithPermit(address account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        if (coin == address(0)) revert CoinIsEther();
        // Whoever saw the signature may have brought it first: then the approval stands, and that is enough.
        try IERC20Permit(coin).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(account, amount);
    }

    /// @notice Takes from the caller's free balance. Asks nothing of council or modules.
    function withdraw(uint256 amount) external {
        _withdraw(msg.sender, amount);
    }

    /// @notice Takes from the caller's free balance and sends it to an address of their choice.
    function withdrawTo(address payable to, uint256 amount) external {
        _withdraw(to, amount);
    }

    /// @notice Makes the directory's holder of a money office (Payments, Board, Demands, Auction, Channels, Sharing) a
    /// module in place of the one that had the office here; anyone may. The replaced one keeps what is locked to it.
    function admitModule(bytes32 office) external {
        if (_closed) revert VaultIsSealed();
        uint256 bit = _bitOf(office);
        if (bit == 0) revert NotAMoneyOffice(office);
        address module = council.holderOf(office);
        if (module == address(0)) revert OfficeVacant(office);
        address replaced = _modules[office];
        if (module == replaced) revert ModuleUnchanged(office, module);
        _modules[office] = module;
        // By office: a contract that holds two offices and loses one may still lock.
        if (replaced != address(0)) _offices[replaced] &= ~bit;
        _offices[module] |= bit | ADMITTED;
        emit ModuleAdmitted(office, module, replaced);
    }

    /// @notice Ends the admission of modules for good, once the council's rule "vaultSealed" is 1; anyone may.
    function seal() external {
        if (_closed) revert VaultIsSealed();
        uint256 value = council.rule(RuleBook.VAULT_SEALED);
        if (value != 1) revert SealNotVoted(value, 1);
        _closed = true;
        emit Sealed();
    }

    /// @notice Locks free balance of an account to the calling module for a purpose. Only a module in office may.
    /// @return locked What the account then has locked to the caller for the purpose.
    function lock(address account, bytes32 purpose, uint256 amount) external returns (uint256 locked) {
        if (_offices[msg.sender] & ~ADMITTED == 0) revert MayNotLock(msg.sender);
        mapping(bytes32 => uint256) storage buckets = _buckets[msg.sender][account];
        locked = buckets[purpose] + amount;
        if (amount == 0) return locked;
        _debit(account, amount);
        buckets[purpose] = locked;
        emit Locked(msg.sender, account, purpose, amount);
    }

    /// @notice Frees what an account has locked to the caller for a purpose. Also a replaced module may.
    function release(address account, bytes32 purpose, uint256 amount) external {
        if (amount == 0) return;
        _takeFromBucket(account, purpose, amount);
        _free[account] += amount;
        emit Released(msg.sender, account, purpose, amount);
    }

    /// @notice Pays what an account has locked to the caller for a purpose into the free balance of another, or the
    /// same, account. Also a replaced module may.
    function pay(address account, bytes32 purpose, address to, uint256 amount) external {
        if (amount == 0) return;
        _takeFromBucket(account, purpose, amount);
        _payOut(account, purpose, to, amount);
    }

    /// @notice As two calls of `pay`, out of the same locked money.
    function payTwo(address account, bytes32 purpose, address to, uint256 amount, address other, uint256 rest)
        external
    {
        if (amount + rest == 0) return;
        _takeFromBucket(account, purpose, amount + rest);
        _payOut(account, purpose, to, amount);
        _payOut(account, purpose, other, rest);
    }

    /// @notice Books money that a treasurer received for an account and credits it. Only a treasurer of all microgrids
    /// may. The community's coin is made; Ether or another ERC-20 is brought by the treasurer (value, approval).
    /// @param referenceId Names the entry of the cash book; one that was used, to issue or to redeem, is refused.
    function issue(address account, uint256 amount, bytes32 referenceId) external payable onlyTreasurer {
        _credit(account, _issue(account, amount, referenceId));
    }

    /// @notice As `issue`, but the money is set aside at once: locked to the module of an office for a purpose, such as the
    /// bills of premises. The account takes back what is not used as it does with what it set aside itself.
    function issueFor(address account, bytes32 office, bytes32 purpose, uint256 amount, bytes32 referenceId)
        external
        payable
        onlyTreasurer
    {
        address module = _modules[office];
        if (module == address(0)) revert OfficeVacant(office);
        _checkAccount(account);
        amount = _issue(account, amount, referenceId);
        _buckets[module][account][purpose] += amount;
        emit Locked(module, account, purpose, amount);
    }

    /// @notice Allows treasurers to redeem up to an amount of the caller's free balance in all, in place of what was
    /// allowed before; 0 allows none.
    function allowRedemption(uint256 amount) external {
        _redeemable[msg.sender] = amount;
        emit RedemptionAllowed(msg.sender, amount);
    }

    /// @notice Books money that a treasurer paid out to an account, which allowed it (`allowRedemption`), and takes it
    /// from the free balance. Only a treasurer of all microgrids may. The community's coin is destroyed; Ether or
    /// another ERC-20 goes to the treasurer.
    /// @param referenceId Names the entry of the cash book; one that was used, to issue or to redeem, is refused.
    function redeem(address account, uint256 amount, bytes32 referenceId) external onlyTreasurer {
        if (amount == 0) revert ZeroAmount();
        _useReference(referenceId);
        uint256 allowed = _redeemable[account];
        if (amount > allowed) revert RedemptionNotAllowed(account, allowed, amount);
        _debit(account, amount);
        _redeemable[account] = allowed - amount;
        _desk.redeemed = (_desk.redeemed + amount).toUint128();
        emit Redeemed(account, referenceId, msg.sender, amount);
        if (makesCoin) CommunityCoin(coin).burn(amount);
        else _send(msg.sender, amount);
    }

    /// @notice What the account may withdraw.
    function freeOf(address account) external view returns (uint256) {
        return _free[account];
    }

    /// @notice What the account has locked to one module for one purpose.
    function lockedFor(address module, address account, bytes32 purpose) external view returns (uint256) {
        return _buckets[module][account][purpose];
    }

    /// @notice Whether the account is a module, or was one: what is locked to it is its to release and to pay.
    function isModule(address account) external view returns (bool) {
        return _offices[account] != 0;
    }

    /// @notice Whether the account is a module in office.
    function mayLock(address account) external view returns (bool) {
        return _offices[account] & ~ADMITTED != 0;
    }

    /// @notice The module in office here; zero when none was admitted. The directory may be ahead: see `admitModule`.
    function moduleOf(bytes32 office) external view returns (address) {
        return _modules[office];
    }

    /// @notice Whether no module is ever admitted again.
    function isSealed() external view returns (bool) {
        return _closed;
    }

    /// @notice What treasurers may redeem of the account's free balance.
    function redeemableOf(address account) external view returns (uint256) {
        return _redeemable[account];
    }

    /// @notice Whether the cash book's reference was used, to issue or to redeem.
    function isReferenceUsed(bytes32 referenceId) external view returns (bool) {
        return _used[referenceId];
    }

    /// @notice All that was ever issued at the cash desk.
    function issuedTotal() external view returns (uint256) {
        return _desk.issued;
    }

    /// @notice All that was ever redeemed at the cash desk.
    function redeemedTotal() external view returns (uint256) {
        return _desk.redeemed;
    }

    /// @notice What this contract holds of the coin: never less than all balances together.
    function held() external view returns (uint256) {
        return coin == address(0) ? address(this).balance : IERC20(coin).balanceOf(address(this));
    }

    function _deposit(address account, uint256 amount) private {
        uint256 arrived = _take(amount);
        if (arrived == 0) revert ZeroAmount();
        _credit(account, arrived);
        emit Deposited(account, msg.sender, arrived);
    }

    /// Books money received; the caller credits it.
    function _issue(address account, uint256 amount, bytes32 referenceId) private returns (uint256 arrived) {
        _useReference(referenceId);
        if (makesCoin) {
            _checkValue(0);
            CommunityCoin(coin).mint(amount);
            arrived = amount;
        } else {
            arrived = _take(amount);
        }
        if (arrived == 0) revert ZeroAmount();
        _desk.issued = (_desk.issued + arrived).toUint128();
        emit Issued(account, referenceId, msg.sender, arrived);
    }

    function _withdraw(address to, uint256 amount) private {
        _checkAccount(to);
        if (amount == 0) return;
        _debit(msg.sender, amount);
        emit Withdrawn(msg.sender, to, amount);
        _send(to, amount);
    }

    /// The amount from the caller: as value sent along, or out of their approval.
    function _take(uint256 amount) private returns (uint256 arrived) {
        if (coin == address(0)) {
            _checkValue(amount);
            return amount;
        }
        _checkValue(0);
        return _pull(amount);
    }

    /// The balance before and after is compared: nothing else may move coin in between.
    function _pull(uint256 amount) private nonReentrant returns (uint256 arrived) {
        IERC20 token = IERC20(coin);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        return token.balanceOf(address(this)) - before;
    }

    /// Ether goes out after everything is written, so a receiver that calls again finds nothing to take twice.
    function _send(address to, uint256 amount) private {
        if (coin != address(0)) {
            _push(to, amount);
        } else if (!LowLevelCall.callNoReturn(to, amount, "")) {
            revert PaymentRefused(to, amount);
        }
    }

    /// A token that took its fee on top of the amount would take it from other people's balances.
    function _push(address to, uint256 amount) private nonReentrant {
        IERC20 token = IERC20(coin);
        uint256 before = token.balanceOf(address(this));
        token.safeTransfer(to, amount);
        uint256 left = token.balanceOf(address(this));
        if (left + amount < before) revert CoinTookMore(before - left, amount);
    }

    function _payOut(address account, bytes32 purpose, address to, uint256 amount) private {
        if (amount == 0) return;
        _credit(to, amount);
        emit Paid(msg.sender, account, purpose, to, amount);
    }

    function _credit(address account, uint256 amount) private {
        _checkAccount(account);
        _free[account] += amount;
    }

    function _debit(address account, uint256 amount) private {
        uint256 free = _free[account];
        if (amount > free) revert FreeTooLittle(account, free, amount);
        _free[account] = free - amount;
    }

    /// Only a module can have locked something, so only a module passes.
    function _takeFromBucket(address account, bytes32 purpose, uint256 amount) private {
        uint256 locked = _buckets[msg.sender][account][purpose];
        if (amount > locked) revert LockedTooLittle(msg.sender, account, purpose, locked, amount);
        _buckets[msg.sender][account][purpose] = locked - amount;
    }

    function _useReference(bytes32 referenceId) private {
        if (referenceId == 0) revert ReferenceMissing();
        if (_used[referenceId]) revert ReferenceUsed(referenceId);
        _used[referenceId] = true;
    }

    function _checkValue(uint256 needed) private view {
        if (msg.value != needed) revert WrongValue(msg.value, needed);
    }

    /// Coin sent to nobody, or to this contract, would be lost.
    function _checkAccount(address account) private view {
        if (account == address(0) || account == address(this)) revert InvalidAccount(account);
    }

    function _bitOf(bytes32 office) private pure returns (uint256) {
        if (office == "Payments") return 1;
        if (office == "Board") return 2;
        if (office == "Auction") return 4;
        if (office == "Channels") return 8;
        if (office == "Sharing") return 16;
        if (office == "Demands") return 32;
        return 0;
    }
}
