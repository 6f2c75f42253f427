// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors} from "../src/Anchors.sol";
import {Council} from "../src/Council.sol";
import {Members} from "../src/Members.sol";
import {Meters} from "../src/Meters.sol";
import {Community} from "./support/Community.sol";
import {Check} from "./support/Vm.sol";

/// @title What stays true whatever anybody does.
contract InvariantsTest is Check {
    Community private community;
    Council private council;
    Members private members;
    Meters private meters;
    Anchors private anchors;

    function setUp() external {
        community = new Community();
        (address a, address b, address c, address d) = community.contracts();
        (council, members, meters, anchors) = (Council(a), Members(b), Meters(c), Anchors(d));
    }

    /// Read by forge: only the community is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(community);
    }

    function invariant_IntervalsAreContiguousAndOldVersionsUnchanged() external view {
        assertEq(anchors.anchoredUntil(7), community.anchoredUntil());
        uint64 next = 0;
        for (uint256 i = 0; i < community.versionCount(); ++i) {
            (uint64 start, uint16 version, bytes32 commitment) = community.versions(i);
            assertTrue(commitment != 0, "committed");
            assertEq(anchors.commitmentOf(7, start, version), commitment);
            assertTrue(version <= anchors.latestVersion(7, start), "no version is lost");
            if (version != 1) continue;
            assertTrue(next == 0 || start == next, "no gap, no overlap");
            next = start + 900;
        }
        assertEq(next, anchors.anchoredUntil(7));
    }

    /// A wrong count needs a removal between a majority and its execution: shorter runs were seen not to meet it.
    /// forge-config: default.invariant.runs = 256
    /// forge-config: default.invariant.depth = 128
    function invariant_VotesOfTheRemovedNeverCount() external view {
        assertTrue(!community.minorityExecuted(), "a proposal was executed without a majority");
        assertTrue(!community.minorityConfirmed(), "an advisory was confirmed without a majority");
    }

    function invariant_ParticipantsAndOfficesAreDisjoint() external view {
        address owner = council.owner();
        assertTrue(!members.isParticipant(owner), "the owner participates");
        assertTrue(!council.isRegulator(owner), "the owner regulates");
        address[] memory regulators = council.regulators();
        for (uint256 i = 0; i < regulators.length; ++i) {
            assertTrue(!members.isParticipant(regulators[i]), "a regulator participates");
        }
    }

    function invariant_BarredAreThoseWhoseMetersAreUnderAnAdvisory() external view {
        for (uint256 i = 0; i < 8; ++i) {
            address person = community.people(i);
            assertTrue(meters.barred(person) == community.shouldBeBarred(person), "barred by the rule alone");
        }
    }

    function invariant_TheCountIsTheMetersInService() external view {
        uint256 serving = 0;
        for (uint256 i = 0; i < 6; ++i) {
            if (meters.isLeafAt(community.keys(i), 7, uint64(block.timestamp))) ++serving;
        }
        assertEq(meters.meterCountAt(7, uint64(block.timestamp)), serving);
    }
}
