using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>The community's word to one meter about one delivery.</summary>
/// <param name="Meter">To whom.</param>
/// <param name="Number">Grows with each order to the meter; it takes none that is not above the last one.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Subject">Which delivery: its 32 bytes on the ledger.</param>
/// <param name="IssuedAt">When it was made, in whole seconds.</param>
public sealed record DeliveryOrder(MeterId Meter, ulong Number, OrderKind Kind, Hash256 Subject, Instant IssuedAt)
{
    /// <summary>The length of the binary form in bytes.</summary>
    public const int Size = 126;

    /// <summary>By which register to count; none but with <see cref="OrderKind.Open"/>.</summary>
    public EnergyFlow Flow { get; init; }

    /// <summary>
    /// With <see cref="OrderKind.Open"/> the most energy in mWh, 1 or more; with <see cref="OrderKind.Acknowledge"/> how many of the
    /// delivery's reports, from the first, the node has; else 0.
    /// </summary>
    public long Amount { get; init; }

    /// <summary>With <see cref="OrderKind.Open"/> the first instant at which it may begin, in whole seconds; else the epoch.</summary>
    public Instant NotBefore { get; init; }

    /// <summary>With <see cref="OrderKind.Open"/> the first second in which nothing flows any more; else the epoch.</summary>
    public Instant Deadline { get; init; }

    /// <summary>
    /// Writes the fixed binary form, big-endian: signing domain 32, meter 20, number 8, kind 1, subject 32, flow 1, amount 8, not before 8,
    /// deadline 8, issued at 8 (Unix seconds).
    /// </summary>
    /// <param name="domain">Where the signature is to hold.</param>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void WriteTo(SigningDomain domain, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain.Delivery.CopyTo(destination);
        Meter.Key.CopyTo(destination[32..]);
        BinaryPrimitives.WriteUInt64BigEndian(destination[52..], Number);
        destination[60] = (byte)Kind;
        Subject.CopyTo(destination[61..]);
        destination[93] = (byte)Flow;
        BinaryPrimitives.WriteInt64BigEndian(destination[94..], Amount);
        BinaryPrimitives.WriteInt64BigEndian(destination[102..], NotBefore.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[110..], Deadline.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[118..], IssuedAt.ToUnixTimeSeconds());
    }

    /// <summary>keccak-256 of the binary form: what is signed.</summary>
    public Hash256 Digest(SigningDomain domain)
    {
        Span<byte> form = stackalloc byte[Size];
        WriteTo(domain, form);
        return Keccak256.Hash(form);
    }

    /// <summary>
    /// Whether another order to open the same delivery raises this one: the same but for a higher amount or a later deadline. So energy that
    /// is paid for as it comes flows on without the relay's moving.
    /// </summary>
    public bool IsRaisedBy(DeliveryOrder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind == OrderKind.Open && other.Kind == OrderKind.Open && Subject == other.Subject && Flow == other.Flow
            && NotBefore == other.NotBefore && other.Amount >= Amount && other.Deadline >= Deadline
            && (other.Amount > Amount || other.Deadline > Deadline);
    }

    // What the kind does not need is zero, so that an order has one form only.
    internal bool IsSound => Kind switch
    {
        OrderKind.Open => Flow is EnergyFlow.Import or EnergyFlow.Export && Amount > 0 && Deadline > NotBefore,
        OrderKind.Acknowledge => Amount > 0 && IsBare,
        OrderKind.Cancel or OrderKind.Report => Amount == 0 && IsBare,
        _ => false,
    };

    private bool IsBare => Flow == EnergyFlow.None && NotBefore == default && Deadline == default;
}

/// <summary>An order with the signature of the community's key.</summary>
/// <param name="Order">What was signed.</param>
/// <param name="Signature">secp256k1 over the order's digest.</param>
public sealed record SignedOrder(DeliveryOrder Order, Signature Signature)
{
    /// <summary>Signs an order.</summary>
    public static SignedOrder Sign(DeliveryOrder order, SigningDomain domain, PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(key);
        return new(order, key.Sign(order.Digest(domain)));
    }

    /// <summary>Whether the signature is that of the community's key for this chain and deployment.</summary>
    public bool IsGenuine(SigningDomain domain, Address community) =>
        Secp256k1.TryRecover(Order.Digest(domain), Signature, out var signer) && signer == community;
}
