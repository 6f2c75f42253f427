using Busbar.Domain.Channels;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Engine;
using Busbar.Node.Access;
using Busbar.Node.Billing;
using Busbar.Node.Cash;
using Busbar.Node.Channels;
using Busbar.Node.Community;
using Busbar.Node.Deliveries;
using Busbar.Node.Notifications;
using Busbar.Node.Supply;
using Microsoft.Extensions.Logging;

namespace Busbar.Node;

/// <summary>Opens the desks of a node whose ledger and microgrids are there: access, notifications, supply, billing.</summary>
internal static class NodeDesks
{
    public static async Task OpenAsync(NodeParts parts, NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        parts.Access = await AccessDesk.OpenAsync(
            parts.Store!,
            new() { ChainId = options.ChainId, Community = options.Community.Name, IsDemonstration = options.IsDemonstration },
            new LedgerRoles(parts.Ledger!.Offices),
            new PremisesBook(parts.Houses!),
            parts.Clock!,
            TimeProvider.System,
            logs,
            cancellation);
        parts.Notifications = NotificationDesk.Create(
            options.Notifications,
            new(
                options.Community.Name,
                options.Community.Zone,
                keys.Derive("notifications"),
                parts.Store!.Notifications,
                new NotificationStandings(parts.Access, parts.Houses!, parts.Ledger!.Offices),
                parts.Clock!,
                TimeProvider.System,
                logs)
            {
                Enclosures = new BillEnclosures(parts.Ledger!, options.Community.Rules.Length, options.Community.Zone),
            });
        var bills = new BillCauses(parts.Ledger!, parts.Houses!);
        parts.Watch = new(
            parts.Notifications,
            parts.Houses!,
            parts.Board!,
            new(
                parts.Deployment!.Contracts,
                bills,
                parts.Deployment.Contracts.Market is { } market ? new MarketCauses(market, parts.Ledger!.Market) : null),
            parts.Feed!.AppliedAsync,
            options.Community,
            parts.Access,
            parts.Clock!,
            TimeProvider.System,
            logs.CreateLogger<CommunityWatch>());
        // A stepped clock says nothing of when the node ran.
        if (options.SteppedClock is null)
            parts.Marks = new(parts.Store!.Supply, parts.Clock!, TimeProvider.System, logs.CreateLogger<NodeMarks>());
        var calendar = options.Community.Supply ?? new(options.Community.Zone);
        parts.Intake!.Supply = parts.Supply = await SupplyDesk.OpenAsync(
            new(
                options.SupplyFacts ?? new BilledSupply(parts.Ledger!),
                calendar,
                parts.Marks is null ? [] : await parts.Marks.TakeUpAsync(calendar.Grace, cancellation),
                parts.Store!.Supply,
                keys.Operator,
                parts.Deployment!.Contracts.SigningDomain,
                parts.Presence!,
                parts.Clock!,
                TimeProvider.System,
                logs),
            cancellation);
        parts.Intake!.Deliveries = parts.Deliveries = new(
            keys.Operator,
            parts.Deployment!.Contracts.SigningDomain,
            parts.Clock!,
            TimeProvider.System,
            logs.CreateLogger<DeliveryLink>());
        parts.Billing = new(new(
            parts.Chain!,
            parts.Deployment!.Contracts,
            parts.Indexer!,
            parts.Ledger!,
            parts.Feed!.AppliedAsync,
            parts.Proofs!,
            parts.Store!.Readings,
            keys.Operator,
            options.Community.Zone,
            options.Community.Rules.Length,
            logs.CreateLogger<BillingDesk>()));
        if (parts.Deployment!.Contracts.Money is { } money)
        {
            parts.Cash = await CashDesk.OpenAsync(
                new(
                    parts.Chain!, money, parts.Indexer!, parts.Ledger!, parts.Feed!.AppliedAsync, parts.Store!.Cash, keys.Operator, parts.Clock!),
                cancellation);
        }

        await OpenChannelsAsync(parts, keys, logs, cancellation);
        await OpenMarketAsync(parts, options, keys, logs, cancellation);
        OpenBooks(parts, options, logs);
        parts.Supply.Late = parts.Watch.NotFollowing;
        parts.SupplyWatch = new(
            parts.Notifications,
            parts.Supply,
            parts.Ledger!,
            parts.Deployment!.Contracts,
            parts.Houses!,
            bills,
            parts.Clock!,
            TimeProvider.System,
            logs.CreateLogger<SupplyWatch>());
    }

    private static async Task OpenChannelsAsync(NodeParts parts, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        if (parts.Deployment!.Contracts.Channels is not { } contract)
            return;
        var ledger = new ChainChannels(
            parts.Chain!, contract, parts.Ledger!.Channels, stopping => CatchUpAsync(parts, stopping), keys.Operator, parts.Clock!);
        parts.Channels = await PayeeDesk.OpenAsync(
            ledger,
            parts.Store!.Vouchers,
            new(parts.Deployment.Contracts.ChainId, contract),
            BlockRule.Default,
            parts.Clock!,
            logs.CreateLogger<PayeeDesk>(),
            cancellation);
        if (parts.Deployment.Contracts.Market is null)
            return;
        parts.Turns = new(parts.Channels, new(parts.Chain!, contract, parts.Ledger.Market, keys.Operator), parts.Store.Turns);
        parts.Channels.IsAwaited = parts.Turns.IsAwaited;
    }

    private static async Task OpenMarketAsync(
        NodeParts parts, NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        if (parts.Deployment!.Contracts.Market is not { } contracts)
            return;
        parts.Standings = parts.Trading = await DeliveryDesk.OpenAsync(
            new(
                parts.Chain!,
                contracts,
                parts.Ledger!.Market,
                stopping => CatchUpAsync(parts, stopping),
                parts.Deliveries!,
                parts.Store!.Deliveries,
                keys.Operator,
                parts.Clock!,
                parts.Turns,
                logs.CreateLogger<DeliveryDesk>()),
            cancellation);
        parts.Ledger.MarketChanged += parts.Trading.Wake;
        if (parts.Channels is { } payees)
            payees.Heard = parts.Trading.Wake;
        parts.Deposits = new(new(
            parts.Chain!,
            parts.Deployment.Contracts,
            parts.Ledger,
            parts.Proofs!,
            stopping => CatchUpAsync(parts, stopping),
            keys.Operator,
            options.Community.Rules.Length,
            logs.CreateLogger<DepositDesk>()));
    }

    private static async Task CatchUpAsync(NodeParts parts, CancellationToken cancellation)
    {
        await parts.Indexer!.CatchUpAsync(cancellation);
        await parts.Feed!.AppliedAsync(cancellation);
    }

    private static void OpenBooks(NodeParts parts, NodeOptions options, ILoggerFactory logs)
    {
        if (parts.Deployment!.Contracts.Money is null)
            return;
        var sources = new BooksSources(
            parts.Store!.Events,
            parts.Deployment.Contracts,
            parts.Indexer!.FirstBlock,
            parts.Chain!.Client,
            parts.Store.Readings,
            options.Community.Zone)
        {
            KeepsOldState = parts.Chain is not EngineChain,
            CatchUp = parts.Indexer.CatchUpAsync,
            Slips = parts.Store.Cash.SlipsAsync,
        };
        parts.Books = new(sources, parts.Clock!, TimeProvider.System, logs.CreateLogger<BooksDesk>());
        parts.Ledger!.MoneyChanged += parts.Books.Changed;
    }
}
