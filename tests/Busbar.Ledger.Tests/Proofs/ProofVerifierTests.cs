using System.Text;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Proofs;
using Busbar.Ledger.Tests.Doubles;

namespace Busbar.Ledger.Tests.Proofs;

public sealed class ProofVerifierTests
{
    [EngineFact]
    public async Task VerifyAsync_GenuineAndTamperedProofs_EachByItsName()
    {
        await using var community = await TestCommunity.StartAsync();
        community.Close(1);
        community.Close(2);
        await community.SettleAsync(2);
        for (var meter = 0; meter < 5; meter++)
        {
            var genuine = community.Prove(2, meter);
            Assert.True(ProofDocument.TryParse(genuine.ToJson(), out var read, out var error), error);
            Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: false), await VerifyAsync(read));
        }

        var good = community.Prove(2, 3);
        var header = good.Header;
        var signed = good.Reading!;
        var more = new EnergySum(good.Leaf.Energy.Import + Energy.FromMilliwattHours(1), good.Leaf.Energy.Export);
        var salted = good.Leaf with { Salt = Keccak256.Hash([1]) };
        await ExpectAsync<ProofOutcome.WrongRoot>(good with { Leaf = salted });
        await ExpectAsync<ProofOutcome.WrongRoot>(good with { Leaf = good.Leaf with { Energy = more } });
        await ExpectAsync<ProofOutcome.WrongRoot>(good with { Path = good.Path with { Index = 2 } });
        await ExpectAsync<ProofOutcome.WrongShape>(good with { Path = good.Path with { Siblings = [.. good.Path.Siblings.Skip(1)] } });
        await ExpectAsync<ProofOutcome.WrongShape>(good with { Path = good.Path with { Count = 6 } });
        await ExpectAsync<ProofOutcome.WrongShape>(good with { Reading = null });
        await ExpectAsync<ProofOutcome.WrongShape>(good with { Contracts = good.Contracts with { Meters = good.Contracts.Anchors } });
        await ExpectAsync<ProofOutcome.WrongShape>(good with { Length = IntervalLength.FromMinutes(5) }, or: typeof(ProofOutcome.WrongReading));
        await ExpectAsync<ProofOutcome.WrongSignature>(good with { Reading = signed with { Reading = signed.Reading with { Sequence = 99 } } });
        await ExpectAsync<ProofOutcome.WrongSignature>(good with { Reading = community.Prove(2, 2).Reading! with { Reading = signed.Reading } });
        await ExpectAsync<ProofOutcome.WrongReading>(good with { Reading = community.Prove(1, 3).Reading });
        await ExpectAsync<ProofOutcome.NotAnchored>(good with { Header = header with { Version = 2 } });
        await ExpectAsync<ProofOutcome.NotAnchored>(good with { Header = header with { Transformer = Keccak256.Hash([2]) } });
        await ExpectAsync<ProofOutcome.NotAnchored>(good with { Header = header with { Microgrid = new(2) } });

        // A tree that says the same of a meter that is not registered: the right path, and still no proof.
        var alone = MerkleSumTree.Build([salted]);
        var invented = good with { Header = header with { Root = alone.Root, Count = 1 }, Leaf = salted, Path = alone.Prove(0) };
        await ExpectAsync<ProofOutcome.NotAnchored>(invented);

        Task<ProofOutcome> VerifyAsync(ProofDocument proof) =>
            ProofVerifier.VerifyAsync(community.Chain.Client, ProofDeployment.Of(community.Contracts), proof, CancellationToken.None);

        async Task ExpectAsync<T>(ProofDocument proof, Type? or = null)
            where T : ProofOutcome
        {
            var outcome = await VerifyAsync(proof);
            Assert.True(outcome is T || outcome.GetType() == or, $"{typeof(T).Name} was expected, not {outcome}");
        }
    }

    [Theory]
    [InlineData("format", "\"busbar-proof-2\"")]
    [InlineData("start", "1700000001")]
    [InlineData("start", "-900")]
    [InlineData("minutes", "7")]
    [InlineData("version", "0")]
    [InlineData("index", "\"0\"")]
    [InlineData("meters", "\"0x12\"")]
    [InlineData("siblings", "null")]
    [InlineData("siblings", "[null]")]
    [InlineData("leaf", "{}")]
    [InlineData("surplus", "1")]
    public void TryParse_DamagedMember_RefusedWithAReason(string member, string value)
    {
        var json = JsonNode.Parse(Sample().ToJson())!.AsObject();
        json[member] = JsonNode.Parse(value);
        Assert.False(ProofDocument.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TryParse_WhatWasWritten_TheSame()
    {
        var sample = Sample();
        Assert.True(ProofDocument.TryParse(sample.ToJson(), out var read, out var error), error);
        Assert.Equal(sample.ToJson(), read.ToJson());
    }

    [Fact]
    public void TryParse_TooLong_Refused()
    {
        Assert.False(ProofDocument.TryParse(new byte[ProofDocument.LongestDocument + 1], out _, out var error));
        Assert.Contains("longer", error, StringComparison.Ordinal);
    }

    private static ProofDocument Sample()
    {
        var key = TestEngine.NewKey("meter");
        var deployment = new ProofDeployment(5, TestEngine.NewKey("meters").Address, TestEngine.NewKey("anchors").Address);
        var interval = TestCommunity.Interval(1);
        var registers = new Registers(MeterRegister.FromMilliwattHours(long.MaxValue), MeterRegister.Zero);
        var reading = SignedReading.Sign(
            new Reading(new MeterId(key.Address), 1, ulong.MaxValue, interval.End, registers, Keccak256.Hash([1]), ReadingFlags.ClockSet),
            deployment.SigningDomain,
            key);
        var leaf = new Leaf(reading.Reading.Meter, registers, default, (LeafFlags)1, reading.Reading.Digest(deployment.SigningDomain), default);
        var tree = MerkleSumTree.Build([leaf, leaf with { Salt = Keccak256.Hash([2]) }]);
        var header = new AnchorHeader(new(1), interval.Start, 1, tree.Root, 2, default);
        return new(deployment, interval.Length, header, leaf, reading, tree.Prove(0));
    }
}
