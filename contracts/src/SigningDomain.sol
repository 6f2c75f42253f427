// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The first 32 bytes of everything that is signed off the ledger.
/// @dev Names purpose, chain and deployment, so that a signature made for one is worth nothing to another.
library SigningDomain {
    bytes32 internal constant READING = keccak256("Busbar Reading v1");
    bytes32 internal constant SPAN = keccak256("Busbar Span v1");
    bytes32 internal constant FIRMWARE_REPORT = keccak256("Busbar Firmware Report v1");

    /// @notice The domain of a purpose on this chain for the deployment whose `Meters` has the given address.
    function compute(bytes32 purpose, address deployment) internal view returns (bytes32) {
        return keccak256(abi.encode(purpose, block.chainid, deployment));
    }
}
