using Busbar.Cryptography;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using Busbar.Store.Tests.Conformance;
using Busbar.Store.Tests.Sqlite;

namespace Busbar.Store.Tests.Exploring;

public sealed class LedgerExplorerTests : StoreSuite
{
    private static readonly Address Council = Meter(901).Key;

    private LedgerExplorer Explorer => new(Store.Explorer, new(new(1, Council, Meter(902).Key, Meter(903).Key, Meter(904).Key)));

    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();

    [Fact]
    public async Task Lookup_NumberHashOrAddress_TellsWhatItIs()
    {
        await ApplyAsync(Indexed());
        Assert.Equal(new LookupResult.OfBlock(7), await Explorer.LookupAsync(" 7 ", None));
        Assert.Equal(new LookupResult.OfBlock(7), await Explorer.LookupAsync(Hash(70).ToString(), None));
        Assert.Equal(new LookupResult.OfTransaction(Hash(71)), await Explorer.LookupAsync(Hash(71).ToString()[2..].ToUpperInvariant(), None));
        Assert.Equal(new LookupResult.OfAddress(Council, "Council", IsKnown: true), await Explorer.LookupAsync(Council.ToString(), None));
        Assert.Equal(new LookupResult.OfAddress(Meter(5).Key, null, IsKnown: false), await Explorer.LookupAsync(Meter(5).Key.ToLowerHex(), None));
    }

    [Theory]
    [InlineData("8")]
    [InlineData("18446744073709551615")]
    [InlineData("0x00000000000000000000000000000000000000000000000000000000000000ff")]
    public async Task Lookup_WhatIsNotThere_IsNothing(string text)
    {
        await ApplyAsync(Indexed());
        Assert.IsType<LookupResult.Nothing>(await Explorer.LookupAsync(text, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("-7")]
    [InlineData("18446744073709551616")]
    [InlineData("0x00ff")]
    [InlineData("' OR 1=1 --")]
    [InlineData("0xzz00000000000000000000000000000000000000")]
    [InlineData("                                                                                                          7")]
    public async Task Lookup_WhatNamesNothing_IsMalformed(string text) =>
        Assert.IsType<LookupResult.Malformed>(await Explorer.LookupAsync(text, None));

    [Fact]
    public async Task Transaction_OfOurs_IsDecodedAndItsErrorToo()
    {
        await ApplyAsync(Indexed());
        var detail = (await Explorer.TransactionAsync(Hash(71), None))!;
        Assert.Equal(("Council", "vote"), (detail.Call?.Contract, detail.Call?.Name));
        Assert.Equal("7 true", string.Join(' ', detail.Call!.Values.Select(value => value.Text)));
        Assert.Equal("UnknownProposal", detail.Error?.Name);
        Assert.Equal("ProposalExecuted", Assert.Single(detail.Logs).Event?.Name);
        Assert.Null(await Explorer.TransactionAsync(Hash(72), None));
    }

    private static StoreChange.BlockIndexed Indexed()
    {
        byte[] seven = [.. new byte[31], 7];
        var transaction = new IndexedTransaction
        {
            Hash = Hash(71),
            Place = new(7, 0),
            From = Meter(6).Key,
            To = Council,
            Nonce = 1,
            GasUsed = 2,
            GasLimit = 3,
            Succeeded = false,
            Input = Busbar.Ledger.Contracts.Council.EncodeVote(7, true),
            RevertData = (byte[])[.. BitConverter.GetBytes(Ethereum.Abi.AbiSignature.Selector("UnknownProposal(uint256)")).Reverse(), .. seven],
            Touched = [Meter(6).Key, Council],
        };
        return new(
            new(7, Hash(70), Hash(69), Noon, 1, 2),
            [new(7, 0, Hash(71), Council, [Ethereum.Abi.AbiSignature.Topic("ProposalExecuted(uint256)"), new(seven)], default)],
            new([transaction], []));
    }
}
