using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>
/// The secret of a meter that its household also has: salts come from it, so that a neighbour who sees a hash cannot guess
/// the reading under it.
/// </summary>
/// <param name="Value">32 bytes, known to the node and the household.</param>
public readonly record struct MeterSecret(Hash256 Value)
{
    private static readonly byte[] Purpose = Encoding.ASCII.GetBytes("Busbar Meter Secret v1");

    /// <summary>Derives a meter's secret from the community's master secret.</summary>
    public static MeterSecret Derive(Hash256 master, MeterId meter)
    {
        Span<byte> form = stackalloc byte[Purpose.Length + 52];
        Purpose.CopyTo(form);
        master.CopyTo(form[Purpose.Length..]);
        meter.Key.CopyTo(form[(Purpose.Length + 32)..]);
        return new(Keccak256.Hash(form));
    }

    /// <summary>keccak-256(secret, interval start as Unix seconds 8, version 2): the salt of the meter's leaf.</summary>
    public Hash256 Salt(Interval interval, int version)
    {
        Span<byte> form = stackalloc byte[42];
        Value.CopyTo(form);
        BinaryPrimitives.WriteInt64BigEndian(form[32..], interval.Start.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt16BigEndian(form[40..], (ushort)version);
        return Keccak256.Hash(form);
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "meter secret (not shown)";
}
