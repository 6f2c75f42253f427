using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>The community's word to one meter whether, and until when, it may supply. The newest one counts alone.</summary>
/// <param name="Meter">To whom.</param>
/// <param name="Sequence">Grows with each permit of the meter; a meter obeys none that is not above the last one.</param>
/// <param name="IssuedAt">When it was made, in whole seconds.</param>
/// <param name="Until">When it ends, in whole seconds; null when there is none.</param>
public sealed record SupplyPermit(MeterId Meter, ulong Sequence, Instant IssuedAt, Instant? Until)
{
    /// <summary>The length of the binary form in bytes.</summary>
    public const int Size = 98;

    /// <summary>How long a meter that is cut off from its node goes on supplying when nothing else is said: 72 hours.</summary>
    public static readonly Duration DefaultGrace = Duration.FromHours(72);

    /// <summary>How long beyond its end a permit holds while the meter is cut off from its node, in whole seconds below 2^32.</summary>
    public Duration Grace { get; init; } = DefaultGrace;

    /// <summary>What else it says. Bits that are not known mean nothing.</summary>
    public SupplyFlags Flags { get; init; }

    /// <summary>The minutes of the day in which no trip for debt begins.</summary>
    public QuietMinutes Quiet { get; init; }

    /// <summary>Seconds east of UTC: where the day of <see cref="Quiet"/> begins. At most 18 hours either way.</summary>
    public int Offset { get; init; }

    /// <summary>
    /// The earliest instant at which a trip for debt may begin, for the sake of a holiday or of a node that was away; null for none.
    /// </summary>
    public Instant? NoTripBefore { get; init; }

    /// <summary>
    /// Writes the fixed binary form, big-endian: signing domain 32, meter 20, sequence 8, issued at 8, until 8 (Unix seconds, 0 = none),
    /// grace 4 (seconds), flags 2, quiet from 2 and to 2 (minutes), offset 4 (seconds, two's complement), no trip before 8 (0 = none).
    /// </summary>
    /// <param name="domain">Where the signature is to hold.</param>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="OverflowException">A value is outside its range.</exception>
    public void WriteTo(SigningDomain domain, Span<byte> destination)
    {
        domain.Permit.CopyTo(destination);
        Meter.Key.CopyTo(destination[32..]);
        BinaryPrimitives.WriteUInt64BigEndian(destination[52..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(destination[60..], IssuedAt.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[68..], Seconds(Until));
        BinaryPrimitives.WriteUInt32BigEndian(destination[76..], GraceSeconds);
        BinaryPrimitives.WriteUInt16BigEndian(destination[80..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16BigEndian(destination[82..], Quiet.From);
        BinaryPrimitives.WriteUInt16BigEndian(destination[84..], Quiet.To);
        BinaryPrimitives.WriteInt32BigEndian(destination[86..], Offset);
        BinaryPrimitives.WriteInt64BigEndian(destination[90..], Seconds(NoTripBefore));
    }

    /// <summary>keccak-256 of the binary form: what is signed.</summary>
    public Hash256 Digest(SigningDomain domain)
    {
        Span<byte> form = stackalloc byte[Size];
        WriteTo(domain, form);
        return Keccak256.Hash(form);
    }

    /// <summary>Whether the permit holds at an instant.</summary>
    public bool HoldsAt(Instant now) => Until is { } until && now < until;

    internal uint GraceSeconds => checked((uint)(long)Grace.TotalSeconds);

    internal static long Seconds(Instant? instant) => instant?.ToUnixTimeSeconds() ?? 0;
}

/// <summary>A permit with the signature of the community's key.</summary>
/// <param name="Permit">What was signed.</param>
/// <param name="Signature">secp256k1 over the permit's digest.</param>
public sealed record SignedPermit(SupplyPermit Permit, Signature Signature)
{
    /// <summary>Signs a permit.</summary>
    public static SignedPermit Sign(SupplyPermit permit, SigningDomain domain, PrivateKey key) =>
        new(permit, key.Sign(permit.Digest(domain)));

    /// <summary>Whether the signature is that of the community's key for this chain and deployment.</summary>
    public bool IsGenuine(SigningDomain domain, Address community) =>
        Secp256k1.TryRecover(Permit.Digest(domain), Signature, out var signer) && signer == community;
}
