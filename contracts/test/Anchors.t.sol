// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorInput, Anchors, Header, LeafExtras, Verdict} from "../src/Anchors.sol";
import {Feeder} from "../src/EnergyBalance.sol";
import {Leaf, MerkleSum, Sibling} from "../src/MerkleSum.sol";
import {Reading} from "../src/Reading.sol";
import {Deployment} from "./support/Deployment.sol";

contract AnchorsTest is Deployment {
    uint64 private constant FIRST = 1_700_001_000;
    uint64 private constant SECOND = FIRST + 900;
    uint64 private constant THIRD = SECOND + 900;
    uint256 private constant METER_KEY = 0xBEEF;
    uint256 private constant OTHER_KEY = 0xCAFE;

    struct Evidence {
        Header header;
        Reading reading;
        bytes signature;
        LeafExtras extras;
        uint32 index;
        Sibling[] siblings;
    }

    function setUp() external {
        deploy(1);
        register(premisesMeter(vm.addr(METER_KEY), GRID, address(0)));
        register(premisesMeter(vm.addr(OTHER_KEY), GRID, address(0)));
        registerTransformer(GRID, TRANSFORMER_KEY);
        appointOperator(GRID, OPERATOR, type(uint64).max);
        vm.warp(FIRST + 10 days);
    }

    function test_Anchor_CommitsAndTellsEverything() external {
        Header memory header = Header(GRID, FIRST, 1, keccak256("root"), 2, 500, 20, 0);
        vm.expectEmit();
        emit Anchors.MicrogridBegan(GRID, FIRST, 900);
        vm.expectEmit();
        emit Anchors.Anchored(GRID, FIRST, 1, keccak256("root"), 2, 500, 20, 0, keccak256(abi.encode(header)));
        vm.expectEmit();
        emit Anchors.Unbalanced(GRID, FIRST, 1);
        anchor(FIRST, 1, 500, 20, "");
        assertEq(anchors.commitmentOf(GRID, FIRST, 1), keccak256(abi.encode(header)));
        assertTrue(anchors.isAnchored(header), "anchored");
        assertEq(anchors.anchoredUntil(GRID), SECOND);
        assertEq(anchors.latestVersion(GRID, FIRST), 1);
        assertEq(anchors.latestVersion(GRID, SECOND), 0);
    }

    function test_Anchor_OnlyThatMicrogridsOperator() external {
        AnchorInput[] memory inputs = input(FIRST, 1, 0, 0, "");
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Anchors.NotOperator.selector, GRID, ANYONE));
        anchors.anchor(inputs);
        inputs[0].microgrid = GRID + 1;
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.NotOperator.selector, GRID + 1, OPERATOR));
        anchors.anchor(inputs);
    }

    function test_Anchor_RevokedOperatorAtOnce() external {
        anchor(FIRST, 1, 0, 0, "");
        appointOperator(GRID, OPERATOR, 0);
        refused(SECOND, 1, "", abi.encodeWithSelector(Anchors.NotOperator.selector, GRID, OPERATOR));
    }

    function test_OperatorChanged_OnlyCouncil() external {
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.NotCouncil.selector, OPERATOR));
        anchors.operatorChanged(0, OPERATOR, type(uint64).max);
    }

    function test_GridChanged_OnlyMetersIsHeard() external {
        vm.prank(OPERATOR);
        anchors.gridChanged(GRID, address(0), 1);
        anchor(FIRST, 1, 0, 0, "");
    }

    function test_TakeOverOperator_OnlyInOffice() external {
        Anchors next = new Anchors(council, meters);
        vm.expectRevert(abi.encodeWithSelector(Anchors.NotInDirectory.selector, address(anchors)));
        next.takeOverOperator(GRID, OPERATOR);
        vm.prank(regulators[0]);
        uint256 id = council.proposeEntry("Anchors", address(next));
        vm.warp(block.timestamp + 7 days);
        council.execute(id);
        next.takeOverOperator(GRID, OPERATOR);
        vm.prank(OPERATOR);
        next.anchor(input(FIRST, 1, 0, 0, ""));
        assertEq(next.anchoredUntil(GRID), SECOND);
    }

    function test_Anchor_GapOverlapAndMisalignmentRefused() external {
        refused(FIRST + 60, 1, "", abi.encodeWithSelector(Anchors.StartNotAligned.selector, FIRST + 60, 900));
        anchor(FIRST, 1, 0, 0, "");
        refused(THIRD, 1, "", abi.encodeWithSelector(Anchors.IntervalNotNext.selector, GRID, THIRD, SECOND));
        refused(FIRST - 900, 1, "", abi.encodeWithSelector(Anchors.IntervalNotNext.selector, GRID, FIRST - 900, SECOND));
        refused(FIRST, 1, "", abi.encodeWithSelector(Anchors.WrongVersion.selector, GRID, FIRST, 1, 2));
        refused(SECOND, 2, "", abi.encodeWithSelector(Anchors.WrongVersion.selector, GRID, SECOND, 2, 1));
    }

    function test_Anchor_NotBeforeTheIntervalIsOver() external {
        vm.warp(SECOND - 1);
        refused(FIRST, 1, "", abi.encodeWithSelector(Anchors.IntervalNotOver.selector, SECOND, SECOND - 1));
        vm.warp(SECOND);
        anchor(FIRST, 1, 0, 0, "");
    }

    function test_Anchor_LeavesAreTheMetersRegistered() external {
        AnchorInput[] memory inputs = input(FIRST, 1, 0, 0, "");
        inputs[0].count = 3;
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.WrongLeafCount.selector, GRID, FIRST, 3, 2));
        anchors.anchor(inputs);
        vm.warp(FIRST + 450);
        vm.prank(regulators[0]);
        meters.retire(vm.addr(OTHER_KEY));
        vm.warp(FIRST + 10 days);
        anchor(FIRST, 1, 0, 0, "");
        inputs = input(SECOND, 1, 0, 0, "");
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.WrongLeafCount.selector, GRID, SECOND, 2, 1));
        anchors.anchor(inputs);
    }

    function test_Anchor_EmptyMicrogridHasNoEnergy() external {
        appointOperator(GRID + 1, OPERATOR, type(uint64).max);
        AnchorInput[] memory inputs = input(FIRST, 1, 1, 0, "");
        (inputs[0].microgrid, inputs[0].count, inputs[0].root) = (GRID + 1, 0, 0);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.EmptyTreeWithContent.selector, GRID + 1, FIRST));
        anchors.anchor(inputs);
        inputs[0].importSum = 0;
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
        assertEq(anchors.latestVersion(GRID + 1, FIRST), 1);
    }

    function test_Anchor_ManyInOneTransactionAllOrNone() external {
        AnchorInput[] memory inputs = new AnchorInput[](2);
        inputs[0] = input(FIRST, 1, 0, 0, "")[0];
        inputs[1] = input(SECOND, 1, 0, 0, "")[0];
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
        assertEq(anchors.anchoredUntil(GRID), THIRD);
        inputs[0] = input(THIRD, 1, 0, 0, "")[0];
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.WrongVersion.selector, GRID, SECOND, 1, 2));
        anchors.anchor(inputs);
        assertEq(anchors.anchoredUntil(GRID), THIRD);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.BatchTooLarge.selector, 65, 64));
        anchors.anchor(new AnchorInput[](65));
    }

    function test_Correction_NewVersionOldOneStands() external {
        anchor(FIRST, 1, 500, 20, "");
        anchor(SECOND, 1, 0, 0, "");
        bytes32 first = anchors.commitmentOf(GRID, FIRST, 1);
        anchor(FIRST, 2, 510, 20, "");
        anchor(FIRST, 3, 520, 20, "");
        assertEq(anchors.commitmentOf(GRID, FIRST, 1), first);
        assertEq(anchors.latestVersion(GRID, FIRST), 3);
        assertEq(anchors.anchoredUntil(GRID), THIRD);
        assertTrue(anchors.isAnchored(Header(GRID, FIRST, 2, keccak256("root"), 2, 510, 20, 0)), "second version");
    }

    function test_Balance_AgainstTheTransformer() external {
        bytes memory readings = both(FIRST, 5000, 0, 6000, 0);
        vm.expectEmit();
        emit Anchors.Balanced(GRID, FIRST, 1, 0, 0);
        anchor(FIRST, 1, 1000, 0, readings);
        (bool known, uint64 importRegister,) = anchors.transformerRegisters(GRID);
        assertTrue(known && importRegister == 6000, "the next one opens with these");
        readings = signed(TRANSFORMER_KEY, THIRD, 7000, 0);
        vm.expectEmit();
        emit Anchors.Discrepancy(GRID, SECOND, 1, 250, 0);
        anchor(SECOND, 1, 800, 50, readings);
    }

    function test_Balance_LateTransformerByALaterVersion() external {
        anchor(FIRST, 1, 1000, 0, "");
        bytes memory readings = signed(TRANSFORMER_KEY, THIRD, 7000, 0);
        vm.expectEmit();
        emit Anchors.Unbalanced(GRID, SECOND, 1);
        anchor(SECOND, 1, 1000, 0, readings);
        readings = both(FIRST, 5000, 0, 6000, 0);
        vm.expectEmit();
        emit Anchors.Balanced(GRID, FIRST, 2, 0, 0);
        anchor(FIRST, 2, 1000, 0, readings);
        readings = both(SECOND, 6000, 0, 7000, 0);
        vm.expectEmit();
        emit Anchors.Balanced(GRID, SECOND, 2, 0, 0);
        anchor(SECOND, 2, 1000, 0, readings);
        readings = signed(TRANSFORMER_KEY, THIRD + 900, 7500, 0);
        vm.expectEmit();
        emit Anchors.Balanced(GRID, THIRD, 1, 0, 0);
        anchor(THIRD, 1, 500, 0, readings);
    }

    function test_Balance_OtherRegistersThanTheHeadsRefused() external {
        anchor(FIRST, 1, 1000, 0, both(FIRST, 5000, 0, 6000, 0));
        bytes memory why = abi.encodeWithSelector(Anchors.RegistersDiffer.selector, vm.addr(TRANSFORMER_KEY), 6000, 0);
        refused(SECOND, 1, both(SECOND, 6500, 0, 7000, 0), why);
        refused(FIRST, 2, both(FIRST, 5000, 0, 6500, 0), why);
        refused(
            SECOND,
            1,
            signed(TRANSFORMER_KEY, THIRD, 5999, 0),
            abi.encodeWithSelector(Anchors.RegisterBackwards.selector, vm.addr(TRANSFORMER_KEY), 6000, 5999)
        );
    }

    function test_Balance_WrongTransformerReadingsRefused() external {
        address transformer = vm.addr(TRANSFORMER_KEY);
        refused(
            FIRST,
            1,
            signed(METER_KEY, SECOND, 1, 0),
            abi.encodeWithSelector(Anchors.WrongTransformer.selector, vm.addr(METER_KEY), transformer)
        );
        refused(
            FIRST,
            1,
            signed(TRANSFORMER_KEY, THIRD, 1, 0),
            abi.encodeWithSelector(Anchors.WrongInstant.selector, transformer, THIRD, SECOND)
        );
        refused(
            FIRST,
            1,
            wire(METER_KEY, plain(TRANSFORMER_KEY, SECOND, 1, 0)),
            abi.encodeWithSelector(Anchors.WrongSigner.selector, vm.addr(METER_KEY), transformer)
        );
        refused(FIRST, 1, new bytes(186), abi.encodeWithSelector(Anchors.WrongReadingsLength.selector, 186));
        vm.prank(regulators[0]);
        meters.retire(transformer);
        vm.warp(FIRST + 20 days);
        uint64 later = FIRST + 15 days;
        refused(
            later,
            1,
            signed(TRANSFORMER_KEY, later + 900, 1, 0),
            abi.encodeWithSelector(Anchors.NoTransformer.selector, GRID, later)
        );
    }

    function test_Balance_NewTransformerOpensWithItsOwnRegisters() external {
        anchor(FIRST, 1, 1000, 0, both(FIRST, 5000, 0, 6000, 0));
        vm.startPrank(regulators[0]);
        vm.warp(SECOND);
        meters.retire(vm.addr(TRANSFORMER_KEY));
        vm.stopPrank();
        registerTransformer(GRID, 0x7A460);
        vm.warp(FIRST + 10 days);
        bytes memory readings = signed(0x7A460, THIRD, 9000, 0);
        vm.expectEmit();
        emit Anchors.Unbalanced(GRID, SECOND, 1);
        anchor(SECOND, 1, 1000, 0, readings);
        readings = bytes.concat(signed(0x7A460, SECOND, 8000, 0), signed(0x7A460, THIRD, 9000, 0));
        vm.expectEmit();
        emit Anchors.Balanced(GRID, SECOND, 2, 0, 0);
        anchor(SECOND, 2, 1000, 0, readings);
    }

    function test_Feeder_LossAndToleranceWithinTheRules() external {
        vm.startPrank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(Anchors.AboveMaximum.selector, bytes32("toleranceMaximum"), 501, 500));
        anchors.setFeeder(GRID, Feeder(0, 0, 501));
        anchors.setFeeder(GRID, Feeder(40_000, 2_000_000, 100));
        vm.stopPrank();
        // 40 W for a quarter hour = 10,000 mWh; 1 kWh in a quarter hour = 4 kW, 2 W/kW^2 x 16 = 32 W = 8,000 mWh.
        bytes memory readings = both(FIRST, 0, 0, 1_000_000, 0);
        vm.expectEmit();
        emit Anchors.Balanced(GRID, FIRST, 1, 10_000, 18_000);
        anchor(FIRST, 1, 972_000, 0, readings);
        readings = signed(TRANSFORMER_KEY, THIRD, 2_000_000, 0);
        vm.expectEmit();
        emit Anchors.Discrepancy(GRID, SECOND, 1, 10_001, 18_000);
        anchor(SECOND, 1, 971_999, 0, readings);
        assertEq(anchors.allowanceOf(GRID, -1_000_000), 18_000);
        assertEq(anchors.allowanceOf(GRID, 1), 10_001);
    }

    function test_Verify_GoodProofAndEveryTampering() external {
        Evidence memory good = evidence();
        assertVerdict(good, Verdict.Valid);
        Evidence memory bad = copyOf(good);
        bad.header.importSum += 1;
        assertVerdict(bad, Verdict.NotAnchored);
        bad = copyOf(good);
        bad.reading.instant += 900;
        assertVerdict(bad, Verdict.WrongInstant);
        bad = copyOf(good);
        bad.reading.meter = ANYONE;
        assertVerdict(bad, Verdict.WrongMeter);
        bad = copyOf(good);
        bad.extras.flags = 257;
        assertVerdict(bad, Verdict.WrongFlags);
        bad = copyOf(good);
        bad.reading.importRegister += 1;
        assertVerdict(bad, Verdict.WrongSignature);
        bad = copyOf(good);
        bad.signature = hex"00";
        assertVerdict(bad, Verdict.WrongSignature);
        bad = copyOf(good);
        bad.extras.intervalImport -= 1;
        assertVerdict(bad, Verdict.WrongProof);
        bad = copyOf(good);
        bad.index = 1;
        assertVerdict(bad, Verdict.WrongProof);
        bad = copyOf(good);
        bad.siblings = new Sibling[](33);
        assertVerdict(bad, Verdict.WrongProof);
        anchor(FIRST, 2, 1, 1, "");
        assertVerdict(good, Verdict.Valid);
    }

    function test_VerifyLeaf_EstimatedLeaf() external {
        Evidence memory good = evidence();
        Leaf memory estimated = estimatedLeaf();
        Leaf memory own = leafOf(good);
        Sibling[] memory siblings = new Sibling[](1);
        siblings[0] = Sibling(MerkleSum.hashLeaf(own), own.intervalImport, own.intervalExport);
        assertTrue(anchors.verifyLeaf(good.header, estimated, 1, siblings) == Verdict.Valid, "estimated");
        assertTrue(anchors.verifyLeaf(good.header, own, 0, good.siblings) == Verdict.Valid, "signed");
        estimated.digest = keccak256("a reading");
        assertTrue(anchors.verifyLeaf(good.header, estimated, 1, siblings) == Verdict.WrongFlags, "flags");
        estimated.digest = 0;
        estimated.salt = 0;
        assertTrue(anchors.verifyLeaf(good.header, estimated, 1, siblings) == Verdict.WrongProof, "salt");
    }

    function testFuzz_Balance_MissingIsWhatTheFormulaSays(uint64 delivered, uint64 taken, uint64 given) external {
        int256 missing = int256(uint256(delivered)) - int256(uint256(taken)) + int256(uint256(given));
        bytes memory readings = both(FIRST, 0, 0, delivered, 0);
        vm.expectEmit();
        if (missing == 0) emit Anchors.Balanced(GRID, FIRST, 1, 0, 0);
        else emit Anchors.Discrepancy(GRID, FIRST, 1, missing, 0);
        anchor(FIRST, 1, taken, given, readings);
    }

    function testFuzz_Allowance_WithinOneOfTheExact(uint32 fixed_, uint32 quadratic, uint64 energy) external {
        fixed_ = uint32(bound(fixed_, 0, 10_000_000));
        quadratic = uint32(bound(quadratic, 0, 100_000_000));
        vm.prank(OPERATOR);
        anchors.setFeeder(GRID, Feeder(fixed_, quadratic, 0));
        anchor(FIRST, 1, 0, 0, "");
        uint256 allowance = anchors.allowanceOf(GRID, int128(uint128(energy)));
        // In units of 1e-18 mWh, by a quarter hour: fixed / 4, and quadratic x energy^2 x 4 / 1e15.
        uint256 exact = uint256(fixed_) * 25e16 + uint256(quadratic) * energy * energy * 4000;
        assertTrue(allowance * 1e18 >= exact, "never less than the loss");
        assertTrue(allowance * 1e18 < exact + 1e18, "by less than 1 mWh");
    }

    function evidence() private returns (Evidence memory good) {
        good.reading = plain(METER_KEY, SECOND, 700_000, 1000);
        good.signature = sign(METER_KEY, anchors.readingDigest(good.reading));
        good.extras = LeafExtras(300, 7, 1, keccak256("salt"));
        Leaf memory own = leafOf(good);
        Leaf memory other = estimatedLeaf();
        good.siblings = new Sibling[](1);
        good.siblings[0] = Sibling(MerkleSum.hashLeaf(other), other.intervalImport, other.intervalExport);
        bytes32 root = MerkleSum.hashNode(MerkleSum.hashLeaf(own), 300, 7, good.siblings[0].hash, 200, 3);
        good.header = Header(GRID, FIRST, 1, root, 2, 500, 10, 0);
        AnchorInput[] memory inputs = input(FIRST, 1, 500, 10, "");
        inputs[0].root = root;
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
    }

    function copyOf(Evidence memory from) private pure returns (Evidence memory) {
        return abi.decode(abi.encode(from), (Evidence));
    }

    function leafOf(Evidence memory from) private view returns (Leaf memory) {
        return Leaf({
            meter: from.reading.meter,
            importRegister: from.reading.importRegister,
            exportRegister: from.reading.exportRegister,
            bands: from.reading.bands,
            intervalImport: from.extras.intervalImport,
            intervalExport: from.extras.intervalExport,
            flags: from.extras.flags,
            digest: anchors.readingDigest(from.reading),
            salt: from.extras.salt
        });
    }

    function estimatedLeaf() private pure returns (Leaf memory leaf) {
        leaf.meter = vm.addr(OTHER_KEY);
        leaf.importRegister = 42;
        leaf.intervalImport = 200;
        leaf.intervalExport = 3;
        leaf.flags = 256;
        leaf.salt = keccak256("other salt");
    }

    function assertVerdict(Evidence memory from, Verdict expected) private view {
        Verdict verdict =
            anchors.verify(from.header, from.reading, from.signature, from.extras, from.index, from.siblings);
        assertEq(uint256(verdict), uint256(expected));
    }

    function both(uint64 start, uint64 openImport, uint64 openExport, uint64 closeImport, uint64 closeExport)
        private
        view
        returns (bytes memory)
    {
        return bytes.concat(
            signed(TRANSFORMER_KEY, start, openImport, openExport),
            signed(TRANSFORMER_KEY, start + 900, closeImport, closeExport)
        );
    }

    function anchor(uint64 start, uint16 version, uint64 importSum, uint64 exportSum, bytes memory transformer)
        private
    {
        vm.prank(OPERATOR);
        anchors.anchor(input(start, version, importSum, exportSum, transformer));
    }

    function refused(uint64 start, uint16 version, bytes memory transformer, bytes memory why) private {
        vm.prank(OPERATOR);
        vm.expectRevert(why);
        anchors.anchor(input(start, version, 0, 0, transformer));
    }

    function input(uint64 start, uint16 version, uint64 importSum, uint64 exportSum, bytes memory transformer)
        private
        pure
        returns (AnchorInput[] memory inputs)
    {
        inputs = new AnchorInput[](1);
        inputs[0] = AnchorInput(GRID, start, version, keccak256("root"), 2, importSum, exportSum, transformer);
    }
}
