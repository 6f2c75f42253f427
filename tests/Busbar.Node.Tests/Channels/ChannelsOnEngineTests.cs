using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Node.Channels;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using ChannelsContract = Busbar.Ledger.Contracts.Channels;
using Contracts = Busbar.Ledger.Contracts;

namespace Busbar.Node.Tests.Channels;

/// <summary>The payee's desk with the real contracts on the real engine: the EVM is the judge of digests, signatures and closings.</summary>
public sealed class ChannelsOnEngineTests : IAsyncLifetime
{
    private const ulong ChainId = 20_256;
    private static readonly Instant Genesis = Instant.FromUtc(2026, 3, 1, 0, 0);
    private static readonly Coin Ether = Coin.FromCoins(1);
    private static readonly PrivateKey Owner = PrivateKey.FromSeed("owner"u8);
    private static readonly PrivateKey Regulator = PrivateKey.FromSeed("regulator"u8);
    private static readonly PrivateKey Payer = PrivateKey.FromSeed("payer"u8);
    private static readonly PrivateKey Payee = PrivateKey.FromSeed("payee"u8);
    private static readonly PrivateKey Meter = PrivateKey.FromSeed("meter"u8);
    private static readonly PrivateKey Node = PrivateKey.FromSeed("node"u8);

    /// <summary>A tenth of a coin for a kWh.</summary>
    private static readonly Price Price = Price.FromWeiPerKilowattHour(100_000_000_000_000_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-channels-").FullName;
    private readonly MemoryChannels.Hand _clock = new() { Now = Genesis };
    private SqliteStore _store = null!;
    private EngineChain? _chain;
    private Indexer _indexer = null!;
    private LedgerView _view = null!;
    private IAsyncEnumerator<ChainChange> _changes = null!;
    private ulong _applied;
    private ContractAddresses _contracts = null!;
    private PayeeDesk _desk = null!;

    private Address Vault => _contracts.Money!.Vault;

    private Address Contract => _contracts.Channels!.Value;

    private ChannelDomain Domain => new(ChainId, Contract);

    public async Task InitializeAsync()
    {
        if (EngineTheoryAttribute.Missing is not null)
            return;
        _store = await SqliteStore.OpenAsync(_folder, TimeProvider.System, null, default);
        _chain = await EngineChain.StartAsync(
            new()
            {
                Folder = _folder,
                ChainId = ChainId,
                GenesisTime = Genesis,
                Allotted = new Dictionary<Address, Coin> { [Payer.Address] = Coin.FromCoins(100) },
            },
            _store.Journal,
            TimeProvider.System,
            default);
        var council = await CreateAsync(Contracts.Council.EncodeDeployment(Owner.Address, [Regulator.Address], []));
        var members = await CreateAsync(Contracts.Members.EncodeDeployment(council));
        var meters = await CreateAsync(Contracts.Meters.EncodeDeployment(council, members));
        var anchors = await CreateAsync(Contracts.Anchors.EncodeDeployment(council, meters));
        var vault = await CreateAsync(Contracts.Vault.EncodeDeployment(council, default, "", ""));
        var channels = await CreateAsync(ChannelsContract.EncodeDeployment(vault, members, meters));
        string[] names = ["Members", "Meters", "Anchors", "Vault", "Channels"];
        await DoAsync(Owner, council, Contracts.Council.EncodeWire([.. names.Select(NameWord.Write)], [members, meters, anchors, vault, channels]));
        await DoAsync(Owner, vault, Contracts.Vault.EncodeAdmitModule(NameWord.Write("Channels")));
        await DoAsync(Regulator, members, Contracts.Members.EncodeAdmit(Payer.Address, 1));
        await DoAsync(Regulator, members, Contracts.Members.EncodeAdmit(Payee.Address, 2));
        await DoAsync(Payer, vault, Contracts.Vault.EncodeDeposit((BigInteger)Ether.Wei * 10), Coin.FromCoins(10));
        _contracts = new(ChainId, council, members, meters, anchors) { Money = new(vault, vault, vault), Channels = channels };
        _indexer = new(_chain, _store.Events, _contracts, 0);
        _view = new(_contracts);
        _changes = _indexer.ChangesAsync(EventPlace.Start, default).GetAsyncEnumerator();
        await CatchUpAsync(default);
        await OpenDeskAsync();
    }

    public async Task DisposeAsync()
    {
        if (_chain is not null)
        {
            await _changes.DisposeAsync();
            await _chain.DisposeAsync();
            await _store.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [EngineFact]
    public async Task Digest_OfTheContract_IsOurs()
    {
        var channel = await OpenAsync(Payer);
        Assert.Equal(Domain.Separator, await ChannelsContract.DomainSeparatorAsync(_chain!.Client, Contract));
        foreach (var total in new[] { Int128.Zero, 1, ((Int128)1 << 100) + 7 })
        {
            var voucher = new Voucher(channel.Id, Coin.FromWei(total), Energy.FromMilliwattHours(987_654));
            var there = new ChannelsContract.Voucher(channel.Id.Value, (BigInteger)total, 987_654);
            Assert.Equal(voucher.Digest(Domain), await ChannelsContract.VoucherDigestAsync(_chain.Client, Contract, there));
        }
    }

    [EngineFact]
    public async Task Open_ToTheEnd_TheDeskClosesByItselfWithTheHighestVoucher()
    {
        await NameAsync();
        var channel = await OpenAsync(Payer);
        Assert.Equal(channel.Id.Value, await IdOfAsync(channel));
        Assert.True(_desk.Find(channel.Id)!.ClosesItself);
        for (var blocks = 1; blocks <= 5; blocks++)
            await TakeAsync(Sign(channel, blocks, Payer));
        await _desk.LookAsync(default);
        Assert.Null(_view.Channels.Find(channel.Id)!.Ending);

        // The node is away over the end, and is back within the grace.
        _clock.Now = channel.LastClosing - Duration.FromHours(1);
        await OpenDeskAsync();
        await _desk.LookAsync(default);

        var ending = _view.Channels.Find(channel.Id)!.Ending!;
        var cost = Price.CostFloor(Energy.FromMilliwattHours(50_000));
        Assert.Equal((cost, Ether - cost, 50_000), (ending.Paid, ending.Returned, ending.Energy.MilliwattHours));
        Assert.Equal((BigInteger)cost.Wei, await Contracts.Vault.FreeOfAsync(_chain!.Client, Vault, Payee.Address));
        Assert.Equal(((BigInteger)Ether.Wei * 10) - (BigInteger)cost.Wei, await Contracts.Vault.FreeOfAsync(_chain.Client, Vault, Payer.Address));
        Assert.Null(_desk.Find(channel.Id)!.Trouble);
    }

    [EngineFact]
    public async Task Close_VouchersOfTheMetersKey_BothParitiesTaken()
    {
        await NameAsync();
        var parities = new HashSet<int>();
        for (var blocks = 1; parities.Count < 2; blocks++)
        {
            var channel = await OpenAsync(Meter);
            var signed = Sign(channel, blocks, Meter);
            parities.Add(signed.Signature.RecoveryId);
            await TakeAsync(signed);
            _clock.Now = channel.End;
            await _desk.LookAsync(default);
            Assert.Equal(signed.Voucher.Total, _view.Channels.Find(channel.Id)!.Ending!.Paid);
        }
    }

    [EngineFact]
    public async Task Close_NodeNotNamed_RefusedBeforeAndByTheContract()
    {
        var channel = await OpenAsync(Payer);
        Assert.False(_desk.Find(channel.Id)!.ClosesItself);
        var refusal = await LedgerOf(Node).CloseAsync(channel.Terms, Sign(channel, 1, Payer), default);
        Assert.Contains("NotCloser", refusal, StringComparison.Ordinal);
        await NameAsync();
        Assert.True(_desk.Find(channel.Id)!.ClosesItself);
        Assert.Contains("WrongSigner", await LedgerOf(Node).CloseAsync(channel.Terms, Sign(channel, 1, Meter), default), StringComparison.Ordinal);
        Assert.Null(await LedgerOf(Node).CloseAsync(channel.Terms, Sign(channel, 1, Payer), default));
        await DoAsync(Payee, Contract, ChannelsContract.EncodeNameCloser(Node.Address, false));
        await CatchUpAsync(default);
        Assert.False(_view.Channels.MayClose(Payee.Address, Node.Address));
    }

    [EngineFact]
    public async Task View_TopUpExtendReclaim_AsOnTheLedger()
    {
        var channel = await OpenAsync(Payer);
        var terms = TermsOf(channel);
        await DoAsync(Payer, Contract, ChannelsContract.EncodeTopUp(terms, (UInt128)Ether.Wei));
        await DoAsync(Payer, Contract, ChannelsContract.EncodeExtend(terms, (ulong)(channel.End + Duration.FromHours(3)).ToUnixTimeSeconds()));
        await CatchUpAsync(default);
        var known = _view.Channels.Find(channel.Id)!;
        Assert.Equal((Ether + Ether, channel.End + Duration.FromHours(3)), (known.Channel.Locked, known.Channel.End));
        _clock.Now = known.Channel.LastClosing + Duration.FromSeconds(1);
        await DoAsync(Meter, Contract, ChannelsContract.EncodeReclaim(terms));
        await CatchUpAsync(default);
        var ending = _view.Channels.Find(channel.Id)!.Ending!;
        Assert.True(ending.IsReclaimed);
        Assert.Equal((Coin.Zero, Ether + Ether), (ending.Paid, ending.Returned));

        // A chain that goes back: what is above the kept block never was.
        _view.Apply(new ChainChange.BlocksTakenBack(known.Place.Block));
        Assert.Equal((Ether, null), (_view.Channels.Find(channel.Id)!.Channel.Locked, _view.Channels.Find(channel.Id)!.Ending));
    }

    private static SignedVoucher Sign(OpenChannel channel, int blocks, PrivateKey key, ChannelDomain domain)
    {
        var energy = Energy.FromMilliwattHours(10_000L * blocks);
        return SignedVoucher.Sign(new(channel.Id, channel.Terms.Price.CostFloor(energy), energy), domain, key);
    }

    private static ChannelsContract.Terms TermsOf(OpenChannel channel)
    {
        var terms = channel.Terms;
        return new(terms.Payer, terms.Payee, terms.Signer, terms.Price.WeiPerKilowattHour, (ulong)terms.Opened.ToUnixTimeSeconds());
    }

    private SignedVoucher Sign(OpenChannel channel, int blocks, PrivateKey key) => Sign(channel, blocks, key, Domain);

    private async Task<OpenChannel> OpenAsync(PrivateKey signer)
    {
        var end = _clock.Now + Duration.FromHours(6);
        var data = ChannelsContract.EncodeOpen(
            Payee.Address, signer.Address, Price.WeiPerKilowattHour, (ulong)end.ToUnixTimeSeconds(), (UInt128)Ether.Wei);
        await DoAsync(Payer, Contract, data);
        await CatchUpAsync(default);
        return _view.Channels.All[0].Channel;
    }

    private async Task TakeAsync(SignedVoucher signed) =>
        Assert.Null((await _desk.TakeAsync(signed, default) as VoucherOutcome.Refused)?.Reason.Detail);

    private Task<Hash256> IdOfAsync(OpenChannel channel) => ChannelsContract.IdOfAsync(_chain!.Client, Contract, TermsOf(channel));

    private async Task NameAsync()
    {
        await DoAsync(Payee, Contract, ChannelsContract.EncodeNameCloser(Node.Address, true));
        await CatchUpAsync(default);
    }

    private ChainChannels LedgerOf(PrivateKey key) => new(_chain!, Contract, _view.Channels, CatchUpAsync, key, _clock);

    private async Task OpenDeskAsync() => _desk = await PayeeDesk.OpenAsync(
        LedgerOf(Node), _store.Vouchers, Domain, BlockRule.Default, _clock, NullLogger<PayeeDesk>.Instance, default);

    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        var head = (await _indexer.CatchUpAsync(cancellation))!.Number;
        for (; _applied < head; _applied = ((ChainChange.BlockAdded)_changes.Current).Block.Number)
        {
            Assert.True(await _changes.MoveNextAsync());
            _view.Apply(_changes.Current);
        }
    }

    private async Task<Address> CreateAsync(byte[] code) =>
        (await ExecuteAsync(Owner, new(null, code, 9_000_000))).ContractAddress ?? throw new InvalidOperationException("no address");

    private Task DoAsync(PrivateKey key, Address contract, byte[] data, Coin value = default) =>
        ExecuteAsync(key, new(contract, data, 1_000_000) { Value = value });

    private async Task<TransactionReceipt> ExecuteAsync(PrivateKey key, ChainCall call)
    {
        _clock.Now += Duration.FromSeconds(1);
        var outcome = (await _chain!.ExecuteAsync(new(key, [call]) { Time = _clock.Now }, default))[0];
        Assert.True(outcome.Succeeded, outcome.Refusal ?? "the contract undid it");
        return outcome.Receipt!;
    }
}
