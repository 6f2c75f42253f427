// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The community's own coin: an ERC-20 with 18 decimals that only its Vault makes and destroys.
/// @dev Vault deploys it. It is made where it is held, so the supply is what the treasurers issued less what they
/// redeemed. Outside the Vault it is an ordinary token, which anyone who withdrew it may pass on.
contract CommunityCoin is ERC20Permit {
    /// @notice The only contract that mints and burns.
    address public immutable vault;

    error NotVault(address account, address vault);

    modifier onlyVault() {
        if (msg.sender != vault) revert NotVault(msg.sender, vault);
        _;
    }

    /// @param name_ Also the name in the EIP-712 domain of permits (EIP-2612), with version "1".
    /// @param symbol_ Shown behind amounts.
    constructor(string memory name_, string memory symbol_) ERC20(name_, symbol_) ERC20Permit(name_) {
        vault = msg.sender;
    }

    /// @notice Makes so many wei of the coin, held by the Vault. Only the Vault may.
    function mint(uint256 amount) external onlyVault {
        _mint(vault, amount);
    }

    /// @notice Destroys so many wei of the coin that the Vault holds. Only the Vault may.
    function burn(uint256 amount) external onlyVault {
        _burn(vault, amount);
    }
}
