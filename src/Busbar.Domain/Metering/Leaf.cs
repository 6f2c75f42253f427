using System.Buffers.Binary;
using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>One meter's part in one closed interval: a leaf of the Merkle-sum tree.</summary>
/// <param name="Meter">Whose.</param>
/// <param name="Closing">The registers at the interval's end.</param>
/// <param name="Energy">Import and export within the interval.</param>
/// <param name="Flags">Measured or estimated, and what the meter said.</param>
/// <param name="ReadingDigest">The digest of the signed reading at the end; zero when that register is an estimate.</param>
/// <param name="Salt">What keeps the leaf unguessable to others.</param>
public sealed record Leaf(MeterId Meter, Registers Closing, EnergySum Energy, LeafFlags Flags, Hash256 ReadingDigest, Hash256 Salt)
{
    private const int Size = 151;
    private const byte Tag = 0x00;

    /// <summary>
    /// keccak-256 of: tag 0x00, meter 20, import register 8, export register 8, four bands of 8, interval import 8,
    /// interval export 8, flags 2, reading digest 32, salt 32.
    /// </summary>
    public Hash256 Hash()
    {
        Span<byte> form = stackalloc byte[Size];
        form[0] = Tag;
        Meter.Key.CopyTo(form[1..]);
        BinaryPrimitives.WriteInt64BigEndian(form[21..], Closing.Import.MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(form[29..], Closing.Export.MilliwattHours);
        for (var band = 0; band < BandRegisters.Count; band++)
            BinaryPrimitives.WriteInt64BigEndian(form[(37 + (band * 8))..], Closing.Bands[band].MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(form[69..], Energy.Import.MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(form[77..], Energy.Export.MilliwattHours);
        BinaryPrimitives.WriteUInt16BigEndian(form[85..], (ushort)Flags);
        ReadingDigest.CopyTo(form[87..]);
        Salt.CopyTo(form[119..]);
        return Keccak256.Hash(form);
    }
}
