using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Simulation.Community;

/// <summary>A meter of a simulated community.</summary>
public sealed class PlannedMeter
{
    private readonly byte[] _keySeed;

    internal PlannedMeter(ulong seed, string name, MeterKind kind, bool household)
    {
        Name = name;
        Kind = kind;
        IsHousehold = household;
        _keySeed = new byte[8 + Encoding.UTF8.GetByteCount(name)];
        BinaryPrimitives.WriteUInt64BigEndian(_keySeed, seed);
        Encoding.UTF8.GetBytes(name, _keySeed.AsSpan(8));
        using var key = CreateKey();
        Id = new MeterId(key.Address);
    }

    /// <summary>What people call it, such as <c>House 1</c>; differs from every other meter's in its community.</summary>
    public string Name { get; }

    /// <summary>What it measures.</summary>
    public MeterKind Kind { get; }

    /// <summary>True for a household's meter, which belongs to a participant; false for common loads, storage and the transformer.</summary>
    public bool IsHousehold { get; }

    /// <summary>The address of its key.</summary>
    public MeterId Id { get; }

    /// <summary>
    /// Its key, from the community's seed and the meter's name: anybody who knows the seed has it too. The caller disposes of it.
    /// </summary>
    public PrivateKey CreateKey() => PrivateKey.FromSeed(_keySeed);
}
