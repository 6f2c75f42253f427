using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Indexing;
using Busbar.Node.Channels;
using NodaTime;

namespace Busbar.Node.Tests.Channels;

/// <summary>A ledger that does what a test says: refuses, is out of reach, or closes.</summary>
internal sealed class MemoryChannels(IClock clock) : IChannelLedger
{
    public static readonly PrivateKey Payer = PrivateKey.FromSeed("payer"u8);
    public static readonly PrivateKey Payee = PrivateKey.FromSeed("payee"u8);
    public static readonly ChannelDomain Domain = new(31337, PrivateKey.FromSeed("contract"u8).Address);
    public static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);

    /// <summary>A block of 10 Wh costs 1,000 wei; a hundred of them are locked.</summary>
    public static readonly OpenChannel Channel = new(
        new(Payer.Address, Payee.Address, Payer.Address, Price.FromWeiPerKilowattHour(100_000), Noon),
        Coin.FromWei((Int128)100_000),
        Noon + Duration.FromHours(6));

    private readonly ConcurrentDictionary<ChannelId, LedgerChannel> _channels = [];

    public IReadOnlyList<LedgerChannel> All => [.. _channels.Values];

    public Address Closer { get; } = PrivateKey.FromSeed("node"u8).Address;

    public bool IsNamed { get; set; } = true;

    public bool IsOutOfReach { get; set; }

    public string? Refusal { get; set; }

    public List<SignedVoucher> Attempts { get; } = [];

    public LedgerChannel? Find(ChannelId id) => _channels.GetValueOrDefault(id);

    public bool MayClose(Address payee) => IsNamed;

    public void Put(OpenChannel channel, Energy counted = default) =>
        _channels[channel.Id] = new(channel, new(1, Hash256.Zero, Noon), null, counted);

    public Task<string?> CloseAsync(ChannelTerms terms, SignedVoucher signed, CancellationToken cancellation)
    {
        Attempts.Add(signed);
        if (IsOutOfReach)
            throw new ChainException("the ledger is out of reach", isTransient: true);
        if (Refusal is not null)
            return Task.FromResult<string?>(Refusal);
        var open = _channels[terms.Id];
        Assert.Null(open.Ending);
        Assert.True(clock.GetCurrentInstant() <= open.Channel.LastClosing);
        var paid = signed.Voucher.Total;
        _channels[terms.Id] = open with
        {
            Ending = new(paid, open.Channel.Locked - paid, signed.Voucher.Energy, false, new(2, Hash256.Zero, clock.GetCurrentInstant())),
        };
        return Task.FromResult<string?>(null);
    }

    public static Energy Blocks(int count) => Energy.FromMilliwattHours(10_000L * count);

    public static SignedVoucher Voucher(int blocks, OpenChannel? channel = null, PrivateKey? key = null) => SignedVoucher.Sign(
        new((channel ?? Channel).Id, Coin.FromWei((Int128)1_000 * blocks), Blocks(blocks)), Domain, key ?? Payer);

    /// <summary>A clock that a test moves.</summary>
    internal sealed class Hand : IClock
    {
        public Instant Now { get; set; } = Noon;

        public Instant GetCurrentInstant() => Now;
    }
}
