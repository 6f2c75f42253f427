using System.Diagnostics;
using System.Numerics;
using System.Text;
using Busbar.Bench.Ingest;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Mqtt;
using Busbar.Node;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using BillingContract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Bench.Supply;

/// <summary>
/// How long it takes from a household's payment, sent to the node's JSON-RPC, to its closed relay: homes that were billed, did not pay and
/// have tripped pay one after the other. The clock is stepped up to there; what is timed goes by itself.
/// </summary>
internal static class PaymentLatencyBenchmark
{
    private const int Homes = 100;
    private const ulong Gas = 500_000;

    // Bills come with February, are due at once, and have the 14 days of grace that the rules demand.
    private static readonly Instant First = Instant.FromUtc(2026, 1, 30, 0, 0);
    private static readonly int Boundaries = 18 * 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        using var keys = NodeKeys.ForDemonstration(1);
        PrivateKey[] meters = [.. Enumerable.Range(0, Homes).Select(home => Key("meter", home))];
        PrivateKey[] purses = [.. Enumerable.Range(0, Homes).Select(home => Key("household", home))];
        try
        {
            await using var node = await BusbarNode.StartAsync(
                Options(folder.Path, keys, meters, purses), keys, NullLoggerFactory.Instance, progress: null, cancellation);
            await PublishAsync(node, keys, cancellation);
            var source = new SteadyUse();
            await using var fleet = await MeterFleet.ConnectAsync(
                [.. meters.Select((key, home) => new VirtualMeter($"Home {home}", key, LoadMeter.Firmware))], source, FleetOptions(node, keys), TimeProvider.System, cancellation);
            for (var boundary = 0; boundary < Boundaries; boundary++)
            {
                node.MoveClock(source.InstantOf(boundary));
                await fleet.PublishAsync(boundary, cancellation);
                await node.AdvanceAsync(source.InstantOf(boundary), settle: true, cancellation);
                await fleet.MoveToAsync(source.InstantOf(boundary), cancellation);
            }

            await node.SettledAsync();
            await node.FollowedAsync(cancellation);
            var times = new List<double>(Homes);
            for (var home = 0; home < Homes; home++)
            {
                if (fleet.IsSupplied(home))
                    throw new InvalidOperationException($"home {home} has not tripped");
                // As the node's own limit on what one address asks demands.
                await Task.Delay(Rest, TimeProvider.System, cancellation);
                times.Add(await PayAsync(node, fleet, keys.PremisesOf(new(meters[home].Address)), purses[home], home, cancellation));
            }

            times.Sort();
            yield return ("payment-to-relay-p50", times[Homes / 2], "ms", Homes);
            yield return ("payment-to-relay-p99", times[Homes * 99 / 100], "ms", Homes);
        }
        finally
        {
            foreach (var key in meters.Concat(purses))
                key.Dispose();
        }
    }

    private static PrivateKey Key(string what, int home) => PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"Busbar bench {what} {home}"));

    private static async Task<double> PayAsync(
        BusbarNode node, MeterFleet fleet, PremisesId premises, PrivateKey purse, int home, CancellationToken cancellation)
    {
        var endpoint = new Uri(node.Page, "/rpc");
        using var http = new HttpClient();
        var client = new EthereumClient(new JsonRpcClient(http, endpoint));
        var payments = node.Contracts.Money!.Payments;
        var debt = (BigInteger)(await Payments.AccountOfAsync(client, payments, premises.Value, cancellationToken: cancellation)).Debt;
        var transaction = new Transaction
        {
            ChainId = node.Contracts.ChainId,
            GasLimit = Gas,
            To = payments,
            Value = debt,
            Data = Payments.EncodePay(premises.Value, debt),
        };
        var signed = transaction.Sign(purse).Raw;
        var began = Stopwatch.GetTimestamp();
        await client.SendRawTransactionAsync(signed, cancellation);
        while (!fleet.IsSupplied(home))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"home {home} has paid and is not supplied");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task PublishAsync(BusbarNode node, NodeKeys keys, CancellationToken cancellation)
    {
        var tariff = new Tariff
        {
            Name = "Bench",
            Zone = DateTimeZone.Utc,
            ValidFrom = new(2026, 1, 1),
            Grace = Duration.FromDays(14),
            Slabs = [new Slab(null, Price.FromCoinPerKilowattHour(Coin.FromCoins(1)), default)],
        };
        var call = BillingContract.EncodePublishTariff(
            TariffForm.ToContract(tariff.ToLedger(keys.Regulator.Address)), Encoding.UTF8.GetBytes(TariffDocument.Write(tariff)));
        await node.Chain.ExecuteAsync(new(keys.Regulator, [new ChainCall(node.Contracts.Money!.Billing, call)]) { Time = First - Duration.FromHours(2) }, cancellation);
        await node.FollowedAsync(cancellation);
    }

    private static NodeOptions Options(string folder, NodeKeys keys, PrivateKey[] meters, PrivateKey[] purses)
    {
        var allotted = purses.ToDictionary(key => key.Address, _ => Coin.FromCoins(1_000_000));
        allotted[keys.Operator.Address] = NodeOptions.TreasuryStock;
        var genesis = First - Duration.FromHours(3);
        return new()
        {
            DataFolder = folder,
            Community = new()
            {
                Name = "Latency",
                Zone = DateTimeZone.Utc,
                Rules = new() { Length = IntervalLength.FromMinutes(60) },
                Microgrids =
                [
                    new(new(1), "Latency", [.. meters.Select((key, home) => new MeterDescription(new(key.Address), $"Home {home}", MeterKind.Premises)
                    {
                        Participant = purses[home].Address,
                        Firmware = LoadMeter.Firmware,
                    })]),
                ],
            },
            Genesis = genesis,
            SteppedClock = new SteppedClock(genesis),
            SystemClock = new WallClock(),
            Allotted = allotted,
            HttpPort = 0,
            MqttPort = 0,
        };
    }

    private static MeterFleetOptions FleetOptions(BusbarNode node, NodeKeys keys) => new()
    {
        Domain = node.Contracts.SigningDomain,
        Community = keys.Operator.Address,
        SignAhead = 0,
        Connection = meter => new MqttClientOptions
        {
            Port = node.MqttPort,
            ClientId = meter.Name,
            UserName = meter.Id.ToString(),
            Password = Encoding.ASCII.GetBytes(node.Tokens.For(meter.Id)),
        },
    };

    /// <summary>Half a kilowatt-hour an hour in every home, trip or not: what is timed does not depend on it.</summary>
    private sealed class SteadyUse : IRegisterSource
    {
        private const long EachHour = 500_000;

        int IRegisterSource.Boundaries => PaymentLatencyBenchmark.Boundaries;

        public Instant InstantOf(int boundary) => First + Duration.FromHours(boundary);

        public bool TryRead(int boundary, int meter, out Registers registers)
        {
            registers = new(MeterRegister.FromMilliwattHours(boundary * EachHour), MeterRegister.Zero);
            return true;
        }
    }
}
