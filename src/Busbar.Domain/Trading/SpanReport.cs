using System.Buffers.Binary;
using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>What one register of a meter did between two instants, for the sake of one delivery, as the meter signs it.</summary>
/// <param name="Subject">What it is for: a delivery's 32 bytes on the ledger.</param>
/// <param name="Meter">Whose register.</param>
/// <param name="Flow">Which register.</param>
/// <param name="Opened">When the span begins, in whole seconds.</param>
/// <param name="Closed">When it ends, in whole seconds, not before <paramref name="Opened"/>.</param>
/// <param name="Opening">The register at the beginning.</param>
/// <param name="Closing">The register at the end, not below <paramref name="Opening"/>.</param>
public sealed record SpanReport(
    Hash256 Subject, MeterId Meter, EnergyFlow Flow, Instant Opened, Instant Closed, MeterRegister Opening, MeterRegister Closing)
{
    /// <summary>The length of the binary form in bytes.</summary>
    public const int Size = 117;

    /// <summary>What flowed, 0 or more.</summary>
    public Energy Energy => Closing - Opening;

    /// <summary>How long it took, 0 or more.</summary>
    public Duration Duration => Closed - Opened;

    /// <summary>
    /// The span as a contract takes it in one word: opened, closed (Unix seconds), opening and closing (mWh), 64 bits each, the first
    /// highest.
    /// </summary>
    public BigInteger Word => ((BigInteger)Opened.ToUnixTimeSeconds() << 192) | ((BigInteger)Closed.ToUnixTimeSeconds() << 128)
        | ((BigInteger)Opening.MilliwattHours << 64) | Closing.MilliwattHours;

    /// <summary>
    /// Writes the fixed binary form, big-endian: signing domain 32, subject 32, meter 20, flow 1, opened 8, closed 8 (Unix seconds),
    /// opening 8, closing 8 (mWh). A contract makes the same with <c>abi.encodePacked</c>.
    /// </summary>
    /// <param name="domain">Where the signature is to hold.</param>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void WriteTo(SigningDomain domain, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain.Span.CopyTo(destination);
        Subject.CopyTo(destination[32..]);
        Meter.Key.CopyTo(destination[64..]);
        destination[84] = (byte)Flow;
        BinaryPrimitives.WriteInt64BigEndian(destination[85..], Opened.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[93..], Closed.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[101..], Opening.MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(destination[109..], Closing.MilliwattHours);
    }

    /// <summary>keccak-256 of the binary form: what is signed.</summary>
    public Hash256 Digest(SigningDomain domain)
    {
        Span<byte> form = stackalloc byte[Size];
        WriteTo(domain, form);
        return Keccak256.Hash(form);
    }
}

/// <summary>A span with the signature of its meter's key.</summary>
/// <param name="Report">What was signed.</param>
/// <param name="Signature">secp256k1 over the span's digest, s in its lower half.</param>
public sealed record SignedSpan(SpanReport Report, Signature Signature)
{
    /// <summary>The first half of the signature as it travels on the ledger.</summary>
    public Hash256 R => Signature.R;

    /// <summary>The second: s, with the recovery id in the highest bit (EIP-2098), which a low s leaves free.</summary>
    public Hash256 Vs
    {
        get
        {
            var word = Signature.S.ToArray();
            word[0] |= (byte)(Signature.RecoveryId << 7);
            return new(word);
        }
    }

    /// <summary>Signs a span.</summary>
    public static SignedSpan Sign(SpanReport report, SigningDomain domain, PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(key);
        return new(report, key.Sign(report.Digest(domain)));
    }

    /// <summary>Whether the signature is that of the meter which the span names, and the span is one that can be.</summary>
    public bool IsGenuine(SigningDomain domain) =>
        Report.Flow is EnergyFlow.Import or EnergyFlow.Export && Report.Closed >= Report.Opened && Report.Closing >= Report.Opening
        && Secp256k1.TryRecover(Report.Digest(domain), Signature, out var signer) && signer == Report.Meter.Key;
}
