using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Tests.Doubles;

namespace Busbar.Ledger.Tests.Exploring;

public sealed class LedgerDecoderTests
{
    [EngineFact]
    public async Task Decode_TheWholeLifeOfACommunity_EveryCallEventAndErrorByName()
    {
        await using var community = await TestCommunity.StartAsync(meters: 3);
        community.Close(1);
        Assert.Equal(1, (await community.SettleAsync(1)).Anchored);
        var stranger = TestEngine.NewKey("stranger");
        var start = (ulong)TestCommunity.Interval(1).Start.ToUnixTimeSeconds();
        var early = new Anchors.AnchorInput(1, start, 2, Hash256.Zero, 4, 1, 2, []);
        await FailAsync(community, stranger, new(community.Contracts.Anchors, Anchors.EncodeAnchor([early]), 300_000));
        await FailAsync(community, stranger, new(community.Contracts.Anchors, new byte[] { 1, 2, 3, 4, 5 }, 100_000));
        await community.Indexer.CatchUpAsync(CancellationToken.None);
        var decoder = new LedgerDecoder(community.Contracts);

        var (transactions, events) = await ReadAsync(community);
        var calls = transactions.ConvertAll(one => decoder.DecodeCall(one.To, one.Created, one.Input));
        Assert.Equal(
            "Council.constructor Members.constructor Meters.constructor Anchors.constructor Vault.constructor Payments.constructor "
                + "Storage.constructor Billing.constructor Taxes.constructor Board.constructor Demands.constructor Channels.constructor "
                + "Council.wire Vault.admitModule Vault.admitModule Vault.admitModule Vault.admitModule Storage.admitMarket Storage.admitMarket "
                + "Storage.admitMarket Payments.takeOverBilling Council.appoint Council.appoint "
                + "Meters.registerMany Anchors.anchor Anchors.anchor -",
            Words(calls.Select(call => call is null ? "-" : $"{call.Contract}.{call.Name}")));
        Assert.All(
            transactions.Zip(calls),
            pair => Assert.Equal(pair.Second?.Name, decoder.CallName(pair.First.To, pair.First.Created, Selector(pair.First.Input))));
        Assert.All(events, one => Assert.NotNull(decoder.DecodeEvent(one)));

        var council = Assert.Single(calls[12]!.Values, value => value.Name == "holders");
        Assert.Equal("Members Meters Anchors Vault Payments Storage Billing Taxes Board Demands Channels", Words(council.Members.Select(member => member.Label)));
        Assert.Equal("Members Meters Anchors Vault Payments Storage Billing Taxes Board Demands Channels", Words(calls[12]!.Values[0].Members.Select(member => member.Text)));
        var meter = calls[23]!.Values[0].Members[3].Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        Assert.Equal(("2", "Transformer"), (meter["kind"].Text, meter["kind"].Label));
        Assert.Equal((TestCommunity.Transformer.Address.ToString(), ValueHint.Address), (meter["key"].Text, meter["key"].Hint));

        var anchored = events.Select(decoder.DecodeEvent).Single(one => one!.Name == "Anchored")!;
        var start1 = anchored.Values.Single(value => value.Name == "start");
        Assert.Equal((ValueHint.Instant, "2024-01-01T00:15:00Z"), (start1.Hint, start1.Label));
        var import = anchored.Values.Single(value => value.Name == "importSum");
        Assert.Equal((ValueHint.MilliwattHours, "3003", "uint64"), (import.Hint, import.Text, import.Type));

        var error = decoder.DecodeError(transactions[25].RevertData!.Value)!;
        Assert.Equal("NotOperator(uint32,address)", error.Signature);
        Assert.Equal($"1 {stranger.Address}", Words(error.Values.Select(value => value.Text)));
        Assert.Equal([false, false], transactions.TakeLast(2).Select(one => one.Succeeded));
        Assert.Equal(stranger.Address, Assert.Single(transactions[25].Touched.Intersect([stranger.Address])));
        Assert.Contains(community.Meters[0].Address, transactions[23].Touched);
        Assert.Contains(community.Contracts.Anchors, transactions[3].Touched);
    }

    [EngineFact]
    public async Task FillAsync_BlocksIndexedWithEventsAlone_GetTheirContentFromTheChain()
    {
        await using var community = await TestCommunity.StartAsync(meters: 1);
        await community.Indexer.CatchUpAsync(CancellationToken.None);
        var (transactions, events) = await ReadAsync(community);
        community.Engine.Store.ForgetContents();
        var head = (await community.Engine.Store.HeadAsync(CancellationToken.None))!.Number;
        Assert.Equal((int)head + 1, await community.Indexer.FillAsync(CancellationToken.None));
        var (again, eventsAgain) = await ReadAsync(community);
        Assert.Equal(transactions.Select(one => (one.Hash, one.Place, one.GasUsed)), again.Select(one => (one.Hash, one.Place, one.GasUsed)));
        Assert.Equal(events.Count, eventsAgain.Count);
        Assert.Equal(0, await community.Indexer.FillAsync(CancellationToken.None));
    }

    [Fact]
    public void DecodeError_OfTheLanguageItself_InWords()
    {
        var decoder = new LedgerDecoder(new(1, default, default, default, default));
        var words = AbiCodec.Encode([AbiType.Parse("string")], ["not today"]);
        var error = decoder.DecodeError((byte[])[0x08, 0xc3, 0x79, 0xa0, .. words])!;
        Assert.Equal(("Solidity", "Error", "not today"), (error.Contract, error.Name, error.Values[0].Text));
        Assert.Null(decoder.DecodeError((byte[])[0x08, 0xc3, 0x79, 0xa0, .. words, 0]));
        Assert.Null(decoder.DecodeError((byte[])[1, 2, 3, 4]));
        Assert.Null(decoder.DecodeError(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void DecodeEvent_OfAnotherContractThatLooksLikeOurs_IsNotOurs()
    {
        var ours = TestEngine.NewKey("anchors").Address;
        var decoder = new LedgerDecoder(new(1, default, default, default, ours));
        var topics = new[] { Anchors.Events.Unbalanced.Topic, Word(1), Word(900) };
        var data = AbiCodec.Encode([AbiType.Parse("uint16")], [3]);
        var logged = new IndexedEvent(1, 0, Hash256.Zero, ours, topics, data);
        Assert.Equal("1 900 3", Words(decoder.DecodeEvent(logged)!.Values.Select(value => value.Text)));
        Assert.Null(decoder.DecodeEvent(logged with { Contract = TestEngine.Key.Address }));
        Assert.Null(decoder.DecodeEvent(logged with { Topics = topics[..2] }));
        Assert.Null(decoder.DecodeEvent(logged with { Topics = [] }));
        Assert.Null(decoder.DecodeEvent(logged with { Data = data[..31] }));
        Assert.Null(decoder.DecodeEvent(logged with { Topics = [topics[0], Keccak256.Hash([1]), topics[2]] }));
    }

    private static async Task FailAsync(TestCommunity community, PrivateKey key, ChainCall call)
    {
        var outcome = (await community.Chain.ExecuteAsync(new(key, [call]), CancellationToken.None))[0];
        Assert.False(outcome.Receipt!.Succeeded);
    }

    private static async Task<(List<IndexedTransaction> Transactions, List<IndexedEvent> Events)> ReadAsync(TestCommunity community)
    {
        var store = community.Engine.Store;
        var head = (await store.HeadAsync(CancellationToken.None))!.Number;
        var events = await store.EventsAsync(EventPlace.Start, null, 1_000, CancellationToken.None);
        return ([.. Enumerable.Range(0, (int)head + 1).SelectMany(number => store.ContentOf((ulong)number)!.Transactions)], [.. events]);
    }

    private static string Words(IEnumerable<string?> words) => string.Join(' ', words);

    private static uint? Selector(ReadOnlyMemory<byte> input) => input.Length < 4 ? null : BinaryPrimitives.ReadUInt32BigEndian(input.Span);

    private static Hash256 Word(byte value) => new([.. new byte[31], value]);

    private static Hash256 Word(int value) => new([.. new byte[30], (byte)(value >> 8), (byte)(value & 0xff)]);
}
