// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Council, RuleChoice} from "../src/Council.sol";
import {Role} from "../src/Members.sol";
import {Anchors} from "../src/Anchors.sol";
import {Office} from "../src/Office.sol";
import {Deployment} from "./support/Deployment.sol";

contract CouncilTest is Deployment {
    bytes32 private constant PRICE = "priceCeilingPerKilowattHour";
    address private constant NEWCOMER = address(0x2001);

    function setUp() external {
        deploy(3);
    }

    function test_Construct_RulesHaveTheirFirstValues() external view {
        assertEq(council.rule("delaySeconds"), 7 days);
        assertEq(council.rule("intervalSeconds"), 900);
        assertEq(council.ruleAt("intervalSeconds", 5, 0), 900);
        assertEq(council.regulatorCount(), 3);
    }

    function test_Construct_ChoiceOutOfBoundsRefused() external {
        RuleChoice[] memory choices = new RuleChoice[](1);
        choices[0] = RuleChoice("delaySeconds", 1 minutes);
        vm.expectRevert(
            abi.encodeWithSelector(
                Council.RuleOutOfBounds.selector, bytes32("delaySeconds"), 1 minutes, 1 hours, 30 days
            )
        );
        new Council(OWNER, new address[](0), choices);
    }

    function test_Construct_OwnerAsRegulatorRefused() external {
        address[] memory initial = new address[](1);
        initial[0] = OWNER;
        vm.expectRevert(abi.encodeWithSelector(Council.OwnerCannotBeRegulator.selector, OWNER));
        new Council(OWNER, initial, new RuleChoice[](0));
    }

    function test_Wire_SecondTimeRefused() external {
        vm.expectRevert(Council.AlreadyWired.selector);
        council.wire(new bytes32[](0), new address[](0));
    }

    function test_Wire_OnlyDeployer() external {
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Council.NotDeployer.selector, ANYONE, address(this)));
        council.wire(new bytes32[](0), new address[](0));
    }

    function test_Rule_TakesEffectAfterMajorityAndDelay() external {
        uint256 id = propose(0, 2e18);
        vm.expectRevert(abi.encodeWithSelector(Council.NoMajority.selector, 1, 3));
        council.execute(id);
        castVote(1, id, true);
        vm.warp(BEGINNING + 7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(Council.TooEarly.selector, BEGINNING + 7 days - 1, BEGINNING + 7 days));
        council.execute(id);
        vm.warp(BEGINNING + 7 days);
        vm.prank(ANYONE);
        council.execute(id);
        assertEq(council.rule(PRICE), 2e18);
        assertEq(council.ruleAt(PRICE, 0, uint48(BEGINNING + 7 days - 1)), 1e18);
        vm.expectRevert(abi.encodeWithSelector(Council.ProposalClosed.selector, id));
        council.execute(id);
    }

    function test_Rule_HalfTheVotesAreNoMajority() external {
        schedule(NEWCOMER, true);
        uint256 id = propose(0, 2e18);
        castVote(1, id, true);
        vm.warp(block.timestamp + 8 days);
        vm.expectRevert(abi.encodeWithSelector(Council.NoMajority.selector, 2, 4));
        council.execute(id);
    }

    function test_Rule_DelayRunsAnewWhenTheMajorityWasLost() external {
        uint256 id = propose(0, 2e18);
        castVote(1, id, true);
        vm.warp(BEGINNING + 6 days);
        castVote(1, id, false);
        castVote(2, id, true);
        vm.warp(BEGINNING + 7 days);
        vm.expectRevert(abi.encodeWithSelector(Council.TooEarly.selector, BEGINNING + 7 days, BEGINNING + 13 days));
        council.execute(id);
        vm.warp(BEGINNING + 13 days);
        council.execute(id);
        assertEq(council.rule(PRICE), 2e18);
    }

    function test_Rule_MicrogridKeepsItsOwnValue() external {
        vm.prank(regulators[0]);
        uint256 id = council.proposeRule("graceDays", GRID, 0);
        castVote(1, id, true);
        vm.warp(BEGINNING + 7 days);
        council.execute(id);
        assertEq(council.ruleIn("graceDays", GRID), 0);
        assertEq(council.ruleIn("graceDays", GRID + 1), 14);
        assertEq(council.ruleAt("graceDays", GRID, uint48(BEGINNING)), 14);
    }

    function test_Rule_ShorterDelayDoesNotHurryWhatIsOpen() external {
        vm.prank(regulators[0]);
        uint256 shorter = council.proposeRule("delaySeconds", 0, 1 hours);
        castVote(1, shorter, true);
        vm.warp(BEGINNING + 7 days - 1);
        uint256 id = propose(0, 2e18);
        castVote(1, id, true);
        vm.warp(BEGINNING + 7 days);
        council.execute(shorter);
        vm.warp(BEGINNING + 7 days + 1 hours);
        vm.expectRevert(
            abi.encodeWithSelector(Council.TooEarly.selector, BEGINNING + 7 days + 1 hours, BEGINNING + 14 days - 1)
        );
        council.execute(id);
    }

    function test_Rule_UnknownUnboundedAndMeaninglessRefused() external {
        vm.startPrank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Council.UnknownRule.selector, bytes32("colour")));
        council.proposeRule("colour", 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(Council.RuleOutOfBounds.selector, bytes32("taxOwnerShare"), 10_001, 0, 10_000)
        );
        council.proposeRule("taxOwnerShare", 0, 10_001);
        vm.expectRevert(abi.encodeWithSelector(Council.RuleWithoutMeaning.selector, bytes32("intervalSeconds"), 1000));
        council.proposeRule("intervalSeconds", 0, 1000);
    }

    function test_Propose_OwnerRefused() external {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Council.NotRegulator.selector, OWNER));
        council.proposeRule(PRICE, 0, 2e18);
    }

    function test_Proposal_ExpiresUnexecuted() external {
        uint256 id = propose(0, 2e18);
        castVote(1, id, true);
        vm.warp(BEGINNING + 90 days + 1);
        vm.expectRevert(abi.encodeWithSelector(Council.ProposalExpired.selector, id, BEGINNING + 90 days));
        council.execute(id);
    }

    function test_Membership_RemovedRegulatorsVoteCountsNoMore() external {
        vm.prank(OWNER);
        council.scheduleRegulator(regulators[0], false);
        uint256 id = propose(0, 2e18);
        castVote(1, id, true);
        vm.warp(BEGINNING + 7 days);
        council.applyRegulator(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Council.ProposalVoid.selector, id, 0, 1));
        council.execute(id);
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Council.NotRegulator.selector, regulators[0]));
        council.vote(id, false);
    }

    function test_Membership_WaitsForItsDelayAndCanBeCancelled() external {
        vm.prank(OWNER);
        council.scheduleRegulator(NEWCOMER, true);
        vm.expectRevert(abi.encodeWithSelector(Council.TooEarly.selector, BEGINNING, BEGINNING + 7 days));
        council.applyRegulator(NEWCOMER);
        vm.prank(OWNER);
        council.cancelRegulator(NEWCOMER);
        vm.warp(BEGINNING + 7 days);
        vm.expectRevert(abi.encodeWithSelector(Council.NothingScheduled.selector, NEWCOMER));
        council.applyRegulator(NEWCOMER);
    }

    function test_Membership_ParticipantCannotBecomeRegulator() external {
        vm.prank(OWNER);
        council.scheduleRegulator(ALICE, true);
        admit(ALICE, Role.Consumer);
        vm.warp(BEGINNING + 7 days);
        vm.expectRevert(abi.encodeWithSelector(Council.ParticipantCannotHoldOffice.selector, ALICE));
        council.applyRegulator(ALICE);
    }

    function test_Ownership_ParticipantAndRegulatorRefused() external {
        admit(ALICE, Role.Consumer);
        vm.prank(OWNER);
        council.transferOwnership(ALICE);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Council.ParticipantCannotHoldOffice.selector, ALICE));
        council.acceptOwnership();
        vm.prank(OWNER);
        council.transferOwnership(regulators[1]);
        vm.prank(regulators[1]);
        vm.expectRevert(abi.encodeWithSelector(Council.OwnerCannotBeRegulator.selector, regulators[1]));
        council.acceptOwnership();
        vm.prank(OWNER);
        council.transferOwnership(NEWCOMER);
        assertEq(council.owner(), OWNER);
        vm.prank(NEWCOMER);
        council.acceptOwnership();
        assertEq(council.owner(), NEWCOMER);
        vm.prank(NEWCOMER);
        vm.expectRevert(Council.OwnershipCannotBeRenounced.selector);
        council.renounceOwnership();
    }

    function test_Appoint_TakesEffectWithTheMajorityAndEnds() external {
        uint64 until = uint64(BEGINNING + 1 days);
        vm.prank(regulators[0]);
        council.appoint(Office.Operator, GRID, OPERATOR, until);
        assertTrue(!council.holds(Office.Operator, GRID, OPERATOR), "one of three");
        vm.prank(regulators[0]);
        vm.expectRevert(abi.encodeWithSelector(Council.VoteUnchanged.selector, regulators[0], true));
        council.appoint(Office.Operator, GRID, OPERATOR, until);
        vm.prank(regulators[1]);
        council.appoint(Office.Operator, GRID, OPERATOR, until);
        assertTrue(council.holds(Office.Operator, GRID, OPERATOR), "two of three");
        assertTrue(!council.holds(Office.Operator, GRID + 1, OPERATOR), "one microgrid only");
        assertTrue(!council.holds(Office.Sequencer, GRID, OPERATOR), "one office only");
        vm.warp(until);
        assertTrue(!council.holds(Office.Operator, GRID, OPERATOR), "over");
    }

    function test_Appoint_ForAllAndRevoked() external {
        appointOperator(0, OPERATOR, type(uint64).max);
        assertTrue(council.holds(Office.Operator, 99, OPERATOR), "everywhere");
        appointOperator(0, OPERATOR, 0);
        assertTrue(!council.holds(Office.Operator, 99, OPERATOR), "revoked");
        appointOperator(0, OPERATOR, type(uint64).max);
        assertTrue(council.holds(Office.Operator, 99, OPERATOR), "appointed anew");
    }

    function test_Appoint_VoteOfRemovedRegulatorCountsNoMore() external {
        vm.prank(regulators[0]);
        council.appoint(Office.Operator, 0, OPERATOR, type(uint64).max);
        schedule(regulators[0], false);
        vm.prank(regulators[1]);
        council.appoint(Office.Operator, 0, OPERATOR, type(uint64).max);
        assertTrue(!council.holds(Office.Operator, 0, OPERATOR), "one of two");
    }

    function test_Directory_EntryReplacedByVoteMembersNever() external {
        Anchors other = new Anchors(council, meters);
        vm.prank(regulators[0]);
        uint256 id = council.proposeEntry("Anchors", address(other));
        castVote(1, id, true);
        vm.warp(BEGINNING + 7 days);
        council.execute(id);
        assertEq(council.holderOf("Anchors"), address(other));
        vm.startPrank(regulators[0]);
        vm.expectRevert(
            abi.encodeWithSelector(Council.HolderWasReplaced.selector, bytes32("Anchors"), address(anchors))
        );
        council.proposeEntry("Anchors", address(anchors));
        vm.expectRevert(abi.encodeWithSelector(Council.EntryIsPermanent.selector, bytes32("Members"), address(members)));
        council.proposeEntry("Members", address(other));
        vm.expectRevert(abi.encodeWithSelector(Council.HolderIsNotAContract.selector, bytes32("Meters"), ANYONE));
        council.proposeEntry("Meters", ANYONE);
    }

    function test_NoRegulator_NothingIsAMajority() external {
        for (uint256 i = 0; i < 3; ++i) {
            schedule(regulators[i], false);
        }
        assertEq(council.regulatorCount(), 0);
        assertTrue(!council.isMajority(0), "nobody is no majority");
    }

    function testFuzz_IsMajority_StrictlyMoreThanHalf(uint8 votes) external view {
        assertTrue(council.isMajority(votes) == (uint256(votes) >= 2), "two of three");
    }

    function schedule(address account, bool inOffice) private {
        vm.prank(OWNER);
        council.scheduleRegulator(account, inOffice);
        vm.warp(block.timestamp + 7 days);
        council.applyRegulator(account);
    }

    function propose(uint256 regulator, uint256 price) private returns (uint256) {
        vm.prank(regulators[regulator]);
        return council.proposeRule(PRICE, 0, price);
    }

    function castVote(uint256 regulator, uint256 id, bool support) private {
        vm.prank(regulators[regulator]);
        council.vote(id, support);
    }
}
