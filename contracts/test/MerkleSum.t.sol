// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Leaf, MerkleSum, Sibling} from "../src/MerkleSum.sol";
import {Reading, Readings} from "../src/Reading.sol";
import {SigningDomain} from "../src/SigningDomain.sol";
import {Check} from "./support/Vm.sol";

/// @title The tree against the vectors of test/vectors/make.mjs, which shares no line with it.
contract MerkleSumTest is Check {
    struct Proof {
        uint32 index;
        Sibling[] siblings;
    }

    struct Tree {
        string name;
        uint32 count;
        bytes32 root;
        uint64 importSum;
        uint64 exportSum;
        FlatLeaf[] leaves;
        Proof[] proofs;
    }

    struct FlatLeaf {
        address meter;
        uint64 importRegister;
        uint64 exportRegister;
        uint64[4] bands;
        uint64 intervalImport;
        uint64 intervalExport;
        uint16 flags;
        bytes32 digest;
        bytes32 salt;
        bytes32 hash;
    }

    struct Claim {
        string name;
        uint32 count;
        bytes32 root;
        uint64 importSum;
        uint64 exportSum;
        Leaf leaf;
        uint32 index;
        Sibling[] siblings;
        bool valid;
    }

    struct VectorReading {
        string name;
        uint64 chainId;
        address deployment;
        address meter;
        uint32 boot;
        uint64 sequence;
        uint64 instant;
        uint64 importRegister;
        uint64 exportRegister;
        uint64[4] bands;
        bytes32 firmware;
        uint16 flags;
        bytes32 digest;
    }

    string private constant LEAF =
        "address meter,uint64 importRegister,uint64 exportRegister,uint64[4] bands,uint64 intervalImport,uint64 intervalExport,uint16 flags,bytes32 digest,bytes32 salt";
    string private constant SIBLING = "Sibling(bytes32 hash,uint64 importSum,uint64 exportSum)";

    function test_Includes_EveryProofOfTheVectors() external view {
        Tree[] memory trees = readTrees();
        assertTrue(trees.length >= 12, "at least twelve trees");
        for (uint256 t = 0; t < trees.length; ++t) {
            Tree memory tree = trees[t];
            assertEq(tree.leaves.length, tree.count);
            for (uint256 i = 0; i < tree.leaves.length; ++i) {
                assertEq(MerkleSum.hashLeaf(leafOf(tree.leaves[i])), tree.leaves[i].hash);
            }
            for (uint256 p = 0; p < tree.proofs.length; ++p) {
                Proof memory proof = tree.proofs[p];
                bool included = this.includes(
                    tree.root,
                    tree.count,
                    tree.importSum,
                    tree.exportSum,
                    leafOf(tree.leaves[proof.index]),
                    proof.index,
                    proof.siblings
                );
                assertTrue(included, tree.name);
            }
        }
    }

    function test_Includes_NoTamperedClaimOfTheVectors() external view {
        string memory json = vm.readFile("test/vectors/merkle-sum.json");
        Claim[] memory claims = abi.decode(
            vm.parseJsonTypeArray(
                json,
                ".claims",
                string.concat(
                    "Claim(string name,uint32 count,bytes32 root,uint64 importSum,uint64 exportSum,Leaf leaf,uint32 index,Sibling[] siblings,bool valid)Leaf(",
                    LEAF,
                    ")",
                    SIBLING
                )
            ),
            (Claim[])
        );
        assertTrue(claims.length >= 12, "at least twelve claims");
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim memory claim = claims[i];
            bool included = this.includes(
                claim.root, claim.count, claim.importSum, claim.exportSum, claim.leaf, claim.index, claim.siblings
            );
            assertTrue(included == claim.valid, claim.name);
        }
    }

    function test_Digest_ReadingsOfTheVectors() external view {
        string memory json = vm.readFile("test/vectors/readings.json");
        VectorReading[] memory readings = abi.decode(
            vm.parseJsonTypeArray(
                json,
                ".readings",
                "VectorReading(string name,uint64 chainId,address deployment,address meter,uint32 boot,uint64 sequence,uint64 instant,uint64 importRegister,uint64 exportRegister,uint64[4] bands,bytes32 firmware,uint16 flags,bytes32 digest)"
            ),
            (VectorReading[])
        );
        assertEq(readings.length, 3);
        for (uint256 i = 0; i < readings.length; ++i) {
            VectorReading memory from = readings[i];
            assertEq(block.chainid, from.chainId);
            Reading memory reading = Reading({
                meter: from.meter,
                boot: from.boot,
                sequence: from.sequence,
                instant: from.instant,
                importRegister: from.importRegister,
                exportRegister: from.exportRegister,
                bands: from.bands,
                firmware: from.firmware,
                flags: from.flags
            });
            bytes32 domain = SigningDomain.compute(SigningDomain.READING, from.deployment);
            assertEq(this.digest(reading, domain), from.digest);
        }
    }

    /// Any single change of any sibling breaks a proof.
    function testFuzz_Includes_NoChangedSibling(uint256 treeSeed, uint256 proofSeed, uint256 siblingSeed, uint8 what)
        external
        view
    {
        Tree[] memory trees = readTrees();
        Tree memory tree = trees[bound(treeSeed, 1, 6)];
        Proof memory proof = tree.proofs[proofSeed % tree.proofs.length];
        Sibling memory sibling = proof.siblings[siblingSeed % proof.siblings.length];
        if (what % 3 == 0) sibling.hash = keccak256(abi.encode(sibling.hash));
        if (what % 3 == 1) sibling.importSum += 1;
        if (what % 3 == 2) sibling.exportSum += 1;
        bool included = this.includes(
            tree.root,
            tree.count,
            tree.importSum,
            tree.exportSum,
            leafOf(tree.leaves[proof.index]),
            proof.index,
            proof.siblings
        );
        assertTrue(!included, tree.name);
    }

    /// Whatever is offered, the answer is an answer.
    function testFuzz_Includes_NeverReverts(
        bytes32 root,
        uint32 count,
        uint64 importSum,
        uint64 exportSum,
        uint64 own,
        uint32 index,
        Sibling[] calldata siblings
    ) external pure {
        Leaf memory leaf;
        leaf.intervalImport = own;
        leaf.intervalExport = own;
        bool included = MerkleSum.includes(root, count, importSum, exportSum, leaf, index, siblings);
        assertTrue(!included, "noise is no proof");
    }

    function includes(
        bytes32 root,
        uint256 count,
        uint64 importSum,
        uint64 exportSum,
        Leaf calldata leaf,
        uint256 index,
        Sibling[] calldata siblings
    ) external pure returns (bool) {
        return MerkleSum.includes(root, count, importSum, exportSum, leaf, index, siblings);
    }

    function digest(Reading calldata reading, bytes32 domain) external pure returns (bytes32) {
        return Readings.digest(reading, domain);
    }

    function readTrees() private view returns (Tree[] memory) {
        return abi.decode(
            vm.parseJsonTypeArray(
                vm.readFile("test/vectors/merkle-sum.json"),
                ".trees",
                string.concat(
                    "Tree(string name,uint32 count,bytes32 root,uint64 importSum,uint64 exportSum,FlatLeaf[] leaves,Proof[] proofs)FlatLeaf(",
                    LEAF,
                    ",bytes32 hash)Proof(uint32 index,Sibling[] siblings)",
                    SIBLING
                )
            ),
            (Tree[])
        );
    }

    function leafOf(FlatLeaf memory from) private pure returns (Leaf memory) {
        return Leaf({
            meter: from.meter,
            importRegister: from.importRegister,
            exportRegister: from.exportRegister,
            bands: from.bands,
            intervalImport: from.intervalImport,
            intervalExport: from.intervalExport,
            flags: from.flags,
            digest: from.digest,
            salt: from.salt
        });
    }
}
