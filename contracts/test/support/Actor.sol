// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICoinHooks} from "./Coins.sol";

/// @title What an actor does when coin reaches it, or leaves it.
enum Manner {
    Plain,
    Refuses,
    CallsBack
}

/// @title Whom an actor calls back.
interface IDirector {
    function calledBack() external;
}

/// @title Someone with a purse: does what the director says, and calls back, or refuses, when money comes.
contract Actor is ICoinHooks {
    IDirector private immutable _director;
    Manner public manner;

    error Refused();

    constructor(Manner manner_) {
        _director = IDirector(msg.sender);
        manner = manner_;
    }

    receive() external payable {
        react();
    }

    function coinLeaves() external {
        react();
    }

    function coinArrived() external {
        react();
    }

    function act(address target, uint256 value, bytes calldata data) external returns (bool done, bytes memory answer) {
        require(msg.sender == address(_director), "only the director");
        return target.call{value: value}(data);
    }

    function react() private {
        if (manner == Manner.Refuses) revert Refused();
        if (manner == Manner.CallsBack) _director.calledBack();
    }
}
