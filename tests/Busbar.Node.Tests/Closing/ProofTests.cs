using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Proofs;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Closing;

/// <summary>From the wire to a proof that holds against the chain alone, and what becomes of it when anything is bent.</summary>
public sealed class ProofTests
{
    [EngineFact]
    public async Task Run_ReadingsEndToEnd_StoreAndLedgerAgreeAndEveryReadingIsProven()
    {
        await using var community = await TestCommunity.StartAsync(
            new("house 1"), new("house 2"), new("house 3"), new("transformer", MeterKind.Transformer));

        await community.RunAsync(0, 4);

        var totals = await community.Node.TotalsAsync(default);
        var energy = community.EnergyBetween(0, 4);
        Assert.Equal(energy, totals.Store);
        Assert.Equal(energy, totals.Ledger);
        Assert.Equal((20, 0, 0), (totals.Acknowledged, totals.Refused, totals.Quarantined));
        Assert.Equal((4, 4, 0, 0), (totals.Closed, totals.Anchored, totals.Corrected, totals.Waiting));
        for (var boundary = 0; boundary < 4; boundary++)
        {
            foreach (var meter in community.Meters.Where(meter => meter.Kind == MeterKind.Premises))
            {
                var proof = await community.ProofAsync(meter, boundary);
                Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: false), await community.VerifyAsync(proof));
                Assert.Equal(meter.RegistersAt(boundary + 1), proof.Leaf.Closing);
            }
        }

        var transformer = community.Meters[3];
        Assert.Null(await community.Node.Proofs.ProveAsync(TestCommunity.Grid, transformer.Id, TestCommunity.At(0), null, default));
        var outline = await community.Node.Proofs.OutlineAsync(TestCommunity.Grid, TestCommunity.At(1), null, default);
        Assert.Equal((3, community.EnergyBetween(1, 2)), (outline!.Count, outline.Root.Sum));
        Assert.Equal(outline.Root.Hash, Assert.Single(Assert.Single(outline.Levels)).Hash);
        Assert.Null(await community.Node.Proofs.OutlineAsync(TestCommunity.Grid, TestCommunity.At(1), 2, default));
        var parsed = ProofDocument.TryParse((await community.ProofAsync(community.Meters[0], 1)).ToJson(), out var again, out _);
        Assert.True(parsed);
        Assert.IsType<ProofOutcome.Genuine>(await community.VerifyAsync(again!));
        await TamperedProofsFailAsync(community);
    }

    [EngineFact]
    public async Task Run_SameSeed_SameFinalBlockHash()
    {
        var hashes = new List<Hash256>();
        for (var run = 0; run < 2; run++)
        {
            await using var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"));
            await community.RunAsync(0, 3);
            hashes.Add((await community.Node.TotalsAsync(default)).FinalBlockHash);
        }

        Assert.Equal(hashes[0], hashes[1]);
    }

    private static async Task TamperedProofsFailAsync(TestCommunity community)
    {
        var proof = await community.ProofAsync(community.Meters[0], 1);
        var other = await community.ProofAsync(community.Meters[1], 1);
        var later = await community.ProofAsync(community.Meters[0], 2);
        var (header, leaf, path, signed) = (proof.Header, proof.Leaf, proof.Path, proof.Reading!);
        var more = new EnergySum(leaf.Energy.Import + Energy.FromMilliwattHours(1), leaf.Energy.Export);
        var sibling = path.Siblings[0];
        var siblings = path.Siblings.Skip(1).Prepend(sibling with { Sum = sibling.Sum + new EnergySum(Energy.FromMilliwattHours(1), default) });
        var root = header.Root with { Sum = header.Root.Sum + new EnergySum(Energy.FromMilliwattHours(1), default) };
        var unsigned = signed.Reading with { Sequence = signed.Reading.Sequence + 1 };
        (string Bent, ProofDocument Proof, Type Outcome)[] cases =
        [
            ("energy", proof with { Leaf = leaf with { Energy = more } }, typeof(ProofOutcome.WrongRoot)),
            ("salt", proof with { Leaf = leaf with { Salt = leaf.ReadingDigest } }, typeof(ProofOutcome.WrongRoot)),
            ("sibling's sum", proof with { Path = path with { Siblings = [.. siblings] } }, typeof(ProofOutcome.WrongRoot)),
            ("sibling missing", proof with { Path = path with { Siblings = [.. path.Siblings.Skip(1)] } }, typeof(ProofOutcome.WrongShape)),
            ("place", proof with { Path = path with { Index = path.Index == 0 ? 1 : 0 } }, typeof(ProofOutcome)),
            ("reading of another", proof with { Reading = other.Reading }, typeof(ProofOutcome)),
            ("reading of another interval", proof with { Reading = later.Reading }, typeof(ProofOutcome.WrongReading)),
            ("reading's number", proof with { Reading = signed with { Reading = unsigned } }, typeof(ProofOutcome.WrongSignature)),
            ("no reading", proof with { Reading = null }, typeof(ProofOutcome.WrongShape)),
            ("anchored sum", proof with { Header = header with { Root = root } }, typeof(ProofOutcome.WrongRoot)),
            ("version", proof with { Header = header with { Version = 2 } }, typeof(ProofOutcome.NotAnchored)),
            ("transformer", proof with { Header = header with { Transformer = leaf.Salt } }, typeof(ProofOutcome.NotAnchored)),
            ("microgrid", proof with { Header = header with { Microgrid = new(2) } }, typeof(ProofOutcome.NotAnchored)),
            ("contracts", proof with { Contracts = proof.Contracts with { Anchors = community.Node.Contracts.Council } }, typeof(ProofOutcome.WrongShape)),
        ];
        foreach (var (bent, tampered, expected) in cases)
        {
            var outcome = await community.VerifyAsync(tampered);
            Assert.True(outcome is not ProofOutcome.Genuine && expected.IsInstanceOfType(outcome), $"{bent}: {outcome}");
        }
    }
}
