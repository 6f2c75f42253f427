using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Busbar.Bench.Ingest;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Meters;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Mqtt;
using Busbar.Node;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Supply;

/// <summary>
/// How long it takes from a purchase, sent to the node's JSON-RPC, to the closed relay of the buyer's delivery: whole devices that look once a
/// second, as they are delivered, at a node whose clock goes by itself. A buyer accepts a neighbour's offer, so that nothing has to be stored before.
/// </summary>
internal static class PurchaseLatencyBenchmark
{
    private const int Purchases = 40;
    private const uint Grid = 1;
    private const ulong Gas = 1_000_000;
    private const ulong Bought = 100_000;
    private const int AtOnce = 20;

    private static readonly UInt128 UnitPrice = 100_000_000_000_000_000;
    private static readonly Coin Purse = Coin.FromCoins(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        using var keys = NodeKeys.ForDemonstration(1);
        PrivateKey[] people = [.. Enumerable.Range(0, 2 * Purchases).Select(one => PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"Busbar bench trader {one}")))];
        await using var node = await BusbarNode.StartAsync(
            Options(Path.Combine(folder.Path, "node"), keys, people), keys, NullLoggerFactory.Instance, progress: null, cancellation);
        var boards = people.Select(_ => new TradingBoard()).ToArray();
        var devices = boards.Select((board, place) => MeterDevice.Open(
            DeviceOptions(Path.Combine(folder.Path, $"device {place}"), node, keys.Operator.Address), board, TimeProvider.System)).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = devices.Select(device => device.RunAsync(stop.Token)).ToArray();
        try
        {
            await AdmitAsync(node, keys, people, devices, cancellation);
            var times = new List<double>(Purchases);
            for (var pair = 0; pair < Purchases; pair++)
                times.Add(await BuyAsync(node, people[2 * pair], people[(2 * pair) + 1], boards[(2 * pair) + 1], cancellation));
            times.Sort();
            yield return ("purchase-to-relay-p50", times[Purchases / 2], "ms", Purchases);
            yield return ("purchase-to-relay-p99", times[Purchases * 99 / 100], "ms", Purchases);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var device in devices)
                device.Dispose();
            foreach (var key in people)
                key.Dispose();
        }
    }

    // The demand and the offer are there; what is timed is the buyer's yes.
    private static async Task<double> BuyAsync(BusbarNode node, PrivateKey seller, PrivateKey buyer, TradingBoard board, CancellationToken cancellation)
    {
        var contract = node.Contracts.Market!.Demands;
        var until = (ulong)(Now() + Duration.FromDays(1)).ToUnixTimeSeconds();
        await SendAsync(node, buyer, new(contract, Demands.EncodeDemand(Grid, Bought, UnitPrice, until, false), Gas), cancellation);
        var demand = node.Market.OpenDemands.Single(one => one.Terms.Buyer == buyer.Address);
        await SendAsync(node, seller, new(contract, Demands.EncodeOfferToSell(demand.Terms.ToWords(), true), Gas), cancellation);
        using var http = new HttpClient();
        var client = new EthereumClient(new JsonRpcClient(http, new Uri(node.Page, "/rpc")));
        var transaction = new Transaction
        {
            ChainId = node.Contracts.ChainId,
            Nonce = await client.GetTransactionCountAsync(buyer.Address, cancellationToken: cancellation),
            GasLimit = Gas,
            To = contract,
            Data = Demands.EncodeAccept(demand.Terms.ToWords(), seller.Address),
        };
        var signed = transaction.Sign(buyer).Raw;
        // Each block is a second later than the one before: what was made ready in a burst is ahead of the clocks, and meters wait for it.
        var head = await client.GetBlockAsync(BlockTag.Latest, cancellationToken: cancellation);
        while (Now().ToUnixTimeSeconds() <= (long)head!.Timestamp)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        // At any moment of the second in which the devices look.
        await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1_000)), TimeProvider.System, cancellation);
        var began = Stopwatch.GetTimestamp();
        await client.SendRawTransactionAsync(signed, cancellation);
        return Stopwatch.GetElapsedTime(began, await board.Closed.WaitAsync(Patience, cancellation)).TotalMilliseconds;
    }

    private static async Task AdmitAsync(
        BusbarNode node, NodeKeys keys, PrivateKey[] people, MeterDevice[] devices, CancellationToken cancellation)
    {
        var contracts = node.Contracts;
        foreach (var places in Enumerable.Range(0, people.Length).Chunk(AtOnce))
        {
            await SendAsync(
                node,
                keys.Regulator,
                new(contracts.Members, Members.EncodeAdmitMany([.. places.Select(place => new Members.Admission(people[place].Address, 3, PremisesOf(people[place])))])),
                cancellation);
            await SendAsync(
                node,
                keys.Regulator,
                new(contracts.Meters, Meters.EncodeRegisterMany([.. places.Select(place => new Meters.MeterInput(
                    devices[place].Id.Key,
                    (byte)MeterKind.Premises,
                    (byte)Commodity.Electricity,
                    Grid,
                    PremisesOf(people[place]),
                    people[place].Address,
                    LoadMeter.Firmware))])),
                cancellation);
        }

        foreach (var chunk in people.Chunk(AtOnce))
        {
            var deposits = chunk.Select(key =>
                new ChainCall(contracts.Money!.Vault, Vault.EncodeDepositFor(key.Address, (UInt128)Purse.Wei), Gas) { Value = Purse });
            await node.Chain.ExecuteAsync(new(keys.Operator, [.. deposits]), cancellation);
        }
    }

    private static async Task SendAsync(BusbarNode node, PrivateKey key, ChainCall call, CancellationToken cancellation)
    {
        var outcome = (await node.Chain.ExecuteAsync(new(key, [call]), cancellation))[0];
        if (!outcome.Succeeded)
            throw new InvalidOperationException($"the ledger refused: {outcome.Refusal ?? "the contract undid it"}");
        await node.FollowedAsync(cancellation);
    }

    private static Hash256 PremisesOf(PrivateKey key) => Keccak256.Hash(key.Address.ToArray());

    private static Instant Now() => new WallClock().GetCurrentInstant();

    private static NodeOptions Options(string folder, NodeKeys keys, PrivateKey[] people)
    {
        var allotted = people.ToDictionary(key => key.Address, _ => Coin.FromCoins(1_000));
        allotted[keys.Operator.Address] = NodeOptions.TreasuryStock;
        return new()
        {
            DataFolder = folder,
            Community = new()
            {
                Name = "Latency",
                Zone = DateTimeZone.Utc,
                Microgrids = [new(new MicrogridId(Grid), "Latency", LoadMeter.Describe(LoadMeter.Ids(1)))],
            },
            Genesis = Instant.FromUnixTimeSeconds(Now().ToUnixTimeSeconds()) - Duration.FromMinutes(5),
            SystemClock = new WallClock(),
            Allotted = allotted,
            HttpPort = 0,
            MqttPort = 0,
        };
    }

    private static MeterDeviceOptions DeviceOptions(string folder, BusbarNode node, Address community) => new()
    {
        Folder = folder,
        Password = "bench",
        KeystoreCost = new(2, 1),
        Domain = node.Contracts.SigningDomain,
        Community = community,
        Firmware = LoadMeter.Firmware,
        Link = meter => new()
        {
            Connection = new MqttClientOptions
            {
                Port = node.MqttPort,
                ClientId = meter.ToString(),
                UserName = meter.ToString(),
                Password = Encoding.ASCII.GetBytes(node.Tokens.For(meter)),
            },
        },
    };

    /// <summary>A board of 1 kW with a relay for deliveries alone.</summary>
    private sealed class TradingBoard : IMeterBoard, IDeliveryRelay
    {
        private readonly HeardRelay _relay = new();

        public Task<long> Closed => _relay.Closed;

        public Power Power => Power.FromWatts(1_000);

        public IRelay Delivery => _relay;
    }

    /// <summary>A relay whose first closing is heard.</summary>
    private sealed class HeardRelay : IRelay
    {
        private readonly TaskCompletionSource<long> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile RelayState _contact = RelayState.Open;

        public Task<long> Closed => _closed.Task;

        public RelayState ReadBack => _contact;

        public void Switch(RelayState wanted)
        {
            _contact = wanted;
            if (wanted == RelayState.Closed)
                _closed.TrySetResult(Stopwatch.GetTimestamp());
        }
    }
}
