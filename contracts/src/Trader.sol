// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "./Members.sol";
import {Meters} from "./Meters.sol";

/// @notice What the board keeps of a member, in one slot.
struct Trader {
    /// The meter that counts what they buy, or sell directly.
    address meter;
    uint32 microgrid;
    /// Days since 1970, UTC, and milliwatt hours bought on that day.
    uint16 day;
    uint40 bought;
    Role role;
}

/// @title Who may trade, and with which meter.
library Traders {
    error MayNotSell(address account);
    error MayNotBuy(address account);
    error Barred(address account);
    error NoMeter(address account, uint32 microgrid);

    /// @param advised Whether a firmware is under an advisory: only then anybody can be barred.
    function checkSeller(Trader memory trader, address account, bool advised, Meters meters) internal view {
        if (trader.role != Role.Producer && trader.role != Role.Prosumer) revert MayNotSell(account);
        if (advised && meters.barred(account)) revert Barred(account);
    }

    /// @param advised Whether a firmware is under an advisory: only then anybody can be barred.
    function checkBuyer(Trader memory trader, address account, bool advised, Meters meters) internal view {
        if (trader.role != Role.Consumer && trader.role != Role.Prosumer) revert MayNotBuy(account);
        if (advised && meters.barred(account)) revert Barred(account);
    }

    /// @notice The meter that counts what they trade in a microgrid.
    function meterIn(Trader memory trader, address account, uint32 microgrid) internal pure returns (address) {
        if (trader.meter == address(0) || trader.microgrid != microgrid) revert NoMeter(account, microgrid);
        return trader.meter;
    }
}
