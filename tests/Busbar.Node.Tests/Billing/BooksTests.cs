using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
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

        var books = await new BooksAudit(Sources(community, community.Node.Chain.Client) with { Index = forged }).RunAsync(default);

        Assert.True(forged.HasForged, $"nobody logged {what}");
        Assert.Contains(books!.Faults, fault => fault.What.StartsWith(told, StringComparison.Ordinal));
    }

    [EngineTheory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(100, false)]
    public async Task Books_BlocksMadeMeanwhile_DrawnUpAgainOnlySoOften(int blocks, bool comes)
    {
        var community = await shared.CommunityAsync();
        var moving = new MovingChain(community.Node.Chain.Client.Transport, blocks);

        var books = await new BooksAudit(Sources(community, new(moving))).RunAsync(default);

        Assert.Equal((comes, Math.Min(blocks, 5)), (books is not null, moving.Moved));
        Assert.True(books is null || books.Agree);
    }

    [EngineFact]
    public async Task Books_ABillOfTheStoreGoneBeforeItsCorrection_FaultAndNoFall()
    {
        var community = await shared.CommunityAsync();
        var forged = new ForgedIndex(community.Node.Store.Events, Topic("BillIssued"), 0) { Version = 2 };

        var books = await new BooksAudit(Sources(community, community.Node.Chain.Client) with { Index = forged }).RunAsync(default);

        Assert.True(forged.HasForged);
        Assert.StartsWith("events of block", Assert.Single(books!.Faults).What, StringComparison.Ordinal);
    }

    private static BooksSources Sources(TestCommunity community, EthereumClient client) => new(
        community.Node.Store.Events, community.Node.Contracts, 1, client, community.Node.Store.Readings, DateTimeZone.Utc);

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

        /// <summary>Of a bill: which version it says to be, in place of one more in a word.</summary>
        public byte Version { get; init; }

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
                if (Version > 0)
                    data[(4 * 32) + 31] = Version;
                else
                    BinaryPrimitives.WriteUInt64BigEndian(last, BinaryPrimitives.ReadUInt64BigEndian(last) + 1);
                events[place] = events[place] with { Data = data };
                HasForged = true;
            }

            return events;
        }
    }

    /// <summary>The chain, with a block more than there are each time that somebody asks, so many times.</summary>
    private sealed class MovingChain(IJsonRpcTransport chain, int times) : IJsonRpcTransport
    {
        public int Moved { get; private set; }

        public async Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken)
        {
            var answer = await chain.CallAsync(request, cancellationToken);
            if (request.Method != "eth_blockNumber" || Moved == times)
                return answer;
            Moved++;
            return JsonElement.Parse("\"0xffffff\"");
        }

        public Task<IReadOnlyList<JsonRpcResponse>> CallAsync(IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken) =>
            chain.CallAsync(requests, cancellationToken);
    }
}
