// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A node beside the path: its hash and its own sums in milliwatt hours.
struct Sibling {
    bytes32 hash;
    uint64 importSum;
    uint64 exportSum;
}

/// @notice One meter's part of an interval. Registers are at its end; energies in milliwatt hours.
struct Leaf {
    address meter;
    uint64 importRegister;
    uint64 exportRegister;
    uint64[4] bands;
    uint64 intervalImport;
    uint64 intervalExport;
    /// Reading flags in the low byte, 256 estimated, 512 register reset inside the interval.
    uint16 flags;
    /// Digest of the signed reading; zero when the leaf is estimated.
    bytes32 digest;
    bytes32 salt;
}

/// @title Merkle-sum tree over the readings of an interval.
/// @dev A parent hashes both children's hashes and each child's own sums: a parent that hashed only the total could be
/// opened to other parts. Leaves begin with 0x00 and nodes with 0x01, so that neither passes for the other. A node
/// without a sibling rises unchanged, so the shape follows from the number of leaves alone.
library MerkleSum {
    /// @notice Longest path: a tree of 2^32 leaves.
    uint256 internal constant MAXIMUM_DEPTH = 32;

    /// @notice keccak-256 of the 151 bytes of a leaf.
    function hashLeaf(Leaf memory leaf) internal pure returns (bytes32) {
        bytes memory registers = abi.encodePacked(
            bytes1(0x00),
            leaf.meter,
            leaf.importRegister,
            leaf.exportRegister,
            leaf.bands[0],
            leaf.bands[1],
            leaf.bands[2],
            leaf.bands[3]
        );
        return keccak256(
            abi.encodePacked(registers, leaf.intervalImport, leaf.intervalExport, leaf.flags, leaf.digest, leaf.salt)
        );
    }

    /// @notice Whether the leaf is number `index` of `count` leaves under the root, and the sums at the root are these.
    /// @dev A path that is too short, too long or whose sums leave 64 bits is no proof; it never reverts.
    function includes(
        bytes32 root,
        uint256 count,
        uint64 importSum,
        uint64 exportSum,
        Leaf memory leaf,
        uint256 index,
        Sibling[] calldata siblings
    ) internal pure returns (bool) {
        if (index >= count || siblings.length > MAXIMUM_DEPTH) return false;
        bytes32 hash = hashLeaf(leaf);
        uint64 imported = leaf.intervalImport;
        uint64 exported = leaf.intervalExport;
        uint256 used = 0;
        for (uint256 width = count; width > 1; width = (width + 1) >> 1) {
            if (index & 1 == 1 || index + 1 < width) {
                if (used == siblings.length) return false;
                Sibling calldata sibling = siblings[used++];
                hash = index & 1 == 1
                    ? hashNode(sibling.hash, sibling.importSum, sibling.exportSum, hash, imported, exported)
                    : hashNode(hash, imported, exported, sibling.hash, sibling.importSum, sibling.exportSum);
                if (sibling.importSum > type(uint64).max - imported) return false;
                if (sibling.exportSum > type(uint64).max - exported) return false;
                imported += sibling.importSum;
                exported += sibling.exportSum;
            }
            index >>= 1;
        }
        return used == siblings.length && hash == root && imported == importSum && exported == exportSum;
    }

    /// @notice As `includes`, for the hash of a leaf and siblings of 48 bytes each: hash 32, import 8, export 8.
    /// @dev For contracts that pay by a proof: half the calldata, and a quarter of the gas a level. A sibling's 48 bytes
    /// are one half of its parent's preimage as they are.
    function includesPacked(
        bytes32 root,
        uint256 count,
        uint64 importSum,
        uint64 exportSum,
        bytes32 hash,
        uint256 imported,
        uint256 exported,
        uint256 index,
        bytes calldata siblings
    ) internal pure returns (bool) {
        if (index >= count || siblings.length > 48 * MAXIMUM_DEPTH) return false;
        uint256 used = 0;
        uint256 beyond = 0;
        for (uint256 width = count; width > 1; width = (width + 1) >> 1) {
            if (index & 1 == 1 || index + 1 < width) {
                if (used == siblings.length) return false;
                // Sums below 2^64 + 2^64 a level, 32 levels: no overflow of the word.
                assembly ("memory-safe") {
                    let node := mload(0x40)
                    let right := mul(and(index, 1), 48)
                    let sums := or(shl(64, imported), exported)
                    mstore8(node, 0x01)
                    // Own half first: its last word reaches 16 bytes into what lies behind it.
                    mstore(add(node, add(1, right)), hash)
                    mstore(add(node, add(33, right)), shl(128, sums))
                    let sibling := add(siblings.offset, used)
                    calldatacopy(add(node, sub(49, right)), sibling, 48)
                    hash := keccak256(node, 97)
                    let theirs := shr(128, calldataload(add(sibling, 32)))
                    imported := add(imported, shr(64, theirs))
                    exported := add(exported, and(theirs, 0xffffffffffffffff))
                    beyond := or(beyond, shr(64, or(imported, exported)))
                    used := add(used, 48)
                }
                if (beyond != 0) return false;
            }
            index >>= 1;
        }
        return used == siblings.length && hash == root && imported == importSum && exported == exportSum;
    }

    /// @notice keccak-256 of the 97 bytes of a node.
    function hashNode(
        bytes32 left,
        uint64 leftImport,
        uint64 leftExport,
        bytes32 right,
        uint64 rightImport,
        uint64 rightExport
    ) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x01), left, leftImport, leftExport, right, rightImport, rightExport));
    }
}
