using System.Buffers.Binary;
using Busbar.Bench.Running;
using Busbar.Bench.Web;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using Busbar.Mqtt.Server;
using Busbar.Node;
using Busbar.Node.Access;
using Busbar.Node.Api;
using Busbar.Node.Community;
using Busbar.Node.Live;
using Busbar.Node.Notifications;
using Busbar.Store.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Market;

/// <summary>The node's doors, gate and market over a board of 10,000 live adverts. What no question about the market touches is not there.</summary>
internal sealed class MarketHost : IAsyncDisposable
{
    private const int Adverts = 10_000;
    private const int InABlock = 100;

    private static readonly ContractAddresses Contracts = new(1, Number("council"), Number("members"), Number("meters"), Number("anchors"))
    {
        Market = new(Number("storage"), Number("taxes"), Number("board"), Number("demands")),
    };

    private static readonly Duration Life = Duration.FromHours(3);

    private readonly LedgerView _ledger = new(Contracts);
    private readonly WallClock _clock = new();
    private SqliteStore _store = null!;
    private AccessDesk _access = null!;
    private NodeKeys _keys = null!;
    private WebApplication _app = null!;
    private ulong _block;
    private int _posted;

    private MarketHost()
    {
    }

    public Uri Page { get; private set; } = null!;

    public static async Task<MarketHost> StartAsync(string folder, CancellationToken cancellation)
    {
        var host = new MarketHost();
        host.Begin();
        for (var i = 0; i < Adverts / InABlock; i++)
            host.Post(InABlock, back: Duration.FromMinutes(170) - Duration.FromMinutes(i * 1.69));
        await host.OpenAsync(folder, cancellation);
        return host;
    }

    /// <summary>A block with so many new adverts.</summary>
    public void Post(int count, Duration back = default)
    {
        var time = Instant.FromUnixTimeSeconds((_clock.GetCurrentInstant() - back).ToUnixTimeSeconds());
        Add(time, [.. Enumerable.Range(0, count).Select(i => Posted(i, time))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _access.Dispose();
        _keys.Dispose();
        await _store.DisposeAsync();
    }

    private async Task OpenAsync(string folder, CancellationToken cancellation)
    {
        var options = new NodeOptions
        {
            DataFolder = folder,
            Community = new() { Name = "Market", Zone = DateTimeZone.Utc, Microgrids = [] },
            Genesis = Instant.FromUtc(2026, 1, 1, 0, 0),
            SystemClock = _clock,
            HttpPort = 0,
        };
        _keys = NodeKeys.ForDemonstration(1);
        _store = await SqliteStore.OpenAsync(folder, TimeProvider.System, null, cancellation);
        _access = await AccessDesk.OpenAsync(
            _store,
            new() { ChainId = options.ChainId, Community = options.Community.Name },
            new NoLedgerRoles(),
            new NoPremisesBook(),
            _clock,
            TimeProvider.System,
            NullLoggerFactory.Instance,
            cancellation);
        var builder = PageHost.Create(options, certificates: null, NullLoggerFactory.Instance);
        builder.Services.AddSingleton(new NodeParts { Store = _store, Clock = _clock, Ledger = _ledger });
        builder.Services.AddSingleton(new LedgerExplorer(_store.Explorer, new(ExplorerStore.Contracts)));
        builder.Services.AddSingleton<ICallerSource>(_access.Callers);
        builder.Services.AddSingleton(_access);
        builder.Services.AddSingleton(_keys);
        Absent<MqttServer>(builder.Services);
        Absent<LiveFeed>(builder.Services);
        Absent<Presence>(builder.Services);
        Absent<NotificationDesk>(builder.Services);
        _app = builder.Build();
        Routes.Map(_app, webRoot: null, new(https: null), _access.Callers, authority: null);
        Page = (await PageHost.StartAsync(_app, options, cancellation))[0];
    }

    private void Begin()
    {
        // The two structures of the rules as they lie one after the other: every member is a word.
        ulong[] rules = [5_000_000, 20_000_000, 200, 300, 500, 200, 10_800, 86_400, 0, 1_000_000_000_000_000_000, 1_000, (ulong)Life.TotalSeconds, 500, 0];
        Add(_clock.GetCurrentInstant() - Life, [Event(0, [Board.Events.RulesTakenOver.Topic], [.. rules.SelectMany(Word)])]);
    }

    private IndexedEvent Posted(int place, Instant time)
    {
        var number = _posted++;
        var terms = new AdvertTerms(
            Number($"seller {number % 500}"),
            new(1),
            Energy.FromMilliwattHours(1_000_000 + (number % 7_919 * 1_000L)),
            new AdvertPrice(Price.FromWeiPerKilowattHour(50_000_000_000_000_000 + (ulong)(number * 7_919L % 10_007) * 5_000_000_000_000), 1_000, time, Life),
            new(Number("store")));
        return Event(
            place,
            [Board.Events.AdvertPosted.Topic, terms.Id(), new(Word(terms.Seller)), new(Word(1))],
            [.. terms.ToWords().SelectMany(word => word.ToArray())]);
    }

    private void Add(Instant time, IReadOnlyList<IndexedEvent> events)
    {
        var block = ++_block;
        _ledger.Apply(new ChainChange.BlockAdded(
            new(block, Hash($"block {block}"), Hash($"block {block - 1}"), time, 1, 100_000), [.. events.Select(one => one with { Block = block })]));
    }

    private static IndexedEvent Event(int place, IReadOnlyList<Hash256> topics, byte[] data) =>
        new(0, place, Hash("a transaction"), Contracts.Market!.Board, topics, data);

    private static byte[] Word(ulong value)
    {
        var word = new byte[Hash256.Length];
        BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(24), value);
        return word;
    }

    private static byte[] Word(Address address)
    {
        var word = new byte[Hash256.Length];
        address.CopyTo(word.AsSpan(12));
        return word;
    }

    private static Hash256 Hash(string name) => Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(name));

    private static Address Number(string name) => new(Hash(name).ToArray().AsSpan(12));

    private static void Absent<T>(IServiceCollection services)
        where T : class =>
        services.AddSingleton<T>(_ => throw new InvalidOperationException($"there is no {typeof(T).Name} behind the market"));
}
