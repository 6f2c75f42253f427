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
