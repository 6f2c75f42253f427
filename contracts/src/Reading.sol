// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

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

/// @notice A reading with its meter's signature, r | s | v, v = 27 or 28, low s.
struct SignedReading {
    Reading reading;
    bytes signature;
}

/// @title The binary form of a reading, as the meter hashes it.
library Readings {
    /// @notice keccak-256 of the 154 bytes that the meter signs, without any prefix.
    function digest(Reading calldata reading, bytes32 domain) internal pure returns (bytes32) {
        // Two halves: encodePacked over all fourteen values at once does not fit the stack.
        bytes memory head = abi.encodePacked(
            domain,
            reading.meter,
            reading.boot,
            reading.sequence,
            reading.instant,
            reading.importRegister,
            reading.exportRegister
        );
        return keccak256(
            abi.encodePacked(
                head,
                reading.bands[0],
                reading.bands[1],
                reading.bands[2],
                reading.bands[3],
                reading.firmware,
                reading.flags
            )
        );
    }
}
