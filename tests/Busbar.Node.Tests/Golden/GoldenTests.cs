using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Proofs;
using Busbar.Node.Clock;
using Busbar.Node.Microgrids;
using Busbar.Node.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Busbar.Node.Tests.Golden;

/// <summary>The journals of all releases come out with what their release knew: nothing decided is ever judged again.</summary>
public sealed class GoldenTests
{
    private const string MakeVariable = "BUSBAR_GOLDEN";

    public static TheoryData<string> Releases =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Replay_JournalOfARelease_StateAndClosingsAsThen(string release) =>
        await ReplayAsync(GoldenJournal.Read(Path.Combine(AppContext.BaseDirectory, "Golden", release + ".json")));

    [EngineFact]
    public async Task Replay_JournalOfThisBuild_StateOfItsOwner()
    {
        var made = await GoldenMaker.MakeAsync();
        var kinds = made.Records.Select(record => (RecordKind)int.Parse(record.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Superset(
            new HashSet<RecordKind>
            {
                RecordKind.Configuration, RecordKind.LedgerEvent, RecordKind.Message, RecordKind.Tick, RecordKind.Command, RecordKind.Decision,
            },
            kinds);
        await ReplayAsync(made);
        if (Environment.GetEnvironmentVariable(MakeVariable) is { Length: > 0 } path)
            made.Write(path);
    }

    private static async Task ReplayAsync(GoldenJournal golden)
    {
        var domain = new SigningDomain(golden.ChainId, Address.Parse(golden.Deployment));
        var journal = new RecordedJournal(golden.Records);
        var surroundings = new ActorSurroundings(
            journal, domain, Hash256.Parse(golden.Master), new SteppedClock(TestCommunity.At(0)), TimeProvider.System, NullLogger<MicrogridActor>.Instance);
        var name = JournalName.Microgrid(1);
        // Rules that are not the journal's: what it says of them must be enough.
        var other = new MeteringRules { Waiting = NodaTime.Duration.FromHours(3), LateLimit = NodaTime.Duration.FromHours(1) };
        var (state, from) = await MicrogridRecovery.LoadAsync(surroundings, name, new(1), other, default);
        Assert.Empty(await MicrogridRecovery.ReplayAsync(surroundings, name, state, from, default));

        Assert.Equal(golden.State, StateText.Of(state, domain));
        var checkpoint = state.ToCheckpoint();
        if (checkpoint[0] == golden.CheckpointVersion)
            Assert.Equal(golden.CheckpointHash, StateText.HashOf(checkpoint));
        var closings = new List<string>();
        await foreach (var entry in journal.ReadAsync(name, 0, default))
        {
            if (entry.Record.Kind == RecordKind.Decision)
                closings.AddRange(StateText.Of(BatchDecision.Read(entry.Record)));
        }

        Assert.Equal(golden.Closings, closings);
        Assert.NotEmpty(golden.Proofs);
        foreach (var proof in golden.Proofs)
            CheckProof(proof, domain);
    }

    private static void CheckProof(JsonElement json, SigningDomain domain)
    {
        Assert.True(ProofDocument.TryParse(JsonSerializer.SerializeToUtf8Bytes(json), out var proof, out var error), error);
        Assert.Equal(proof.Header.Root, proof.Path.RootFor(proof.Leaf));
        if (proof.Reading is { } signed)
        {
            Assert.True(signed.IsGenuine(domain, out var digest));
            Assert.Equal(proof.Leaf.ReadingDigest, digest);
        }
        else
        {
            Assert.True(proof.Leaf.Flags.HasFlag(LeafFlags.Estimated));
        }
    }
}
