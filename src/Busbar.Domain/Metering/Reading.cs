using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>A meter's registers at an instant, as it signs them.</summary>
/// <param name="Meter">Whose.</param>
/// <param name="Boot">How often the meter has started.</param>
/// <param name="Sequence">Grows by one with each reading, over restarts too.</param>
/// <param name="Instant">When, in whole seconds; the end of an interval unless read on request.</param>
/// <param name="Registers">The registers.</param>
/// <param name="Firmware">keccak-256 of the firmware's image.</param>
/// <param name="Flags">What the meter says of itself.</param>
public sealed record Reading(
    MeterId Meter, uint Boot, ulong Sequence, Instant Instant, Registers Registers, Hash256 Firmware, ReadingFlags Flags)
{
    /// <summary>The length of the binary form in bytes.</summary>
    public const int Size = 154;

    /// <summary>
    /// Writes the fixed binary form, big-endian: signing domain 32, meter 20, boot 4, sequence 8, instant (Unix seconds) 8,
    /// import 8, export 8, four bands of 8 (all mWh), firmware 32, flags 2. A contract makes the same with
    /// <c>abi.encodePacked</c>.
    /// </summary>
    /// <param name="domain">Where the signature is to hold.</param>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void WriteTo(SigningDomain domain, Span<byte> destination)
    {
        domain.Reading.CopyTo(destination);
        Meter.Key.CopyTo(destination[32..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[52..], Boot);
        BinaryPrimitives.WriteUInt64BigEndian(destination[56..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(destination[64..], Instant.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(destination[72..], Registers.Import.MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(destination[80..], Registers.Export.MilliwattHours);
        for (var band = 0; band < BandRegisters.Count; band++)
            BinaryPrimitives.WriteInt64BigEndian(destination[(88 + (band * 8))..], Registers.Bands[band].MilliwattHours);
        Firmware.CopyTo(destination[120..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[152..], (ushort)Flags);
    }

    /// <summary>keccak-256 of the binary form: what is signed, and what a leaf of the tree names.</summary>
    public Hash256 Digest(SigningDomain domain)
    {
        Span<byte> form = stackalloc byte[Size];
        WriteTo(domain, form);
        return Keccak256.Hash(form);
    }

    /// <summary>The energy taken in and given out since an older reading of the same meter.</summary>
    public (Energy Import, Energy Export) Since(in Registers older) =>
        (Registers.Import - older.Import, Registers.Export - older.Export);
}

/// <summary>A reading with the signature of its meter's key.</summary>
/// <param name="Reading">What was signed.</param>
/// <param name="Signature">secp256k1 over the reading's digest.</param>
public sealed record SignedReading(Reading Reading, Signature Signature)
{
    /// <summary>Signs a reading.</summary>
    public static SignedReading Sign(Reading reading, SigningDomain domain, PrivateKey key) =>
        new(reading, key.Sign(reading.Digest(domain)));

    /// <summary>Whether the signature is that of the meter which the reading names.</summary>
    public bool IsGenuine(SigningDomain domain, out Hash256 digest)
    {
        digest = Reading.Digest(domain);
        return Secp256k1.TryRecover(digest, Signature, out var signer) && signer == Reading.Meter.Key;
    }
}
