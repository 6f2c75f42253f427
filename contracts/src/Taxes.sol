// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Council, ITaxes} from "./Council.sol";
import {RuleBook} from "./RuleBook.sol";
import {Vault} from "./Vault.sol";

/// @title Taxes of the market: half the owner's, half of the regulators in office when they were earned, by default.
/// @dev The money stands in the Vault, on this contract's account, from where each claims their own. What came in since
/// the last sharing out was earned under the present owner and regulators, because Council shares out before it changes
/// them: so a payment of tax costs nothing but itself.
contract Taxes is ITaxes {
    uint256 private constant BASIS = 10_000;

    Council public immutable council;
    Vault public immutable vault;

    uint256 private _sharedOut;
    /// The owner's share that what comes in is earned under.
    uint16 private _ownerShare;
    mapping(address account => uint256) private _claimable;

    event TaxesSharedOut(uint256 amount, address indexed owner, uint256 ownersPart, uint256 eachRegulators);
    event TaxesClaimed(address indexed account, uint256 amount);

    error NothingToClaim(address account);

    constructor(Council council_, Vault vault_) {
        council = council_;
        vault = vault_;
        _ownerShare = uint16(council_.rule(RuleBook.TAX_OWNER_SHARE));
    }

    /// @inheritdoc ITaxes
    /// @dev Anyone may. Remaining wei, and everything while no regulator is in office, are the owner's.
    function shareOut() external {
        _shareOut();
    }

    /// @notice Pays the caller what is theirs, from the Vault; also whoever has left office.
    function claim() external {
        _shareOut();
        uint256 amount = _claimable[msg.sender];
        if (amount == 0) revert NothingToClaim(msg.sender);
        _claimable[msg.sender] = 0;
        _sharedOut -= amount;
        emit TaxesClaimed(msg.sender, amount);
        vault.withdrawTo(payable(msg.sender), amount);
    }

    /// @notice What the account has to claim of what was shared out.
    function claimableOf(address account) external view returns (uint256) {
        return _claimable[account];
    }

    /// @notice What came in since the last sharing out.
    function pending() public view returns (uint256) {
        return vault.freeOf(address(this)) - _sharedOut;
    }

    function _shareOut() private {
        uint256 amount = pending();
        if (amount != 0) {
            address[] memory regulators = council.regulators();
            uint256 each = regulators.length == 0 ? 0 : amount * (BASIS - _ownerShare) / BASIS / regulators.length;
            address owner = council.owner();
            uint256 owners = amount - each * regulators.length;
            _sharedOut += amount;
            _claimable[owner] += owners;
            for (uint256 i = 0; i < regulators.length; ++i) {
                _claimable[regulators[i]] += each;
            }
            emit TaxesSharedOut(amount, owner, owners, each);
        }
        _ownerShare = uint16(council.rule(RuleBook.TAX_OWNER_SHARE));
    }
}
