using System.Buffers.Binary;
using System.Numerics;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Indexing;
using Busbar.Node.Tests.Testing;
using NodaTime;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>The operator's books: they agree, and one wei or one milliwatt-hour astray is found.</summary>
public sealed class BooksTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    [EngineFact]
    public async Task Books_OfARunVillage_AgreeAndSumUpItsBills()
    {
        var community = await shared.CommunityAsync();
        var debt = community.Node.Parts.Ledger!.Money.Billing.Find(shared.PremisesOf(1))!.Debt;
        var payments = community.Node.Contracts.Money!.Payments;
        await shared.SendAsync(shared.Friend, payments, Payments.EncodePay(shared.PremisesOf(1).Value, (BigInteger)debt.Wei), debt);

        var books = await community.Node.BooksAsync(default);

        Assert.Empty(books!.Faults);
        var month = Assert.Single(books.Months, one => one.Bills > 0);
        Assert.Equal((3, 3), (month.Bills, books.Totals.Accounts));
        Assert.Equal(books.Totals.Billed, books.Totals.Paid + books.Totals.Arrears - books.Totals.Credit);
        Assert.Equal(books.Totals.Held, books.Totals.Balances + books.Totals.Locked);
    }

    [EngineTheory]
    [InlineData("Paid", 0, "account of")]
    [InlineData("BillIssued", 1, "bill 1 of")]
    [InlineData("BillIssued", 11, "bill 1 of")]
    [InlineData("Deposited", 0, "balance of")]
    public async Task Books_OneUnitAstrayInAnEvent_FaultNamesWhere(string what, int word, string told)
    {
        var community = await shared.CommunityAsync();
        var debt = community.Node.Parts.Ledger!.Money.Billing.Find(shared.PremisesOf(2))!.Debt;
        var contracts = community.Node.Contracts.Money!;
        if (debt.Wei > 0)
            await shared.SendAsync(shared.Friend, contracts.Payments, Payments.EncodePay(shared.PremisesOf(2).Value, (BigInteger)debt.Wei), debt);
        var forged = new ForgedIndex(community.Node.Store.Events, Topic(what), word);
        var view = await LedgerView.LoadAsync(forged, community.Node.Contracts, 1, default);
        Assert.True(forged.HasForged, $"nobody logged {what}");

        var books = await new BooksAudit(view.Money, community.Node.Chain.Client, contracts, community.Node.Store.Readings, DateTimeZone.Utc).RunAsync(default);

        Assert.Contains(books.Faults, fault => fault.What.StartsWith(told, StringComparison.Ordinal));
    }

    private static Cryptography.Hash256 Topic(string what) => what switch
    {
        "BillIssued" => Ledger.Contracts.Billing.Events.BillIssued.Topic,
        "Deposited" => Ledger.Contracts.Vault.Events.Deposited.Topic,
        _ => Payments.Events.Paid.Topic,
    };

    /// <summary>The node's index with the last of a kind of events changed by one in one word of its data.</summary>
    private sealed class ForgedIndex(IEventIndex index, Cryptography.Hash256 topic, int word) : IEventIndex
    {
        public bool HasForged { get; private set; }

        public Task<IndexedBlock?> HeadAsync(CancellationToken cancellation) => index.HeadAsync(cancellation);

        public Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation) => index.BlockAsync(number, cancellation);

        public Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation) =>
            index.BlocksAsync(below, limit, cancellation);

        public Task<IReadOnlyList<IndexedBlock>> BareBlocksAsync(ulong? below, int limit, CancellationToken cancellation) =>
            index.BareBlocksAsync(below, limit, cancellation);

        public async Task<IReadOnlyList<IndexedEvent>> EventsAsync(
            EventPlace after, Cryptography.Hash256? only, int limit, CancellationToken cancellation)
        {
            var events = (await index.EventsAsync(after, only, limit, cancellation)).ToList();
            if (events.FindLastIndex(one => one.Topics.Count > 0 && one.Topics[0] == topic) is var place and >= 0)
            {
                var data = events[place].Data.ToArray();
                var last = data.AsSpan((word * 32) + 24, 8);
                BinaryPrimitives.WriteUInt64BigEndian(last, BinaryPrimitives.ReadUInt64BigEndian(last) + 1);
                events[place] = events[place] with { Data = data };
                HasForged = true;
            }

            return events;
        }
    }
}
