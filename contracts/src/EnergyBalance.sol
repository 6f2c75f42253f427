// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

/// @notice How a feeder's losses are allowed for.
struct Feeder {
    /// Constant loss in milliwatts.
    uint32 lossFixed;
    /// Loss growing with the square of the load, in microwatts per square kilowatt.
    uint32 lossQuadratic;
    /// Basis points of the transformer's throughput within which an interval counts as balanced.
    uint16 tolerance;
}

/// @title What is missing between a transformer and its premises.
/// @dev Import is energy from the grid into the microgrid, or from the microgrid into a house. Every argument has at
/// most 64 bits and a sign, so nothing here can leave 256: unchecked is for the gas of an anchor.
library EnergyBalance {
    /// @notice Technical loss of an interval in milliwatt hours, rounded up: in favour of the households by less than
    /// 1 mWh. `net` is the transformer's import less its export in milliwatt hours, `length` the interval in seconds.
    /// @dev With P = net x 0.0036 / length in kilowatts: loss = (fixed mW + quadratic x P^2 / 1000 mW) x length / 3600,
    /// brought to one fraction, so that it is rounded once.
    function allowance(uint256 lossFixed, uint256 lossQuadratic, int256 net, uint256 length)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            uint256 size = SignedMath.abs(net);
            uint256 denominator = 3600e15 * length;
            uint256 numerator = lossFixed * length * length * 1e15 + lossQuadratic * size * size * 3600 ** 2;
            return (numerator + denominator - 1) / denominator;
        }
    }

    /// @notice Whether what is missing lies within a tolerance in basis points of the throughput, rounded down.
    function withinTolerance(uint256 tolerance, int256 missing, uint256 throughput) internal pure returns (bool) {
        unchecked {
            return SignedMath.abs(missing) <= throughput * tolerance / 10_000;
        }
    }
}
