// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice A part of the energy with a price of its own.
struct Slab {
    /// Milliwatt hours of the period up to which it reaches, inclusive; the last one has no end: 2^64 - 1.
    uint64 upTo;
    /// Wei per kilowatt hour.
    uint128 price;
    /// Wei in a period whose energy ends in this slab.
    uint128 fixedCharge;
}

/// @notice A line of tax or duty.
struct TaxLine {
    /// What the bill calls it.
    bytes32 name;
    /// Basis points of the charges.
    uint16 share;
    /// Wei per kilowatt hour billed.
    uint128 perKilowattHour;
}

/// @notice What electricity costs, and when it must be paid. Prices are wei per kilowatt hour.
struct Tariff {
    /// keccak-256 of the tariff's canonical text, which has its names and its calendar; published with it.
    bytes32 document;
    /// Whose balance in the vault the payments go to.
    address payee;
    /// Unix seconds; no period may begin earlier.
    uint64 validFrom;
    /// Unix seconds; no period may end later; 0 for no end.
    uint64 validUntil;
    /// Seconds from the bill until it is due.
    uint32 dueSeconds;
    /// Seconds from then until the permit ends.
    uint32 graceSeconds;
    /// Seconds of a usual period: charges, slabs and minimum of one that is more than a tenth shorter or longer are
    /// scaled. 0: never.
    uint32 nominalSeconds;
    /// Wei a period.
    uint128 fixedCharge;
    /// Wei a period that the charges before tax come to at least.
    uint128 minimumCharge;
    uint128 exportPrice;
    /// Whether exported energy is set against later imports, and paid for only when the account ends.
    bool carriesEnergy;
    /// All zero when the tariff has no time bands.
    uint128[4] bandPrices;
    /// Ascending; none when the bands alone have prices.
    Slab[] slabs;
    TaxLine[] taxes;
}

/// @notice What a period's charges are computed from. Energies in milliwatt hours.
struct Usage {
    /// Length of the period in seconds.
    uint64 span;
    uint64 imported;
    uint64 exported;
    /// The import by time bands; its sum when the tariff has bands.
    uint64[4] bands;
    /// Part of the import that was bought from neighbours.
    uint64 bought;
    /// Part of the export that was sold to neighbours.
    uint64 sold;
    /// Energy credit from earlier periods.
    uint64 carried;
    /// Whether the account ends with this period.
    bool last;
}

/// @notice A period's charges, line by line. Energies in milliwatt hours, money in wei.
struct Charges {
    /// What remains to be bought from the payee.
    uint64 billed;
    uint64[4] billedBands;
    uint256 energyCharge;
    uint256 bandCharge;
    uint256 fixedCharge;
    /// What brings the charges to the minimum.
    uint256 topUp;
    uint256[] taxes;
    uint256 exportCredit;
    /// Energy credit for later periods.
    uint64 carriedOut;
    /// Charges and taxes less the credit; negative when the payee owes.
    int256 total;
}

/// @title The arithmetic of bills.
/// @dev Every division rounds down: the household gains from rounding a charge, the payee from rounding the export
/// credit, by less than one wei a line. Prices below 2^128 and energies below 2^64 keep every product below 2^256.
library Tariffs {
    /// @notice Most slabs of a tariff.
    uint256 internal constant MAXIMUM_SLABS = 12;
    /// @notice Most lines of tax.
    uint256 internal constant MAXIMUM_TAXES = 6;

    uint256 private constant KILOWATT_HOUR = 1e6;
    uint256 private constant WHOLE = 10_000;

    /// The named part of a tariff has no meaning.
    error InvalidTariff(bytes32 part);
    error BandsDiffer(uint256 sum, uint256 imported);

    /// @notice Refuses a tariff that could not be computed.
    function check(Tariff memory tariff) internal pure {
        if (tariff.document == 0) revert InvalidTariff("document");
        if (tariff.payee == address(0)) revert InvalidTariff("payee");
        if (tariff.validUntil != 0 && tariff.validUntil <= tariff.validFrom) revert InvalidTariff("validUntil");
        uint256 count = tariff.slabs.length;
        if (count > MAXIMUM_SLABS) revert InvalidTariff("slabs");
        for (uint256 i = 0; i < count; ++i) {
            uint64 upTo = tariff.slabs[i].upTo;
            if (i != 0 && upTo <= tariff.slabs[i - 1].upTo) revert InvalidTariff("slabs");
            if ((upTo == type(uint64).max) != (i == count - 1)) revert InvalidTariff("slabs");
        }
        if (tariff.taxes.length > MAXIMUM_TAXES) revert InvalidTariff("taxes");
        for (uint256 i = 0; i < tariff.taxes.length; ++i) {
            if (tariff.taxes[i].name == 0 || tariff.taxes[i].share > WHOLE) revert InvalidTariff("taxes");
        }
    }

    /// @notice Whether the import of the tariff has to be told apart by time bands.
    function hasBands(Tariff memory tariff) internal pure returns (bool) {
        return tariff.bandPrices[0] | tariff.bandPrices[1] | tariff.bandPrices[2] | tariff.bandPrices[3] != 0;
    }

    /// @notice What the use of a period costs.
    function charge(Tariff memory tariff, Usage memory usage) internal pure returns (Charges memory charges) {
        _net(tariff, usage, charges);
        if (hasBands(tariff)) _chargeBands(tariff, usage, charges);
        uint256 perPeriod = _chargeSlabs(tariff, usage.span, charges);
        charges.fixedCharge = _part(tariff, usage.span, perPeriod + tariff.fixedCharge);
        uint256 sum = charges.energyCharge + charges.bandCharge + charges.fixedCharge;
        uint256 minimum = _part(tariff, usage.span, tariff.minimumCharge);
        if (sum < minimum) {
            charges.topUp = minimum - sum;
            sum = minimum;
        }
        uint256 total = sum;
        charges.taxes = new uint256[](tariff.taxes.length);
        for (uint256 i = 0; i < tariff.taxes.length; ++i) {
            TaxLine memory line = tariff.taxes[i];
            uint256 tax = sum * line.share / WHOLE + uint256(charges.billed) * line.perKilowattHour / KILOWATT_HOUR;
            charges.taxes[i] = tax;
            total += tax;
        }
        charges.total = SafeCast.toInt256(total) - SafeCast.toInt256(charges.exportCredit);
    }

    function _net(Tariff memory tariff, Usage memory usage, Charges memory charges) private pure {
        uint64 net = usage.imported - uint64(Math.min(usage.bought, usage.imported));
        uint64 out = usage.exported - uint64(Math.min(usage.sold, usage.exported));
        if (tariff.carriesEnergy) {
            uint256 pool = uint256(usage.carried) + out;
            uint64 used = uint64(Math.min(pool, net));
            charges.billed = net - used;
            charges.carriedOut = SafeCast.toUint64(pool) - used;
            if (!usage.last) return;
            out = charges.carriedOut;
            charges.carriedOut = 0;
        } else {
            charges.billed = net;
        }
        charges.exportCredit = uint256(out) * tariff.exportPrice / KILOWATT_HOUR;
    }

    /// The billed energy has the same mix of bands as the import; rounded running sums let nothing go astray.
    function _chargeBands(Tariff memory tariff, Usage memory usage, Charges memory charges) private pure {
        uint256 sum = 0;
        uint256 before = 0;
        for (uint256 i = 0; i < 4; ++i) {
            sum += usage.bands[i];
            uint256 upTo = usage.imported == 0 ? 0 : sum * charges.billed / usage.imported;
            charges.billedBands[i] = SafeCast.toUint64(upTo - before);
            charges.bandCharge += (upTo - before) * tariff.bandPrices[i] / KILOWATT_HOUR;
            before = upTo;
        }
        if (sum != usage.imported) revert BandsDiffer(sum, usage.imported);
    }

    /// @return perPeriod The fixed charge of the slab in which the energy ends, not scaled.
    function _chargeSlabs(Tariff memory tariff, uint256 span, Charges memory charges)
        private
        pure
        returns (uint256 perPeriod)
    {
        uint256 from = 0;
        for (uint256 i = 0; i < tariff.slabs.length; ++i) {
            Slab memory slab = tariff.slabs[i];
            uint256 upTo = slab.upTo == type(uint64).max ? slab.upTo : _part(tariff, span, slab.upTo);
            uint256 inside = Math.min(charges.billed, upTo) - from;
            charges.energyCharge += inside * slab.price / KILOWATT_HOUR;
            if (charges.billed <= upTo) return slab.fixedCharge;
            from = upTo;
        }
    }

    function _part(Tariff memory tariff, uint256 span, uint256 whole) private pure returns (uint256) {
        uint256 nominal = tariff.nominalSeconds;
        if (nominal == 0 || (span * 10 >= nominal * 9 && span * 10 <= nominal * 11)) return whole;
        return whole * span / nominal;
    }
}
