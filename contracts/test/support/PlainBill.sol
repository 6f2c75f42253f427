// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Charges, Slab, Tariff, TaxLine, Usage} from "../../src/Tariff.sol";

/// @title A bill reckoned a second way, each line for itself from the start, and tariffs and uses to try it with.
library PlainBill {
    function charge(Tariff memory tariff, Usage memory usage) internal pure returns (Charges memory c) {
        uint256 net = usage.bought > usage.imported ? 0 : usage.imported - usage.bought;
        uint256 out = usage.sold > usage.exported ? 0 : usage.exported - usage.sold;
        uint256 paidFor = out;
        if (tariff.carriesEnergy) {
            uint256 pool = out + usage.carried;
            c.billed = uint64(pool > net ? 0 : net - pool);
            uint256 left = pool > net ? pool - net : 0;
            paidFor = usage.last ? left : 0;
            c.carriedOut = uint64(left - paidFor);
        } else {
            c.billed = uint64(net);
        }
        c.exportCredit = paidFor * tariff.exportPrice / 1e6;

        for (uint256 i = 0; i < 4 && priced(tariff); ++i) {
            c.billedBands[i] = uint64(mix(usage, i + 1, c.billed) - mix(usage, i, c.billed));
            c.bandCharge += uint256(c.billedBands[i]) * tariff.bandPrices[i] / 1e6;
        }

        for (uint256 i = 0; i < tariff.slabs.length; ++i) {
            uint256 low = i == 0 ? 0 : end(tariff, usage.span, i - 1);
            uint256 high = end(tariff, usage.span, i);
            uint256 inside = c.billed <= low ? 0 : c.billed < high ? c.billed - low : high - low;
            c.energyCharge += inside * tariff.slabs[i].price / 1e6;
        }
        c.fixedCharge = part(tariff, usage.span, tariff.fixedCharge + ofSlab(tariff, usage.span, c.billed));

        uint256 charges = c.energyCharge + c.bandCharge + c.fixedCharge;
        uint256 least = part(tariff, usage.span, tariff.minimumCharge);
        c.topUp = least > charges ? least - charges : 0;
        c.total = int256(charges + c.topUp);
        c.taxes = new uint256[](tariff.taxes.length);
        for (uint256 i = 0; i < tariff.taxes.length; ++i) {
            c.taxes[i] = (charges + c.topUp) * tariff.taxes[i].share / 10_000;
            c.taxes[i] += c.billed * uint256(tariff.taxes[i].perKilowattHour) / 1e6;
            c.total += int256(c.taxes[i]);
        }
        c.total -= int256(c.exportCredit);
    }

    /// Mostly what a village has; sometimes the largest numbers there are.
    function draw(uint256 seed) internal pure returns (Tariff memory tariff, Usage memory usage) {
        bool huge = pick(seed, "huge", 0) % 8 == 0;
        tariff.document = bytes32(seed | 1);
        tariff.payee = address(1);
        tariff.fixedCharge = price(seed, "fixed", 0, huge);
        tariff.minimumCharge = price(seed, "minimum", 0, huge) * (huge ? 1 : 100);
        tariff.exportPrice = price(seed, "export", 0, huge);
        tariff.carriesEnergy = pick(seed, "carries", 0) % 2 == 0;
        tariff.nominalSeconds = pick(seed, "nominal", 0) % 2 == 0 ? 0 : uint32(1 + pick(seed, "seconds", 0) % 8e6);
        if (pick(seed, "banded", 0) % 2 == 0) {
            for (uint256 i = 0; i < 4; ++i) {
                tariff.bandPrices[i] = price(seed, "band", i, huge);
            }
        }
        tariff.slabs = new Slab[](pick(seed, "slabs", 0) % 13);
        uint64 upTo = 0;
        for (uint256 i = 0; i < tariff.slabs.length; ++i) {
            upTo += uint64(1 + pick(seed, "width", i) % (huge ? 1e18 : 100e6));
            tariff.slabs[i].upTo = i == tariff.slabs.length - 1 ? type(uint64).max : upTo;
            tariff.slabs[i].price = price(seed, "slab", i, huge);
            tariff.slabs[i].fixedCharge = price(seed, "slabFixed", i, huge);
        }
        tariff.taxes = new TaxLine[](pick(seed, "taxes", 0) % 7);
        for (uint256 i = 0; i < tariff.taxes.length; ++i) {
            uint16 share = uint16(pick(seed, "share", i) % 10_001);
            tariff.taxes[i] = TaxLine("tax", share, price(seed, "perKilowattHour", i, huge));
        }

        usage.span = tariff.nominalSeconds != 0 && pick(seed, "near", 0) % 2 == 0
            // Around nine and eleven tenths.
            ? uint64(
                uint256(tariff.nominalSeconds) * (9 + 2 * (pick(seed, "side", 0) % 2)) / 10 + pick(seed, "at", 0) % 2
            )
            : uint64(pick(seed, "span", 0) % 16e6);
        uint256 most = huge ? uint256(type(uint64).max) / 4 : 1000e6;
        for (uint256 i = 0; i < 4; ++i) {
            usage.bands[i] = pick(seed, "empty", i) % 3 == 0 ? 0 : uint64(pick(seed, "energy", i) % most);
            usage.imported += usage.bands[i];
        }
        usage.exported = uint64(pick(seed, "exported", 0) % most);
        usage.bought = pick(seed, "buys", 0) % 2 == 0 ? 0 : uint64(pick(seed, "bought", 0) % (2 * most));
        usage.sold = pick(seed, "sells", 0) % 2 == 0 ? 0 : uint64(pick(seed, "sold", 0) % (2 * most));
        usage.carried = uint64(pick(seed, "carried", 0) % most);
        usage.last = pick(seed, "last", 0) % 4 == 0;
    }

    function pick(uint256 seed, bytes32 what, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what, i)));
    }

    function price(uint256 seed, bytes32 what, uint256 i, bool huge) private pure returns (uint128) {
        uint256 drawn = pick(seed, what, i);
        if (drawn % 5 == 0) return 0;
        return uint128(drawn) % (huge ? type(uint128).max : 20e18);
    }

    function priced(Tariff memory tariff) private pure returns (bool) {
        for (uint256 i = 0; i < 4; ++i) {
            if (tariff.bandPrices[i] > 0) return true;
        }
        return false;
    }

    /// The first `count` bands' part of what is billed.
    function mix(Usage memory usage, uint256 count, uint256 billed) private pure returns (uint256) {
        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            sum += usage.bands[i];
        }
        return usage.imported == 0 ? 0 : sum * billed / usage.imported;
    }

    function end(Tariff memory tariff, uint256 span, uint256 slab) private pure returns (uint256) {
        if (slab == tariff.slabs.length - 1) return type(uint256).max;
        return part(tariff, span, tariff.slabs[slab].upTo);
    }

    function ofSlab(Tariff memory tariff, uint256 span, uint256 billed) private pure returns (uint256) {
        for (uint256 i = 0; i < tariff.slabs.length; ++i) {
            if (end(tariff, span, i) >= billed) return tariff.slabs[i].fixedCharge;
        }
        return 0;
    }

    function part(Tariff memory tariff, uint256 span, uint256 whole) private pure returns (uint256) {
        if (tariff.nominalSeconds == 0) return whole;
        bool usual =
            !(10 * span < 9 * uint256(tariff.nominalSeconds)) && !(10 * span > 11 * uint256(tariff.nominalSeconds));
        return usual ? whole : whole * span / tariff.nominalSeconds;
    }
}
