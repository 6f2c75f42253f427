using System.Text.Json;
using Busbar.Domain.Metering;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Journal;
using Busbar.Node.Intake;
using Busbar.Node.Microgrids;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.Tests.Golden;

/// <summary>Makes a golden journal with everything in it that a microgrid's journal can hold.</summary>
internal static class GoldenMaker
{
    private static readonly JournalName Journal = JournalName.Microgrid(1);

    public static async Task<GoldenJournal> MakeAsync()
    {
        await using var community = await TestCommunity.StartAsync(
            new("house 1"), new("house 2"), new("house 3"), new("transformer", MeterKind.Transformer));
        await LiveAsync(community);
        var proofs = new List<JsonElement>();
        foreach (var (boundary, version) in ((int, int)[])[(0, 1), (2, 1), (2, 2), (3, 1)])
        {
            foreach (var meter in community.Meters.Take(3))
                proofs.Add(JsonElement.Parse((await community.ProofAsync(meter, boundary, version)).ToJson()));
        }

        var contracts = community.Node.Contracts;
        await community.CloseAsync();
        await ChangeMeterAsync(community, contracts);
        return await ReadAsync(community, contracts, proofs);
    }

    // A silent meter and its truth, a gap, readings lost, a repeat, and refusals with and without a genuine signature.
    private static async Task LiveAsync(TestCommunity community)
    {
        var (first, second) = (community.Meters[0], community.Meters[1]);
        await community.RunAsync(0, 2);
        var connection = await community.ConnectionOfAsync(first);
        await community.StepAsync(3, [first, .. community.Meters.Skip(2)]);
        await community.MoveToAsync(TestCommunity.At(3) + community.Rules.Waiting);
        await community.MoveToAsync(TestCommunity.At(4));
        await (await community.ConnectionOfAsync(second)).ReadAsync(3);
        await community.StepAsync(4, [.. community.Meters]);
        await connection.SendAsync("{\"meter\":1}"u8.ToArray());
        await connection.SendAsync(second.Seal(second.Read(5) with { Sequence = 1 }, community.Domain));
        second.Next--;
        await community.MoveToAsync(TestCommunity.At(5));
        first.Next += 2;
        await connection.ReadAsync(5);
        first.Next--;
        var lost = first.Seal(first.Read(5, ReadingFlags.ClockSet | ReadingFlags.ReadingsLost), community.Domain);
        await connection.SendAsync(lost);
        await connection.SendAsync(lost);
        await community.StepAsync(5, [.. community.Meters.Skip(1)]);
        await connection.SendAsync(first.Seal(first.Read(6) with { Instant = TestCommunity.At(7) }, community.Domain));
        await community.MoveToAsync(TestCommunity.At(5) + community.Rules.CorrectionDelay);
    }

    // No command reaches a running node yet, so the operator's record goes in by the actor's own door.
    private static async Task ChangeMeterAsync(TestCommunity community, ContractAddresses contracts)
    {
        await using var store = await SqliteStore.OpenAsync(community.Folder, TimeProvider.System, null, default);
        var clock = new Clock.SteppedClock(TestCommunity.At(6));
        var surroundings = new ActorSurroundings(
            store.Journal, contracts.SigningDomain, community.Keys.Master, clock, TimeProvider.System, NullLogger<MicrogridActor>.Instance);
        await using var actor = await MicrogridActor.RecoverAsync(new(1), community.Rules, surroundings, default);
        actor.Start(CancellationToken.None);
        var meter = community.Meters[2];
        meter.Boot = 2;
        var anew = meter.Sign(meter.Read(6) with { Registers = default }, contracts.SigningDomain);
        await WriteAsync(store, actor, new CommandRecord(meter.Id, "changed after a fault").Write(TestCommunity.At(6)));
        await WriteAsync(store, actor, MessageRecord.Write(
            Transport.Http, MessageForm.Json, meter.Id, ReadingJson.Encode(anew), TestCommunity.At(6)));
        await WriteAsync(store, actor, MicrogridBatch.Tick(TestCommunity.At(6)));
        await WriteAsync(store, actor, MicrogridBatch.Tick(TestCommunity.At(6) + community.Rules.Waiting + Duration.FromSeconds(1)));
    }

    private static async Task WriteAsync(SqliteStore store, MicrogridActor actor, JournalRecord record)
    {
        var position = await store.Journal.AppendAsync(new(actor.Owner, [record], []), default);
        await actor.TakeAsync([new(position, record)], default);
        await actor.WhenAppliedAsync(position, default);
    }

    private static async Task<GoldenJournal> ReadAsync(TestCommunity community, ContractAddresses contracts, IReadOnlyList<JsonElement> proofs)
    {
        await using var store = await SqliteStore.OpenAsync(community.Folder, TimeProvider.System, null, default);
        var (records, closings) = (new List<string>(), new List<string>());
        await foreach (var entry in store.Journal.ReadAsync(Journal, 0, default))
        {
            records.Add(RecordedJournal.Line(entry.Record));
            if (entry.Record.Kind == RecordKind.Decision)
                closings.AddRange(StateText.Of(BatchDecision.Read(entry.Record)));
        }

        var checkpoint = await store.Journal.LoadCheckpointAsync(Journal, default)
            ?? throw new InvalidOperationException("the actor kept no checkpoint");
        return new()
        {
            ChainId = contracts.ChainId,
            Deployment = contracts.Meters.ToString(),
            Master = community.Keys.Master.ToString(),
            State = StateText.Of(MicrogridState.FromCheckpoint(checkpoint.State, new(1), community.Keys.Master), contracts.SigningDomain),
            CheckpointVersion = checkpoint.State.Span[0],
            CheckpointHash = StateText.HashOf(checkpoint.State.ToArray()),
            Closings = closings,
            Proofs = proofs,
            Records = records,
        };
    }
}
