// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorInput} from "../../src/Anchors.sol";
import {Role} from "../../src/Members.sol";
import {MeterInput, MeterRecord} from "../../src/Meters.sol";
import {Deployment} from "./Deployment.sol";

/// @title A community in which anybody does anything at any time; the fuzzer says what.
/// @dev What is refused is refused inside, so that a run goes on. What happened is kept apart from the contracts, in
/// the plainest form, for the invariants to compare.
contract Community is Deployment {
    struct Version {
        uint64 start;
        uint16 version;
        bytes32 commitment;
    }

    bytes32 private constant PRICE = "priceCeilingPerKilowattHour";

    address[8] public people;
    address[6] public keys;
    bytes32[3] public firmwares = [FIRMWARE, NEWER, keccak256("firmware 2.0")];

    Version[] public versions;
    uint64 public anchoredUntil;
    bool public minorityExecuted;
    bool public minorityConfirmed;

    /// How often each person left office: a vote is worth something only in the term it was given in.
    mapping(address person => uint256) private terms;
    mapping(uint256 proposal => mapping(address person => uint256)) private voteTerms;
    mapping(uint256 advisory => mapping(address person => uint256)) private confirmTerms;
    uint256 private time;
    address private scheduled;

    constructor() {
        deploy(3);
        time = BEGINNING;
        for (uint160 i = 0; i < 8; ++i) {
            people[i] = i < 3 ? regulators[i] : address(0x1001 + i);
        }
        for (uint256 i = 0; i < 6; ++i) {
            keys[i] = vm.addr(0xE000 + i);
        }
        appointOperator(0, OPERATOR, type(uint64).max);
    }

    function pass(uint256 span) external {
        time += bound(span, 1, 12 hours);
        vm.warp(time);
    }

    function schedule(uint256 who, bool inOffice) external clocked {
        vm.prank(council.owner());
        try council.scheduleRegulator(person(who), inOffice) {
            scheduled = person(who);
        } catch {}
    }

    function applyChange() external clocked {
        time += 7 days;
        vm.warp(time);
        bool before = council.isRegulator(scheduled);
        try council.applyRegulator(scheduled) {
            if (before) ++terms[scheduled];
        } catch {}
    }

    function handOver(uint256 who) external clocked {
        vm.prank(council.owner());
        council.transferOwnership(person(who));
        vm.prank(person(who));
        try council.acceptOwnership() {} catch {}
    }

    function propose(uint256 by, uint256 price) external clocked {
        if (council.regulatorCount() == 0) return;
        address regulator = council.regulators()[by % council.regulatorCount()];
        vm.prank(regulator);
        uint256 id = council.proposeRule(PRICE, 0, bound(price, 1, 1e27));
        voteTerms[id][regulator] = terms[regulator] + 1;
    }

    /// Everybody whose bit is set votes at once: majorities must be frequent to find one that should not count.
    function vote(uint8 who, uint256 which, bool support) external clocked {
        uint256 id = recent(which);
        for (uint256 i = 0; i < people.length; ++i) {
            if (who & (1 << i) == 0) continue;
            vm.prank(people[i]);
            try council.vote(id, support) {
                voteTerms[id][people[i]] = support ? terms[people[i]] + 1 : 0;
            } catch {}
        }
    }

    function execute(uint256 which) external clocked {
        time += 7 days;
        vm.warp(time);
        uint256 id = recent(which);
        try council.execute(id) {
            if (!isMajority(voteTerms[id])) minorityExecuted = true;
        } catch {}
    }

    function admitPerson(uint256 by, uint256 who, uint256 role) external clocked {
        vm.prank(person(by));
        try members.admit(person(who), Role(bound(role, 1, 3))) {} catch {}
    }

    function removePerson(uint256 by, uint256 who) external clocked {
        vm.prank(person(by));
        try members.remove(person(who)) {} catch {}
    }

    function registerMeter(uint256 by, uint256 key, uint256 who, uint256 firmware) external clocked {
        address participant = bound(who, 0, 3) == 0 ? address(0) : person(who);
        vm.prank(person(by));
        MeterInput memory input = premisesMeter(keys[key % 6], GRID, participant);
        input.firmware = firmwares[firmware % 3];
        try meters.register(input) {} catch {}
    }

    function retireMeter(uint256 by, uint256 key) external clocked {
        vm.prank(person(by));
        try meters.retire(keys[key % 6]) {} catch {}
    }

    function warn(uint256 firmware) external clocked {
        for (uint256 i = 0; i < people.length; ++i) {
            vm.prank(people[i]);
            try meters.publishAdvisory(firmwares[firmware % 3]) {} catch {}
        }
    }

    function confirm(uint256 by, uint256 which) external clocked {
        uint256 id = bound(which, 1, meters.advisoryCount() + 1);
        uint64 before = meters.advisory(id).standsUntil;
        vm.prank(person(by));
        try meters.confirmAdvisory(id) {
            confirmTerms[id][person(by)] = terms[person(by)] + 1;
            if (before == meters.advisory(id).standsUntil) return;
            if (!isMajority(confirmTerms[id])) minorityConfirmed = true;
        } catch {}
    }

    function clearMeter(uint256 by, uint256 which, uint256 key, uint256 firmware) external clocked {
        uint256 id = bound(which, 1, meters.advisoryCount() + 1);
        vm.prank(person(by));
        try meters.approveFirmware(firmwares[firmware % 3]) {} catch {}
        bytes32 digest = meters.reportDigest(id, keys[key % 6], firmwares[firmware % 3]);
        try meters.clear(id, keys[key % 6], firmwares[firmware % 3], sign(0xE000 + key % 6, digest)) {} catch {}
    }

    function anchorNext(uint64 importSum) external clocked {
        uint64 start = anchoredUntil == 0 ? uint64(time / 900 * 900) : anchoredUntil;
        if (time < start + 900) {
            time = start + 900;
            vm.warp(time);
        }
        if (anchorOne(start, 1, importSum)) anchoredUntil = start + 900;
    }

    function correct(uint256 which, uint16 version, uint64 importSum) external clocked {
        if (versions.length == 0) return;
        Version memory old = versions[which % versions.length];
        anchorOne(old.start, uint16(bound(version, 0, anchors.latestVersion(GRID, old.start) + 1)), importSum);
    }

    function anchorAnywhere(uint64 start, uint16 version) external clocked {
        start = uint64(bound(start, 0, time / 900) * 900);
        if (anchoredUntil != 0 && start != anchoredUntil) anchorOne(start, uint16(bound(version, 0, 3)), 1);
    }

    function versionCount() external view returns (uint256) {
        return versions.length;
    }

    /// Barred by the words of the rule: a meter in service of theirs runs a firmware under a standing advisory.
    function shouldBeBarred(address participant) external view returns (bool) {
        for (uint256 i = 0; i < keys.length; ++i) {
            MeterRecord memory record = meters.meter(keys[i]);
            if (record.participant != participant || record.retiredAt != 0) continue;
            for (uint256 id = 1; id <= meters.advisoryCount(); ++id) {
                if (meters.advisory(id).firmware == record.firmware && meters.stands(id)) return true;
            }
        }
        return false;
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(council), address(members), address(meters), address(anchors));
    }

    /// The fuzzer's calls do not share their time; the community's clock does.
    modifier clocked() {
        vm.warp(time);
        _;
    }

    function anchorOne(uint64 start, uint16 version, uint64 importSum) private returns (bool) {
        uint32 count = meters.meterCountAt(GRID, start);
        AnchorInput[] memory inputs = new AnchorInput[](1);
        inputs[0] = AnchorInput(
            GRID, start, version, count == 0 ? bytes32(0) : keccak256("root"), count, count == 0 ? 0 : importSum, 0, ""
        );
        vm.prank(OPERATOR);
        try anchors.anchor(inputs) {
            versions.push(Version(start, version, anchors.commitmentOf(GRID, start, version)));
            return true;
        } catch {
            return false;
        }
    }

    function isMajority(mapping(address => uint256) storage given) private view returns (bool) {
        uint256 votes = 0;
        uint256 inOffice = 0;
        for (uint256 i = 0; i < people.length; ++i) {
            if (!council.isRegulator(people[i])) continue;
            ++inOffice;
            if (given[people[i]] == terms[people[i]] + 1) ++votes;
        }
        return votes * 2 > inOffice;
    }

    function recent(uint256 which) private view returns (uint256) {
        uint256 count = council.proposalCount();
        return count < 2 ? count : count - which % 2;
    }

    function person(uint256 who) private view returns (address) {
        return people[who % people.length];
    }
}
