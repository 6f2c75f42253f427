using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Channels;

/// <summary>Names a channel: the hash of its terms.</summary>
/// <param name="Value">The hash.</param>
public readonly record struct ChannelId(Hash256 Value) : IComparable<ChannelId>
{
    /// <inheritdoc />
    public int CompareTo(ChannelId other) => Value.CompareTo(other.Value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>What two agreed on when a channel was opened; it never changes.</summary>
/// <param name="Payer">Whose money it is.</param>
/// <param name="Payee">Who is paid.</param>
/// <param name="Signer">Whose vouchers count: the payer, or a key that the payer named.</param>
/// <param name="Price">For a kilowatt-hour.</param>
/// <param name="Opened">The time of the block that opened it, whole seconds from 1970 on, below 2^40.</param>
public sealed record ChannelTerms(Address Payer, Address Payee, Address Signer, Price Price, Instant Opened)
{
    /// <summary>keccak256(abi.encode(payer, payee, signer, price, opened)).</summary>
    public ChannelId Id
    {
        get
        {
            Span<byte> words = stackalloc byte[160];
            words.Clear();
            Payer.CopyTo(words[12..]);
            Payee.CopyTo(words[44..]);
            Signer.CopyTo(words[76..]);
            BinaryPrimitives.WriteUInt128BigEndian(words[112..], Price.WeiPerKilowattHour);
            BinaryPrimitives.WriteInt64BigEndian(words[152..], Opened.ToUnixTimeSeconds());
            return new(Keccak256.Hash(words));
        }
    }
}

/// <summary>A channel as the ledger has it.</summary>
/// <param name="Terms">What was agreed on.</param>
/// <param name="Locked">What the payer set aside.</param>
/// <param name="End">Nothing is to be delivered from then on.</param>
public sealed record OpenChannel(ChannelTerms Terms, Coin Locked, Instant End)
{
    /// <summary>How long after its end a channel can still be closed; the payer can take everything back afterwards.</summary>
    public static readonly Duration Grace = Duration.FromHours(24);

    /// <summary>Which one.</summary>
    public ChannelId Id => Terms.Id;

    /// <summary>The last second in which the ledger takes a closing.</summary>
    public Instant LastClosing => End + Grace;
}
