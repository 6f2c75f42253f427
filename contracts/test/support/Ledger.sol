// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Boundaries, Boundary} from "../../src/Boundary.sol";
import {AnchorInput, Anchors, LeafExtras} from "../../src/Anchors.sol";
import {BillInput, Billing, OpeningInput} from "../../src/Billing.sol";
import {Council} from "../../src/Council.sol";
import {Members} from "../../src/Members.sol";
import {Leaf, MerkleSum} from "../../src/MerkleSum.sol";
import {Payments} from "../../src/Payments.sol";
import {ProvenReading} from "../../src/ProvenReading.sol";
import {Reading} from "../../src/Reading.sol";
import {Storage} from "../../src/Storage.sol";
import {Slab, Tariff, TaxLine} from "../../src/Tariff.sol";
import {Vault} from "../../src/Vault.sol";
import {MeterInput, Meters} from "../../src/Meters.sol";
import {Deployment} from "./Deployment.sol";

/// @title A storage that counts trades by word of mouth: what bills do with them does not depend on how they came.
contract CountingStorage is Storage {
    constructor(Council council_, Members members_, Meters meters_, Anchors anchors_)
        Storage(council_, members_, meters_, anchors_)
    {}

    function count(address meter, uint64 bought, uint64 sold) external {
        _count(meter, bought, sold);
    }
}

/// @title The contracts of money wired beside the others, a house, and proven readings of its meter.
/// @dev Trees are a path of made-up siblings: their depth is what a test chooses.
abstract contract Ledger is Deployment {
    uint256 internal constant METER_KEY = 0x3E7E4;
    uint256 internal constant NEW_METER_KEY = 0x3E7E5;
    bytes32 internal constant PREMISES = keccak256("premises");
    address internal constant PAYEE = address(0xCA5);
    uint64 internal constant LENGTH = 900;
    uint64 internal constant FIRST = 1_700_002_800;

    Vault internal vault;
    Payments internal payments;
    CountingStorage internal store;
    Billing internal billing;
    uint256 internal depth;

    function deployMoney(uint256 depth_) internal {
        depth = depth_;
        deploy(3);
        vault = new Vault(council, address(0), "", "");
        payments = new Payments(council, members, vault);
        store = new CountingStorage(council, members, meters, anchors);
        billing = new Billing(council, meters, anchors, payments, store);
        enter("Vault", address(vault));
        enter("Payments", address(payments));
        enter("Billing", address(billing));
        vault.admitModule("Payments");
        payments.takeOverBilling();
        appointOperator(0, OPERATOR, type(uint64).max);
        admitWithPremises(ALICE, PREMISES);
        register(houseMeter(METER_KEY));
        // A microgrid of as many meters as the tree has leaves, without registering each.
        vm.prank(address(meters));
        anchors.gridChanged(GRID, address(0), uint32(1 << depth));
        vm.warp(FIRST - LENGTH);
    }

    /// By vote, as the directory changes once it is wired.
    function enter(bytes32 name, address holder) internal {
        vm.prank(regulators[0]);
        uint256 id = council.proposeEntry(name, holder);
        vm.prank(regulators[1]);
        council.vote(id, true);
        vm.warp(vm.getBlockTimestamp() + 7 days);
        council.execute(id);
        vm.warp(BEGINNING);
    }

    function houseMeter(uint256 key) internal pure returns (MeterInput memory input) {
        input = premisesMeter(vm.addr(key), GRID, ALICE);
        input.premises = PREMISES;
    }

    function slabTariff() internal pure returns (Tariff memory tariff) {
        tariff.document = keccak256("slabs");
        tariff.payee = PAYEE;
        tariff.dueSeconds = 15 days;
        tariff.graceSeconds = 14 days;
        tariff.fixedCharge = 50e18;
        tariff.exportPrice = 2e18;
        tariff.slabs = new Slab[](3);
        tariff.slabs[0] = Slab(50e6, 4e18, 0);
        tariff.slabs[1] = Slab(150e6, 7.3e18, 25e18);
        tariff.slabs[2] = Slab(type(uint64).max, 10e18, 100e18);
        tariff.taxes = new TaxLine[](1);
        tariff.taxes[0] = TaxLine("duty", 500, 0.1e18);
    }

    function publish(Tariff memory tariff, bytes memory document) internal returns (uint32) {
        vm.prank(regulators[0]);
        return billing.publishTariff(tariff, document);
    }

    /// Anchors the next interval with the meter's reading at its end, and proves it.
    function prove(uint256 key, uint64 end, uint64 imported, uint64 exported) internal returns (ProvenReading memory) {
        return prove(plain(key, end, imported, exported), key, 1);
    }

    function prove(Reading memory reading, uint256 key, uint16 version) internal returns (ProvenReading memory proof) {
        proof.wire = wire(key, reading);
        proof.extras = LeafExtras(1000, 500, reading.flags, keccak256("salt"));
        anchorPath(proof, leafOf(reading, proof.extras, anchors.readingDigest(reading)), reading.instant, version);
    }

    function estimate(uint256 key, uint64 end, uint64 imported, uint64 exported)
        internal
        returns (ProvenReading memory proof)
    {
        Reading memory reading = plain(key, end, imported, exported);
        bytes memory form = wire(key, reading);
        assembly {
            mstore(form, 122)
        }
        proof.wire = form;
        proof.extras = LeafExtras(1000, 500, 256, keccak256("salt"));
        anchorPath(proof, leafOf(reading, proof.extras, 0), end, 1);
    }

    function leafOf(Reading memory reading, LeafExtras memory extras, bytes32 digest)
        internal
        pure
        returns (Leaf memory)
    {
        return Leaf({
            meter: reading.meter,
            importRegister: reading.importRegister,
            exportRegister: reading.exportRegister,
            bands: reading.bands,
            intervalImport: extras.intervalImport,
            intervalExport: extras.intervalExport,
            flags: extras.flags,
            digest: digest,
            salt: extras.salt
        });
    }

    function anchorPath(ProvenReading memory proof, Leaf memory leaf, uint64 end, uint16 version) internal {
        proof.version = version;
        proof.count = uint32(1 << depth);
        proof.index = uint32(uint256(keccak256(abi.encode(end))) % proof.count);
        proof.root = MerkleSum.hashLeaf(leaf);
        (proof.importSum, proof.exportSum) = (leaf.intervalImport, leaf.intervalExport);
        for (uint256 i = 0; i < depth; ++i) {
            (bytes32 hash, uint64 imported, uint64 exported) =
                (keccak256(abi.encode(end, i)), uint64(1_234_567 << i), uint64(98_765 << i));
            proof.siblings = bytes.concat(proof.siblings, abi.encodePacked(hash, imported, exported));
            proof.root = proof.index >> i & 1 == 1
                ? MerkleSum.hashNode(hash, imported, exported, proof.root, proof.importSum, proof.exportSum)
                : MerkleSum.hashNode(proof.root, proof.importSum, proof.exportSum, hash, imported, exported);
            proof.importSum += imported;
            proof.exportSum += exported;
        }
        if (block.timestamp < end) vm.warp(end + 60);
        AnchorInput[] memory inputs = new AnchorInput[](1);
        inputs[0] =
            AnchorInput(GRID, end - LENGTH, version, proof.root, proof.count, proof.importSum, proof.exportSum, "");
        vm.prank(OPERATOR);
        anchors.anchor(inputs);
    }

    function openAccount(uint32 tariff, ProvenReading memory opening) internal {
        OpeningInput[] memory inputs = new OpeningInput[](1);
        inputs[0] = OpeningInput(PREMISES, GRID, tariff, opening);
        vm.prank(OPERATOR);
        billing.open(inputs);
    }

    /// The boundary that `openAccount` commits.
    function opened(uint32 tariff, uint256 key, uint64 instant, uint64 imported, uint64 exported)
        internal
        pure
        returns (bytes32[7] memory)
    {
        Boundary memory boundary;
        boundary.meter = vm.addr(key);
        boundary.instant = instant;
        boundary.begun = instant;
        boundary.importRegister = imported;
        boundary.exportRegister = exported;
        boundary.tariff = tariff;
        boundary.microgrid = GRID;
        return Boundaries.pack(boundary);
    }

    function issue(BillInput memory input) internal {
        BillInput[] memory inputs = new BillInput[](1);
        inputs[0] = input;
        vm.prank(OPERATOR);
        billing.issue(inputs);
    }
}
