// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Admission, Members, Role} from "../src/Members.sol";
import {Deployment} from "./support/Deployment.sol";

contract MembersTest is Deployment {
    bytes32 private constant HOME = keccak256("a random premises id");

    function setUp() external {
        deploy(2);
    }

    function test_Admit_AnyOneRegulatorButNotTheOwner() external {
        vm.prank(regulators[1]);
        members.admit(ALICE, Role.Producer);
        assertTrue(members.maySell(ALICE) && !members.mayBuy(ALICE), "a producer sells");
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Members.NotRegulator.selector, OWNER));
        members.admit(BOB, Role.Consumer);
    }

    function test_Admit_OwnerAndRegulatorsRefused() external {
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Members.OfficeHolderCannotParticipate.selector, OWNER));
        members.admit(OWNER, Role.Consumer);
        vm.expectRevert(abi.encodeWithSelector(Members.OfficeHolderCannotParticipate.selector, regulators[1]));
        members.admit(regulators[1], Role.Consumer);
    }

    function test_Admit_OneRoleOnly() external {
        admit(ALICE, Role.Consumer);
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Members.AlreadyParticipant.selector, ALICE, Role.Consumer));
        members.admit(ALICE, Role.Producer);
        members.changeRole(ALICE, Role.Prosumer);
        assertTrue(members.maySell(ALICE) && members.mayBuy(ALICE), "a prosumer does both");
        vm.expectRevert(Members.InvalidRole.selector);
        members.changeRole(ALICE, Role.None);
    }

    function test_Remove_PremisesStay() external {
        admitWithPremises(ALICE, HOME);
        vm.prank(regulators[1]);
        members.remove(ALICE);
        assertTrue(!members.isParticipant(ALICE), "removed");
        assertEq(members.holderOf(HOME), ALICE);
        assertEq(members.participantCount(), 0);
        vm.prank(regulators[1]);
        vm.expectRevert(abi.encodeWithSelector(Members.NotParticipant.selector, ALICE));
        members.remove(ALICE);
    }

    function test_Premises_OneHolderAtATime() external {
        admitWithPremises(ALICE, HOME);
        admit(BOB, Role.Consumer);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Members.PremisesTaken.selector, HOME, ALICE));
        members.registerPremises(HOME);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Members.NotHolder.selector, HOME, BOB, ALICE));
        members.releasePremises(HOME);
        vm.prank(ALICE);
        members.releasePremises(HOME);
        vm.prank(BOB);
        members.registerPremises(HOME);
        assertEq(members.holderOf(HOME), BOB);
    }

    function test_Premises_OnlyParticipants() external {
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Members.NotParticipant.selector, ANYONE));
        members.registerPremises(HOME);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Members.NotParticipant.selector, ANYONE));
        members.registerPremisesFor(HOME, ANYONE);
    }

    function test_AdmitMany_AllOrNoneAndBounded() external {
        Admission[] memory admissions = new Admission[](2);
        admissions[0] = Admission(ALICE, Role.Consumer, HOME);
        admissions[1] = Admission(OWNER, Role.Consumer, 0);
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Members.OfficeHolderCannotParticipate.selector, OWNER));
        members.admitMany(admissions);
        assertTrue(!members.isParticipant(ALICE), "none");
        vm.expectRevert(abi.encodeWithSelector(Members.BatchTooLarge.selector, 129, 128));
        members.admitMany(new Admission[](129));
    }
}
