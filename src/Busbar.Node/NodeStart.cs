using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Mqtt;
using Busbar.Node.Api;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Live;
using Busbar.Node.Microgrids;
using Busbar.Node.Rpc;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node;

/// <summary>Starts the parts of a node in their order.</summary>
internal static class NodeStart
{
    internal const string DeploymentFileName = "addresses.json";

    // The node puts its contracts on an empty engine.
    private const ulong FirstBlock = 1;

    public static async Task OpenAsync(
        NodeParts parts,
        NodeOptions options,
        NodeKeys keys,
        ILoggerFactory logs,
        IProgress<StartStep>? progress,
        CancellationTokenSource stopping,
        CancellationToken cancellation)
    {
        CheckDescription(options);
        parts.Clock = options.SteppedClock ?? options.SystemClock;
        parts.Zone = options.Community.Zone;
        progress?.Report(new(StartPart.Store, "opening the store"));
        parts.Store = await SqliteStore.OpenAsync(options.DataFolder, TimeProvider.System, options: null, cancellation);
        await OpenLedgerAsync(parts, options, keys, progress, cancellation);
        progress?.Report(new(StartPart.Microgrids, "bringing the microgrids to where they were"));
        await OpenMicrogridsAsync(parts, options, keys, logs, cancellation);
        foreach (var actor in parts.Actors)
        {
            actor.Decided = batch => Tell(parts, batch);
            actor.Start(stopping.Token);
        }

        await parts.Feed!.CatchUpAsync(cancellation);
        await OpenHousesAsync(parts, options, keys, cancellation);
        await RestoreTailsAsync(parts, logs, progress, cancellation);
        await RestoreBoardAsync(parts, cancellation);
        await NodeDesks.OpenAsync(parts, options, keys, logs, cancellation);
        parts.RefusalCounts = new(parts, TimeProvider.System);
        parts.Live = new(parts, options, TimeProvider.System);
        progress?.Report(new(StartPart.Doors, "opening the doors"));
        if (options.DoorsOpening is { } opening)
            await opening();
        parts.Server = await NodeServer.StartAsync(parts, options, keys, logs, cancellation);
        parts.Supply!.Attach(parts.Server.Mqtt);
        parts.Deliveries!.Attach(parts.Server.Mqtt);
        await parts.Dispatcher!.ResumeAsync(cancellation);
        parts.TellTime();
    }

    private static void CheckDescription(NodeOptions options)
    {
        var community = options.Community;
        var length = community.Rules.Length;
        if (options.TestWallets.Count > 0 && !options.IsDemonstration)
            throw new NodeStartException("test wallets were given to a node that is no demonstration: it would tell their keys to everybody");
        if (!length.Divides(community.Zone, options.Genesis, options.Genesis + Duration.FromDays(3650)))
            throw new NodeStartException($"intervals of {length} do not divide the offset of {community.Zone.Id}; choose 30, 15, 5 or 1 minutes");
        if (community.AllMeters.GroupBy(pair => pair.Meter.Meter).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new NodeStartException($"the meter {twice.Key} is described {twice.Count()} times; a key meters one point");
        if (community.AllMeters.GroupBy(pair => pair.Meter.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } named)
            throw new NodeStartException($"{named.Count()} meters are called {named.Key}; give each its own name");
        CheckDoors(options);
    }

    /// <summary>Page and API leave this machine by HTTPS alone.</summary>
    /// <exception cref="NodeStartException">Otherwise.</exception>
    public static void CheckDoors(NodeOptions options)
    {
        if (!System.Net.IPAddress.IsLoopback(options.Address) && options.Https is null)
            throw new NodeStartException($"the page is served to other machines by HTTPS alone; {options.Address} was asked for without --host");
    }

    private static async Task OpenLedgerAsync(
        NodeParts parts, NodeOptions options, NodeKeys keys, IProgress<StartStep>? progress, CancellationToken cancellation)
    {
        progress?.Report(new(StartPart.Engine, "starting the ledger's engine"));
        var store = parts.Store!;
        var engine = await EngineChain.StartAsync(
            new()
            {
                Folder = Path.Combine(options.DataFolder, "engine"),
                ChainId = options.ChainId,
                GenesisTime = options.Genesis,
                Allotted = options.Allotted ?? new Dictionary<Address, Coin> { [keys.Operator.Address] = NodeOptions.TreasuryStock },
                BinaryPath = options.EngineBinary,
                EventsFrom = await EventsFromAsync(store.Events, cancellation),
            },
            store.Journal,
            TimeProvider.System,
            cancellation);
        parts.Chain = engine;
        Instant? time = options.SteppedClock is null ? null : options.Genesis;
        var file = Path.Combine(options.DataFolder, DeploymentFileName);
        parts.Deployment = File.Exists(file)
            ? await DeploymentFile.ReadAsync(file, cancellation)
            : await DeployAsync(engine, options, keys, file, time, progress, cancellation);
        var contracts = parts.Deployment.Contracts;
        if (contracts.ChainId != options.ChainId)
            throw new NodeStartException($"{file} is of chain {contracts.ChainId}, the node is set to {options.ChainId}; one of them is wrong");
        progress?.Report(new(StartPart.Meters, "registering meters"));
        await new CommunityRegistrar(engine, contracts, keys).RegisterAsync(options.Community, time, cancellation);
        parts.Indexer = new(engine, store.Events, contracts, FirstBlock);
        await parts.Indexer.CatchUpAsync(cancellation);
        parts.Ledger = await LedgerView.LoadAsync(store.Events, contracts, FirstBlock, cancellation);
        await parts.Ledger.Offices.Council.ReadBoundsAsync(engine.Client, contracts.Council, cancellation);
        parts.Dispatcher = new(engine, contracts, store.Outbox, parts.Indexer, keys.Operator, TimeProvider.System);
        parts.WalletBlocks = new(engine, parts.Indexer, parts.Clock!, TimeProvider.System) { IsPaced = options.SteppedClock is null };
        parts.Rpc = RpcServer.Create(engine, store.Events, contracts, parts.WalletBlocks, parts.Clock!, TimeProvider.System, options.SteppedClock is not null);
    }

    // An index of an older Busbar may lack the first blocks: then the engine's replay has to bring their events again.
    private static async Task<ulong?> EventsFromAsync(IEventIndex index, CancellationToken cancellation)
    {
        if (await index.HeadAsync(cancellation) is not { } head)
            return null;
        return await index.BlockAsync(FirstBlock, cancellation) is null ? FirstBlock : head.Number + 1;
    }

    private static async Task<DeploymentFile> DeployAsync(
        IChain chain,
        NodeOptions options,
        NodeKeys keys,
        string file,
        Instant? time,
        IProgress<StartStep>? progress,
        CancellationToken cancellation)
    {
        progress?.Report(new(StartPart.Contracts, "putting the contracts on the ledger"));
        // Regulators with keys of their own appoint the operator from their own machines: until then closed intervals wait.
        var chosen = options.Community.Regulators;
        var plan = new DeploymentPlan
        {
            Deployer = keys.Owner,
            Regulators = chosen.Count > 0 ? chosen : [keys.Regulator.Address],
            RegulatorKeys = chosen.Count > 0 ? [] : [keys.Regulator],
            Operator = keys.Operator.Address,
            Treasurer = keys.Operator.Address,
            IntervalLength = options.Community.Rules.Length,
            IsTakenUp = true,
            Rules = options.FirstRules,
            Time = time,
        };
        var deployment = await Deployment.DeployAsync(chain, plan, progress: null, cancellation);
        await deployment.WriteAsync(file, cancellation);
        return deployment;
    }

    private static async Task OpenMicrogridsAsync(
        NodeParts parts, NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        var contracts = parts.Deployment!.Contracts;
        var clock = parts.Clock!;
        parts.Board = new(clock, options.Community.Zone);
        parts.Tokens = DeviceTokens.Of(keys, await parts.Store!.DeviceTokens.AllAsync(cancellation));
        parts.Refusals = new(failure => parts.Watch?.Refused(failure), logs.CreateLogger<AnchorRefusals>());
        parts.Audit = new(parts.Store!, TimeProvider.System, logs.CreateLogger<JournalAudit>());
        parts.Pump = new(parts.Store!.Journal, TimeProvider.System, logs.CreateLogger<JournalPump>());
        var surroundings = new ActorSurroundings(
            parts.Store.Journal, contracts.SigningDomain, keys.Master, clock, TimeProvider.System, logs.CreateLogger<MicrogridActor>());
        var rules = options.Community.Rules;
        MicrogridId[] ids = [default, .. options.Community.Microgrids.Select(microgrid => microgrid.Id)];
        foreach (var id in ids)
            parts.Actors.Add(await MicrogridActor.RecoverAsync(id, rules, surroundings, cancellation));
        parts.Presence = new(clock);
        parts.Intake = new(parts.Pump, parts.Board, parts.Presence, clock) { Unassigned = parts.Actors[0] };
        foreach (var actor in parts.Actors)
        {
            foreach (var meter in actor.MetersAtStart)
                parts.Intake.Route(meter.Meter, actor);
        }

        var actors = parts.Actors.Skip(1).ToDictionary(actor => actor.Microgrid);
        parts.Feed = new(actors, parts.Intake, parts.Pump, parts.Store.Events, parts.Ledger!, clock);
        parts.Ticker = new([.. actors.Values], parts.Pump, clock, TimeProvider.System, logs.CreateLogger<Ticker>());
        parts.Packer = new(parts.Store, clock, TimeProvider.System, logs.CreateLogger<DayPacker>());
        parts.Proofs = new(
            parts.Store.Readings, contracts, keys.Master, microgrid => actors.TryGetValue(microgrid, out var actor) ? actor.Meters : []);
    }

    // The operator's file is the last word on what it names; what it does not name stays as the page wrote it.
    private static async Task OpenHousesAsync(NodeParts parts, NodeOptions options, NodeKeys keys, CancellationToken cancellation)
    {
        var community = options.Community;
        parts.Houses = await HouseDirectory.OpenAsync(
            parts.Store!.Houses, parts.Ledger!, community.Microgrids.Select(microgrid => microgrid.Id), cancellation);
        var described = community.AllMeters.Select(pair => pair.Meter.ToHouse(pair.Microgrid.Id, keys, parts.Houses.Find(pair.Meter.Meter)))
            .Where(house => parts.Houses.Find(house.Meter) != house).ToArray();
        if (described.Length > 0 && await parts.Houses.PutAsync(described, cancellation) is [{ } refused, ..])
            throw new NodeStartException($"{described[refused.Line - 1].Name} in the community's description: {refused.Detail}");
        var directory = parts.Houses;
        parts.Board!.Counted = () => directory.All().Where(house => house.Kind != MeterKind.Transformer)
            .Select(house => KeyValuePair.Create(house.Meter, house.Microgrid));
        parts.Changes = new(parts.Actors, parts.Pump!, parts.Clock!);
        parts.Rules = new(parts.Actors, community, parts.Houses, parts.Pump!, parts.Clock!);
        await parts.Rules.ApplyAsync(cancellation);
    }

    // A journal that was cut off has forgotten what the store, and perhaps the ledger, still know.
    private static async Task RestoreTailsAsync(
        NodeParts parts, ILoggerFactory logs, IProgress<StartStep>? progress, CancellationToken cancellation)
    {
        foreach (var actor in parts.Actors)
        {
            if (!await parts.Store!.IsRepairedAsync(actor.Owner.Journal, cancellation))
                continue;
            progress?.Report(new(StartPart.Microgrids, $"taking back what was cut off journal {actor.Owner.Journal}"));
            var restoration = new TailRestoration(parts.Store.Readings, parts.Pump!, parts.Clock!, logs.CreateLogger<TailRestoration>());
            await restoration.RunAsync(actor, cancellation);
            await parts.Store.ForgetRepairAsync(actor.Owner.Journal, cancellation);
        }
    }

    private static async Task RestoreBoardAsync(NodeParts parts, CancellationToken cancellation)
    {
        foreach (var actor in parts.Actors)
        {
            foreach (var meter in actor.Meters.Select(registration => registration.Meter).Distinct())
            {
                if (actor.AtRest.LastReading(meter) is { } last)
                    await BoardRestoration.RestoreAsync(parts.Board!, parts.Store!.Readings, last, cancellation);
            }
        }
    }

    private static void Tell(NodeParts parts, MicrogridBatch batch)
    {
        foreach (var (reading, before) in batch.Accepted)
            parts.Board!.TakeReading(reading, before);
        if (parts.Server is not { } server)
            return;
        foreach (var notice in batch.Notices)
        {
            parts.Watch?.Refused(notice.Meter, notice.Refused);
            if (notice.Firmware is { } firmware)
                parts.Presence!.TakeFirmware(notice.Meter, firmware);
            var payload = JsonSerializer.SerializeToUtf8Bytes(new
            {
                sequence = notice.Sequence?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                reason = notice.Refused.Reason,
                detail = notice.Refused.Detail,
                expected = (notice.Refused as ReadingRefused.SequenceGap)?.Expected.ToString(System.Globalization.CultureInfo.InvariantCulture),
            });
            server.Mqtt.Publish(DeviceTopic.For(notice.Meter, DeviceChannel.Refused), payload, MqttQos.AtLeastOnce);
        }
    }
}
