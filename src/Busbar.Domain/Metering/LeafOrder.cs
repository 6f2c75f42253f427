using System.Buffers.Binary;
using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>
/// The order of leaves: a keyed permutation that is new for each interval and version, because a proof shows its neighbour's
/// sum and nobody may know whose that is.
/// </summary>
public static class LeafOrder
{
    /// <summary>Sorts meters by keccak-256(master secret, microgrid 4, interval start 8, version 2, meter 20).</summary>
    /// <returns>The places of the meters in the given list, in the order of their leaves.</returns>
    public static int[] Permute(Hash256 master, MicrogridId microgrid, Interval interval, int version, IReadOnlyList<MeterId> meters)
    {
        Span<byte> form = stackalloc byte[66];
        master.CopyTo(form);
        BinaryPrimitives.WriteUInt32BigEndian(form[32..], microgrid.Number);
        BinaryPrimitives.WriteInt64BigEndian(form[36..], interval.Start.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt16BigEndian(form[44..], (ushort)version);
        var keys = new Hash256[meters.Count];
        var places = new int[meters.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            meters[i].Key.CopyTo(form[46..]);
            keys[i] = Keccak256.Hash(form);
            places[i] = i;
        }

        Array.Sort(keys, places);
        return places;
    }
}
