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

/// @notice A transformer meter's reading with its signature. Meter and instant are what the interval demands, so they
/// are not said again.
struct TransformerReading {
    uint32 boot;
    uint64 sequence;
    uint64 importRegister;
    uint64 exportRegister;
    uint64[4] bands;
    bytes32 firmware;
    uint16 flags;
    bytes32 r;
    /// In the lower half of the curve's order.
    bytes32 s;
    /// 27 or 28.
    uint8 v;
}

/// @title The binary form of a reading, as the meter hashes it: keccak-256 of 154 bytes, without any prefix.
library Readings {
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

    /// @notice What the transformer's meter signs at that instant.
    function digest(TransformerReading calldata reading, address meter, uint64 instant, bytes32 domain)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encodePacked(
                domain,
                meter,
                reading.boot,
                reading.sequence,
                instant,
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
}
