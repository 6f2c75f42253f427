using System.Text.Json;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Mqtt;
using Busbar.Node.Access;
using Busbar.Node.Api;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Live;
using Busbar.Node.Microgrids;
using Busbar.Node.Notifications;
using Busbar.Node.Rpc;
using Busbar.Node.Supply;
using Busbar.Store.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node;

/// <summary>The parts of a node as far as they have been started; stopped in the reverse order.</summary>
internal sealed class NodeParts : IAsyncDisposable
{
    /// <summary>The community's zone.</summary>
    public DateTimeZone Zone { get; set; } = DateTimeZone.Utc;

    public SqliteStore? Store { get; set; }

    public IChain? Chain { get; set; }

    public DeploymentFile? Deployment { get; set; }

    public Indexer? Indexer { get; set; }

    public AnchorDispatcher? Dispatcher { get; set; }

    public AnchorRefusals? Refusals { get; set; }

    public JournalAudit? Audit { get; set; }

    public JournalPump? Pump { get; set; }

    public List<MicrogridActor> Actors { get; } = [];

    public ReadingIntake? Intake { get; set; }

    public LedgerFeed? Feed { get; set; }

    public Ticker? Ticker { get; set; }

    public DayPacker? Packer { get; set; }

    public IClock? Clock { get; set; }

    public LiveBoard? Board { get; set; }

    public DeviceTokens? Tokens { get; set; }

    public ProofMaker? Proofs { get; set; }

    public LedgerView? Ledger { get; set; }

    public HouseDirectory? Houses { get; set; }

    public Presence? Presence { get; set; }

    public RefusalCounts? RefusalCounts { get; set; }

    public RulesKeeper? Rules { get; set; }

    public MeterChanges? Changes { get; set; }

    public LiveFeed? Live { get; set; }

    public AccessDesk? Access { get; set; }

    public NotificationDesk? Notifications { get; set; }

    public SupplyDesk? Supply { get; set; }

    public Deliveries.DeliveryLink? Deliveries { get; set; }

    /// <summary>Null in a community without a market on its ledger.</summary>
    public Deliveries.DeliveryDesk? Trading { get; set; }

    /// <summary>Null in a community without a market on its ledger.</summary>
    public Deliveries.DepositDesk? Deposits { get; set; }

    /// <summary>What screens are told of deliveries; null where the node carries none out.</summary>
    public Deliveries.IDeliveryStandings? Standings { get; set; }

    public SupplyWatch? SupplyWatch { get; set; }

    /// <summary>Null where the clock is stepped.</summary>
    public NodeMarks? Marks { get; set; }

    public Billing.BillingDesk? Billing { get; set; }

    /// <summary>Null in a community without money on its ledger.</summary>
    public Cash.CashDesk? Cash { get; set; }

    /// <summary>Null in a community without money on its ledger.</summary>
    public Billing.BooksDesk? Books { get; set; }

    /// <summary>Null in a community without channels on its ledger.</summary>
    public Channels.PayeeDesk? Channels { get; set; }

    /// <summary>Null in a community without a market or without channels on its ledger.</summary>
    public Channels.ChannelTurns? Turns { get; set; }

    public CommunityWatch? Watch { get; set; }

    public RpcServer? Rpc { get; set; }

    public WalletBlocks? WalletBlocks { get; set; }

    public NodeServer? Server { get; set; }

    /// <summary>Tells all devices the time.</summary>
    public void TellTime() => Server!.Mqtt.Publish(
        DeviceTopic.Time,
        JsonSerializer.SerializeToUtf8Bytes(new { now = InstantPattern.ExtendedIso.Format(Clock!.GetCurrentInstant()) }),
        MqttQos.AtMostOnce,
        retain: true);

    /// <summary>Tells the time every minute until cancelled.</summary>
    public async Task TellTimeAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), TimeProvider.System);
        do
        {
            TellTime();
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>Takes nothing in any more; what was taken is finished.</summary>
    public async ValueTask CloseDoorsAsync()
    {
        Supply?.Detach();
        Deliveries?.Detach();
        if (Server is not null)
            await Server.DisposeAsync();
        Server = null;
        if (Pump is not null)
            await Pump.DisposeAsync();
        Pump = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseDoorsAsync();
        foreach (var actor in Actors)
            await actor.DisposeAsync();
        Supply?.Dispose();
        Cash?.Dispose();
        Trading?.Dispose();
        Billing?.Dispose();
        Notifications?.Dispose();
        Access?.Dispose();
        Rules?.Dispose();
        Houses?.Dispose();
        if (Chain is not null)
            await Chain.DisposeAsync();
        if (Store is not null)
            await Store.DisposeAsync();
    }
}
