// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channels, Terms, Voucher} from "../../src/Channels.sol";
import {Role} from "../../src/Members.sol";
import {VaultDeployment} from "./VaultDeployment.sol";

/// @title Channels over a vault with Ether, a payer and a payee with keys of their own.
abstract contract ChannelDeployment is VaultDeployment {
    bytes32 internal constant CHANNELS = "Channels";
    uint256 internal constant PAYER_KEY = 0xBEEF1;
    uint256 internal constant PAYEE_KEY = 0xBEEF2;
    uint256 internal constant METER_KEY = 0xBEEF3;
    uint256 internal constant STRANGER_KEY = 0xBEEF4;
    /// A tenth of an ether for a kWh.
    uint128 internal constant PRICE = 1e17;
    uint128 internal constant AMOUNT = 1 ether;
    uint40 internal constant LIFE = 1 days;

    address internal immutable PAYER = vm.addr(PAYER_KEY);
    address internal immutable PAYEE = vm.addr(PAYEE_KEY);
    address internal immutable METER = vm.addr(METER_KEY);
    address internal immutable STRANGER = vm.addr(STRANGER_KEY);
    Channels internal channels;
    uint40 internal opened;

    function deployChannels() internal {
        deployVault(address(0), "");
        channels = new Channels(vault, members, meters);
        install(CHANNELS, address(channels));
        admit(PAYER, Role.Consumer);
        admit(PAYEE, Role.Producer);
        give(PAYER, 10 ether);
        give(PAYEE, 1 ether);
    }

    function give(address account, uint256 amount) internal {
        vm.deal(account, account.balance + amount);
        vm.prank(account);
        vault.deposit{value: amount}(amount);
    }

    function terms() internal view returns (Terms memory) {
        return Terms(PAYER, PAYEE, PAYER, PRICE, opened);
    }

    function end() internal view returns (uint40) {
        return uint40(time) + LIFE;
    }

    function openOne() internal returns (bytes32 id) {
        vm.prank(PAYER);
        id = channels.open(PAYEE, address(0), PRICE, end(), AMOUNT);
        opened = uint40(time);
    }

    /// A signed voucher, as `close` takes it: r, and s with the parity above it.
    function promise_(uint256 key, bytes32 id, uint256 total, uint64 energy)
        internal
        view
        returns (bytes32 r, bytes32 vs)
    {
        return compact(key, channels.voucherDigest(Voucher(id, total, energy)));
    }

    function compact(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        (v, r, vs) = vm.sign(key, digest);
        vs |= bytes32(uint256(v - 27) << 255);
    }

    function pass(uint256 span) internal {
        time += span;
        vm.warp(time);
    }

    function closeWith(uint256 key, bytes32 id, uint256 total, uint64 energy) internal {
        (bytes32 r, bytes32 vs) = promise_(key, id, total, energy);
        channels.close(terms(), total, energy, r, vs);
    }

    function lockedNow() internal view returns (uint256) {
        return vault.lockedFor(address(channels), PAYER, CHANNELS);
    }
}
