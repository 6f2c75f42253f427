// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice What a meter signs at the end of an interval. Registers are running totals in milliwatt hours.
struct Reading {
    /// Address of the meter's key.
    address meter;
    uint32 boot;
    uint64 sequence;
    /// Unix seconds.
    uint64 instant;
    uint64 importRegister;
    uint64 exportRegister;
    uint64[4] bands;
    bytes32 firmware;
    /// 1 clock set, 2 cover opened, 4 magnetic field, 8 reverse current, 16 battery low, 32 readings lost.
    uint16 flags;
}

/// @title The binary form of a reading, as the meter hashes it: keccak-256 of 154 bytes, without any prefix.
library Readings {
    /// @notice Parts of a reading in its wire form: 122 bytes of binary form without the domain, 65 of signature.
    struct Wire {
        address meter;
        uint64 instant;
        uint64 importRegister;
        uint64 exportRegister;
        bytes32 digest;
    }

    /// @notice Length in bytes of a signed reading in its wire form.
    uint256 internal constant WIRE_LENGTH = 187;

    /// @notice What the meter signs.
    function digest(Reading calldata reading, bytes32 domain) internal pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(
                domain,
                reading.meter,
                reading.boot,
                reading.sequence,
                reading.instant,
                reading.importRegister,
                reading.exportRegister,
                reading.bands[0],
                reading.bands[1],
                reading.bands[2],
                reading.bands[3],
                reading.firmware,
                reading.flags
            )
        );
    }

    /// @notice Takes a wire form apart; whether its signature is the meter's is for `signerOf`.
    /// @dev Bytes as they came are copied behind the domain and hashed at once, which costs a third of encoding them
    /// anew. The caller has checked the length.
    function parse(bytes calldata wire, bytes32 domain) internal pure returns (Wire memory parts) {
        parts.meter = address(bytes20(wire[0:20]));
        parts.instant = uint64(bytes8(wire[32:40]));
        parts.importRegister = uint64(bytes8(wire[40:48]));
        parts.exportRegister = uint64(bytes8(wire[48:56]));
        parts.digest = keccak256(abi.encodePacked(domain, wire[0:122]));
    }

    /// @notice Who signed the wire form; zero when the signature is malformed or not low.
    function signerOf(bytes calldata wire, bytes32 signed) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecover(signed, uint8(wire[186]), bytes32(wire[122:154]), bytes32(wire[154:186]));
    }
}
