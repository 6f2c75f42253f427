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
/// @dev Import is energy from the grid into the microgrid, or from the microgrid into a house.
library EnergyBalance {
    /// @notice Technical loss of an interval in milliwatt hours, rounded up: in favour of the households by less than
    /// 1 mWh. `net` is the transformer's import less its export in milliwatt hours, `length` the interval in seconds.
    /// @dev With P = net x 0.0036 / length in kilowatts: loss = (fixed mW + quadratic x P^2 / 1000 mW) x length / 3600,
    /// brought to one fraction, so that it is rounded once.
    function allowance(Feeder memory feeder, int256 net, uint256 length) internal pure returns (uint256) {
        uint256 square = SignedMath.abs(net) ** 2;
        uint256 denominator = 3600e15 * length;
        uint256 numerator =
            uint256(feeder.lossFixed) * length * length * 1e15 + uint256(feeder.lossQuadratic) * square * 3600 ** 2;
        return (numerator + denominator - 1) / denominator;
    }

    /// @notice Whether what is missing lies within the feeder's tolerance of the throughput, rounded down.
    function withinTolerance(Feeder memory feeder, int256 missing, uint256 throughput) internal pure returns (bool) {
        return SignedMath.abs(missing) <= throughput * feeder.tolerance / 10_000;
    }
}
