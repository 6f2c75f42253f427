// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors} from "../src/Anchors.sol";
import {Council} from "../src/Council.sol";
import {Members} from "../src/Members.sol";
import {Meters} from "../src/Meters.sol";
import {Flow, Span, SpanReport, SpanReports} from "../src/SpanReport.sol";
import {Storage} from "../src/Storage.sol";
import {Check} from "./support/Vm.sol";

/// @title Reads a report, as the contract that is told of one does.
contract SpanReader {
    function open(SpanReport calldata report, bytes32 domain, bytes32 subject, address meter, Flow flow)
        external
        pure
        returns (Span memory)
    {
        return SpanReports.open(report, domain, subject, meter, flow);
    }
}

/// @title What meters sign about deliveries, against test/vectors/spans.json, which holds C# and devices to the same.
contract SpanReportsTest is Check {
    struct SignedSpan {
        uint256 chainId;
        address deployment;
        bytes32 subject;
        address meter;
        uint8 flow;
        uint64 opened;
        uint64 closed;
        uint64 opening;
        uint64 closing;
        uint256 word;
        bytes preimage;
        bytes32 digest;
        bytes32 r;
        bytes32 vs;
    }

    SpanReader private reader;
    SignedSpan[] private vectors;

    function setUp() external {
        reader = new SpanReader();
        SignedSpan[] memory read = abi.decode(
            vm.parseJsonTypeArray(
                vm.readFile("test/vectors/spans.json"),
                ".spans",
                "SignedSpan(uint256 chainId,address deployment,bytes32 subject,address meter,uint8 flow,uint64 opened,uint64 closed,uint64 opening,uint64 closing,uint256 word,bytes preimage,bytes32 digest,bytes32 r,bytes32 vs)"
            ),
            (SignedSpan[])
        );
        assertEq(read.length, 4);
        for (uint256 i = 0; i < read.length; ++i) {
            vectors.push(read[i]);
        }
    }

    function test_Vectors_SameBytesAndSigner() external {
        for (uint256 i = 0; i < vectors.length; ++i) {
            SignedSpan memory from = vectors[i];
            bytes32 domain = domainOf(from);
            bytes memory signed = abi.encodePacked(domain, from.subject, from.meter, from.flow, from.word);
            assertEq(signed.length, 117);
            assertEq(keccak256(signed), keccak256(from.preimage));
            assertEq(keccak256(signed), from.digest);
            Span memory span = open(from, domain);
            assertEq(span.opened, from.opened);
            assertEq(span.closed, from.closed);
            assertEq(span.from, from.opening);
            assertEq(span.to, from.closing);
        }
    }

    /// One bit anywhere in what was signed, and it is somebody else's signature, or nobody's.
    function test_Vectors_AnyOtherWordsRefused() external {
        for (uint256 i = 0; i < vectors.length; ++i) {
            bytes32 domain = domainOf(vectors[i]);
            refuse(vectors[i], domain ^ bytes32(uint256(1)));
            for (uint256 bit = 0; bit < 256; bit += 8) {
                SignedSpan memory other = vectors[i];
                other.word ^= 1 << bit;
                refuse(other, domain);
            }
            SignedSpan memory another = vectors[i];
            another.subject ^= bytes32(uint256(1));
            refuse(another, domain);
            another = vectors[i];
            another.flow = 3 - another.flow;
            refuse(another, domain);
            another = vectors[i];
            another.meter = address(uint160(another.meter) ^ 1);
            refuse(another, domain);
        }
    }

    /// As the contract has it that deliveries are told to; also when the chain split off after it was deployed.
    function domainOf(SignedSpan memory from) private returns (bytes32 domain) {
        vm.chainId(from.chainId);
        domain = deployed(from.deployment).spanDomain();
        vm.chainId(from.chainId + 1);
        Storage store = deployed(from.deployment);
        assertTrue(store.spanDomain() != domain, "another chain");
        vm.chainId(from.chainId);
        assertEq(store.spanDomain(), domain);
    }

    function deployed(address meters) private returns (Storage) {
        return new Storage(Council(address(0)), Members(address(0)), Meters(meters), Anchors(address(0)));
    }

    function refuse(SignedSpan memory from, bytes32 domain) private {
        vm.expectPartialRevert(SpanReports.WrongReportSigner.selector);
        open(from, domain);
    }

    function open(SignedSpan memory from, bytes32 domain) private view returns (Span memory) {
        return reader.open(SpanReport(from.word, from.r, from.vs), domain, from.subject, from.meter, Flow(from.flow));
    }
}
