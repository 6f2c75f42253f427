// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Taxes} from "../src/Taxes.sol";
import {Market} from "./support/Market.sol";

contract TaxesTest is Market {
    function setUp() external {
        deployMarket();
    }

    function test_ShareOut_HalfTheOwnersHalfTheRegulators() external {
        fund(address(taxes), 1 ether + 5);
        assertEq(taxes.pending(), 1 ether + 5);
        taxes.shareOut();
        // (1 ether + 5) / 2 = 0.5 ether + 2, a third of that, and the rest is the owner's.
        uint256 each = (0.5 ether + 2) / uint256(3);
        assertEq(taxes.claimableOf(regulators[0]), each);
        assertEq(taxes.claimableOf(regulators[2]), each);
        assertEq(taxes.claimableOf(OWNER), 1 ether + 5 - 3 * each);
        assertEq(taxes.pending(), 0);
    }

    function test_Claim_EachTheirOwnOnce() external {
        fund(address(taxes), 6 ether);
        vm.prank(regulators[1]);
        taxes.claim();
        assertEq(regulators[1].balance, 1 ether);
        vm.prank(regulators[1]);
        vm.expectRevert(abi.encodeWithSelector(Taxes.NothingToClaim.selector, regulators[1]));
        taxes.claim();
        vm.prank(OWNER);
        taxes.claim();
        assertEq(OWNER.balance, 3 ether);
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Taxes.NothingToClaim.selector, ANYONE));
        taxes.claim();
        assertEq(vault.freeOf(address(taxes)), 2 ether);
    }

    /// Who was in office when a tax was earned has their part of it, also after they left; who comes later has none.
    function test_ChangeOfOffice_SharesOutBefore() external {
        fund(address(taxes), 6 ether);
        address newcomer = address(0x1004);
        schedule(newcomer, true);
        schedule(regulators[0], false);
        vm.warp(vm.getBlockTimestamp() + 7 days);
        council.applyRegulator(newcomer);
        assertEq(taxes.claimableOf(newcomer), 0);
        assertEq(taxes.claimableOf(regulators[0]), 1 ether);
        fund(address(taxes), 8 ether);
        council.applyRegulator(regulators[0]);
        fund(address(taxes), 6 ether);
        taxes.shareOut();
        assertEq(taxes.claimableOf(regulators[0]), 2 ether);
        assertEq(taxes.claimableOf(newcomer), 2 ether);
        assertEq(taxes.claimableOf(OWNER), 10 ether);
        vm.prank(regulators[0]);
        taxes.claim();
        assertEq(regulators[0].balance, 2 ether);
    }

    function test_NoRegulatorInOffice_AllIsTheOwners() external {
        for (uint256 i = 0; i < 3; ++i) {
            schedule(regulators[i], false);
        }
        vm.warp(vm.getBlockTimestamp() + 7 days);
        for (uint256 i = 0; i < 3; ++i) {
            council.applyRegulator(regulators[i]);
        }
        fund(address(taxes), 3 ether);
        taxes.shareOut();
        assertEq(taxes.claimableOf(OWNER), 3 ether);
    }

    function test_OwnerHandsOver_KeepsWhatWasEarnedBefore() external {
        fund(address(taxes), 6 ether);
        address next = address(0x0108);
        vm.prank(OWNER);
        council.transferOwnership(next);
        vm.prank(next);
        council.acceptOwnership();
        fund(address(taxes), 12 ether);
        taxes.shareOut();
        assertEq(taxes.claimableOf(OWNER), 3 ether);
        assertEq(taxes.claimableOf(next), 6 ether);
    }

    /// What was earned under a rule is shared by it.
    function test_RuleChanged_SharesOutByTheOldOneFirst() external {
        fund(address(taxes), 2 ether);
        vm.prank(regulators[0]);
        uint256 id = council.proposeRule("taxOwnerShare", 0, 10_000);
        vm.prank(regulators[1]);
        council.vote(id, true);
        vm.warp(vm.getBlockTimestamp() + 7 days);
        council.execute(id);
        assertEq(taxes.claimableOf(OWNER), 1 ether + 1);
        fund(address(taxes), 5 ether);
        taxes.shareOut();
        assertEq(taxes.claimableOf(OWNER), 6 ether + 1);
    }

    function schedule(address account, bool inOffice) private {
        vm.prank(OWNER);
        council.scheduleRegulator(account, inOffice);
    }
}
