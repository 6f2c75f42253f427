// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Somebody else's coin, well made, with EIP-2612.
contract ForeignCoin is ERC20Permit {
    constructor() ERC20("Foreign", "FRN") ERC20Permit("Foreign") {}

    function give(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @title What a coin with hooks calls on contracts that send or receive it, as ERC-777 does.
interface ICoinHooks {
    function coinLeaves() external;
    function coinArrived() external;
}

/// @title A coin that keeps a fee out of every transfer and calls both ends while it moves.
contract FeeAndHookCoin is ERC20 {
    /// Basis points.
    uint256 public fee;
    mapping(address account => bool) public hooked;

    constructor(uint256 fee_) ERC20("Fee and hook", "FEE") {
        fee = fee_;
    }

    function give(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function hook() external {
        hooked[msg.sender] = true;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        if (hooked[from]) ICoinHooks(from).coinLeaves();
        uint256 kept = amount * fee / 10_000;
        super._update(from, address(0), kept);
        super._update(from, to, amount - kept);
        if (hooked[to]) ICoinHooks(to).coinArrived();
    }
}

/// @title A coin whose fee is on top of the amount, out of the sender's pocket.
contract SurchargeCoin is ERC20 {
    constructor() ERC20("Surcharge", "SUR") {}

    function give(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(from, address(0), amount / 100);
    }
}

/// @title Old coins, which do not answer as the standard says.
contract OldCoin {
    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(address spender => uint256)) public allowance;

    /// A refusal is told by false instead of by reverting.
    bool public immutable quiet;

    constructor(bool quiet_) {
        quiet = quiet_;
    }

    function give(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
        answer(true);
    }

    function transfer(address to, uint256 amount) external {
        answer(move(msg.sender, to, amount));
    }

    function transferFrom(address from, address to, uint256 amount) external {
        bool allowed = allowance[from][msg.sender] >= amount;
        if (allowed) allowance[from][msg.sender] -= amount;
        answer(allowed && move(from, to, amount));
    }

    function move(address from, address to, uint256 amount) private returns (bool) {
        if (balanceOf[from] < amount) return false;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }

    /// Ends the call: with a word when quiet, with nothing or a revert otherwise.
    function answer(bool done) private view {
        bool speaks = quiet;
        assembly {
            if speaks {
                mstore(0, done)
                return(0, 32)
            }
            if iszero(done) { revert(0, 0) }
            return(0, 0)
        }
    }
}
