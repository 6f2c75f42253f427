// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Office} from "../../src/Office.sol";
import {Vault} from "../../src/Vault.sol";
import {Deployment} from "./Deployment.sol";

/// @title A contract that may hold an office of the directory; tests speak in its name.
contract Bystander {}

/// @title A vault in a deployment, with what it takes to make modules and treasurers.
abstract contract VaultDeployment is Deployment {
    bytes32 internal constant PAYMENTS = "Payments";
    bytes32 internal constant BOARD = "Board";
    bytes32 internal constant PURPOSE = keccak256("a purpose");
    bytes32 internal constant OTHER_PURPOSE = keccak256("another purpose");
    bytes32 internal constant RECEIPT = keccak256("receipt 1");
    address internal constant TREASURER = address(0x77EA5);

    Vault internal vault;

    /// The time here: a run of calls may not share the block's.
    uint256 internal time = BEGINNING;

    function deployVault(address coin, string memory communityCoin) internal {
        deploy(3);
        vault = new Vault(council, coin, communityCoin, "UNIT");
        appointTreasurer(TREASURER);
    }

    function appointTreasurer(address account) internal {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(regulators[i]);
            council.appoint(Office.Treasurer, 0, account, type(uint64).max);
        }
    }

    /// Votes a contract into the directory, and nothing more.
    function enter(bytes32 office, address module) internal {
        vm.prank(regulators[0]);
        carry(council.proposeEntry(office, module));
    }

    /// Votes a contract into the directory and admits it.
    function install(bytes32 office, address module) internal {
        enter(office, module);
        vault.admitModule(office);
    }

    function voteSeal(uint256 value) internal {
        vm.prank(regulators[0]);
        carry(council.proposeRule("vaultSealed", 0, value));
    }

    function carry(uint256 proposal) private {
        vm.prank(regulators[1]);
        council.vote(proposal, true);
        time += 7 days;
        vm.warp(time);
        council.execute(proposal);
    }
}
