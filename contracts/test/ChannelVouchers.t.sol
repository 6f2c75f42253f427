// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channels, Terms, Voucher} from "../src/Channels.sol";
import {ChannelDeployment} from "./support/ChannelDeployment.sol";

/// @title Which signature is worth what.
contract ChannelVouchersTest is ChannelDeployment {
    struct Vector {
        bytes32 key;
        address signer;
        uint256 chainId;
        address deployment;
        bytes32 channel;
        uint256 total;
        uint64 energy;
        bytes32 digest;
        bytes signature;
    }

    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    bytes32 private id;

    function setUp() external {
        deployChannels();
        id = openOne();
        pass(1 hours);
    }

    function test_Digest_Eip712() external view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Busbar Channels"),
                keccak256("1"),
                block.chainid,
                address(channels)
            )
        );
        assertEq(channels.domainSeparator(), domain);
        bytes32 hash = keccak256(
            abi.encode(keccak256("Voucher(bytes32 channel,uint256 total,uint64 energy)"), id, uint256(7), uint64(8))
        );
        assertEq(channels.voucherDigest(Voucher(id, 7, 8)), keccak256(abi.encodePacked(hex"1901", domain, hash)));
    }

    /// The same file holds the C# and the page to the same digests and signatures.
    function test_Digest_Vectors() external {
        Vector[] memory vectors = abi.decode(
            vm.parseJsonTypeArray(
                vm.readFile("test/vectors/vouchers.json"),
                ".vouchers",
                "Vector(bytes32 key,address signer,uint256 chainId,address deployment,bytes32 channel,uint256 total,uint64 energy,bytes32 digest,bytes signature)"
            ),
            (Vector[])
        );
        assertEq(vectors.length, 12);
        // Elsewhere, and on another chain than it was deployed on: as after a split.
        vm.chainId(99);
        bytes memory code = address(new Channels(vault, members, meters)).code;
        for (uint256 i = 0; i < vectors.length; ++i) {
            Vector memory from = vectors[i];
            vm.etch(from.deployment, code);
            vm.chainId(from.chainId);
            bytes32 digest = Channels(from.deployment).voucherDigest(Voucher(from.channel, from.total, from.energy));
            assertEq(digest, from.digest);
            assertEq(vm.addr(uint256(from.key)), from.signer);
            assertEq(keccak256(sign(uint256(from.key), digest)), keccak256(from.signature));
        }
    }

    function test_Close_Forged() external {
        refused(STRANGER_KEY, channels.voucherDigest(Voucher(id, 1, 2)), 1, 2, STRANGER);
        refused(PAYEE_KEY, channels.voucherDigest(Voucher(id, 1, 2)), 1, 2, PAYEE);
    }

    function test_Close_AnotherTotalOrEnergyThanSigned() external {
        bytes32 signed_ = channels.voucherDigest(Voucher(id, 1, 2));
        refused(PAYER_KEY, signed_, 2, 2, address(0));
        refused(PAYER_KEY, signed_, 1, 3, address(0));
    }

    function test_Close_OfAnotherChannel() external {
        vm.prank(PAYER);
        bytes32 other = channels.open(PAYEE, address(0), PRICE + 1, end(), AMOUNT);
        refused(PAYER_KEY, channels.voucherDigest(Voucher(other, 1, 2)), 1, 2, address(0));
    }

    function test_Close_OfAnotherContract() external {
        Channels other = new Channels(vault, members, meters);
        refused(PAYER_KEY, other.voucherDigest(Voucher(id, 1, 2)), 1, 2, address(0));
    }

    function test_Close_OfAnotherChain() external {
        vm.chainId(4242);
        bytes32 elsewhere = channels.voucherDigest(Voucher(id, 1, 2));
        vm.chainId(31_337);
        refused(PAYER_KEY, elsewhere, 1, 2, address(0));
    }

    /// After a split each half takes its own vouchers only.
    function test_Close_AfterASplit() external {
        bytes32 before = channels.voucherDigest(Voucher(id, 1, 2));
        vm.chainId(4242);
        refused(PAYER_KEY, before, 1, 2, address(0));
        vm.startPrank(PAYEE);
        closeWith(PAYER_KEY, id, 0.25 ether, 2);
        assertEq(vault.freeOf(PAYEE), 1.25 ether);
    }

    /// The same signature with the other s would be another string of bytes for the same voucher.
    function test_Close_HighS() external {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, channels.voucherDigest(Voucher(id, 1, 2)));
        bytes32 high = bytes32(ORDER - uint256(s));
        bytes32 vs = high | bytes32(uint256(28 - v) << 255);
        vm.prank(PAYEE);
        vm.expectRevert();
        channels.close(terms(), 1, 2, r, vs);
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.WrongSigner.selector, address(0), PAYER));
        channels.close(terms(), 1, 2, r, bytes32(ORDER / 2 + 1));
    }

    function test_Close_NoSignature() external {
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.WrongSigner.selector, address(0), PAYER));
        channels.close(terms(), 1, 2, 0, 0);
    }

    /// A signer that is none: without the check of the opening, a signature that is none would be theirs.
    function test_Close_NobodyIsNoSigner() external {
        Terms memory nobodys = terms();
        nobodys.signer = address(0);
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.NotOpen.selector, channels.idOf(nobodys)));
        channels.close(nobodys, 1, 2, 0, 0);
    }

    function test_Close_OfTheMetersKey() external {
        vm.prank(PAYER);
        bytes32 own = channels.open(PAYEE, METER, PRICE, end(), AMOUNT);
        Terms memory its = Terms(PAYER, PAYEE, METER, PRICE, uint40(time));
        pass(1);
        (bytes32 r, bytes32 vs) = promise_(PAYER_KEY, own, 5, 6);
        vm.startPrank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.WrongSigner.selector, PAYER, METER));
        channels.close(its, 5, 6, r, vs);
        (r, vs) = promise_(METER_KEY, own, 0.5 ether, 6);
        channels.close(its, 0.5 ether, 6, r, vs);
        assertEq(vault.freeOf(PAYEE), 1.5 ether);
    }

    /// @param needed The address that the refusal has to name; zero for any other than the payer.
    function refused(uint256 key, bytes32 digest, uint256 total, uint64 energy, address needed) private {
        (bytes32 r, bytes32 vs) = compact(key, digest);
        if (needed == address(0)) {
            uint8 v = 27 + uint8(uint256(vs) >> 255);
            bytes32 s = vs & bytes32(uint256(type(int256).max));
            needed = ecrecover(channels.voucherDigest(Voucher(id, total, energy)), v, r, s);
        }
        assertTrue(needed != PAYER, "it would be a good one");
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Channels.WrongSigner.selector, needed, PAYER));
        channels.close(terms(), total, energy, r, vs);
    }
}
