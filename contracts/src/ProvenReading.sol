// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors, Header, LeafExtras} from "./Anchors.sol";
import {MerkleSum} from "./MerkleSum.sol";
import {Meters} from "./Meters.sol";
import {Readings} from "./Reading.sol";

/// @notice A meter's registers at an interval's end, with what proves that they are on the ledger.
struct ProvenReading {
    /// The reading's binary form without the domain: 122 bytes; behind it r | s | v when the meter signed it. Without a
    /// signature it is an estimate, and what the form says beside meter, instant and registers is not looked at.
    bytes wire;
    /// Version of the interval; has to be its latest.
    uint16 version;
    bytes32 root;
    uint32 count;
    uint64 importSum;
    uint64 exportSum;
    bytes32 transformer;
    LeafExtras extras;
    uint32 index;
    /// The path from the leaf to the root, 48 bytes a sibling: hash 32, import 8, export 8.
    bytes siblings;
}

/// @notice What a proven reading says. Registers in milliwatt hours.
struct Registers {
    address meter;
    /// Unix seconds.
    uint64 instant;
    uint64 imported;
    uint64 exported;
    uint64[4] bands;
    bool estimated;
}

/// @title Holding a meter's registers against the ledger: for contracts that pay by them.
library ProvenReadings {
    uint16 private constant ESTIMATED = 256;
    uint256 private constant FORM_LENGTH = 122;

    error WrongReadingLength(uint256 length);
    error NotAnchored(uint32 microgrid, uint64 end, uint16 version);
    error VersionSuperseded(uint32 microgrid, uint64 start, uint16 version, uint16 latest);
    error WrongMeter(address meter, bytes32 premises);
    error WrongFlags(uint16 flags);
    error WrongSigner(address signer, address meter);
    error NotInTree(address meter, uint64 start);

    /// @notice The registers of a meter of the premises, or why they are not proven.
    /// @param domain What the meter's signature begins with.
    function open(
        ProvenReading calldata proof,
        Anchors anchors,
        Meters meters,
        bytes32 domain,
        uint32 microgrid,
        bytes32 premises
    ) internal view returns (Registers memory registers) {
        bytes calldata wire = proof.wire;
        bool signed = wire.length == Readings.WIRE_LENGTH;
        if (!signed && wire.length != FORM_LENGTH) revert WrongReadingLength(wire.length);
        registers.meter = address(bytes20(wire[0:20]));
        registers.instant = uint64(bytes8(wire[32:40]));
        uint256 both = uint128(bytes16(wire[40:56]));
        uint256 four = uint256(bytes32(wire[56:88]));
        (registers.imported, registers.exported) = (_low(both >> 64), _low(both));
        registers.bands = [_low(four >> 192), _low(four >> 128), _low(four >> 64), _low(four)];
        registers.estimated = !signed;
        if ((proof.extras.flags & ESTIMATED != 0) == signed) revert WrongFlags(proof.extras.flags);

        bytes32 digest = 0;
        if (signed) {
            digest = keccak256(abi.encodePacked(domain, wire[0:FORM_LENGTH]));
            address signer = Readings.signerOf(wire, digest);
            if (signer != registers.meter) revert WrongSigner(signer, registers.meter);
            uint16 flags = uint16(bytes2(wire[120:122]));
            if (flags != proof.extras.flags & 0xff) revert WrongFlags(proof.extras.flags);
        }
        uint64 start = _checkAnchored(proof, anchors, microgrid, registers.instant);
        if (!meters.servesIn(registers.meter, microgrid, premises, start, registers.instant)) {
            revert WrongMeter(registers.meter, premises);
        }
        _checkInTree(proof, registers.meter, digest, start);
    }

    function _low(uint256 word) private pure returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(word);
    }

    function _checkAnchored(ProvenReading calldata proof, Anchors anchors, uint32 microgrid, uint64 end)
        private
        view
        returns (uint64 start)
    {
        bytes32 commitment;
        uint16 latest;
        (commitment, start, latest) = anchors.commitmentAt(microgrid, end, proof.version);
        Header memory header = Header({
            microgrid: microgrid,
            start: start,
            version: proof.version,
            root: proof.root,
            count: proof.count,
            importSum: proof.importSum,
            exportSum: proof.exportSum,
            transformer: proof.transformer
        });
        bytes32 hash;
        // A struct of eight whole words lies in memory exactly as abi.encode writes it.
        assembly ("memory-safe") {
            hash := keccak256(header, 0x100)
        }
        if (commitment != hash) revert NotAnchored(microgrid, end, proof.version);
        if (proof.version != latest) revert VersionSuperseded(microgrid, start, proof.version, latest);
    }

    function _checkInTree(ProvenReading calldata proof, address meter, bytes32 digest, uint64 start) private pure {
        bytes calldata wire = proof.wire;
        LeafExtras calldata extras = proof.extras;
        // As MerkleSum.hashLeaf; registers and bands lie side by side in the wire form too.
        bytes32 leaf = keccak256(
            abi.encodePacked(
                bytes1(0x00),
                wire[0:20],
                wire[40:88],
                extras.intervalImport,
                extras.intervalExport,
                extras.flags,
                digest,
                extras.salt
            )
        );
        bool included = MerkleSum.includesPacked(
            proof.root,
            proof.count,
            proof.importSum,
            proof.exportSum,
            leaf,
            extras.intervalImport,
            extras.intervalExport,
            proof.index,
            proof.siblings
        );
        if (!included) revert NotInTree(meter, start);
    }
}
