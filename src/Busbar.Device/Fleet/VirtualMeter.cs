using Busbar.Cryptography;
using Busbar.Device.Protocol;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Fleet;

/// <summary>One meter of a <see cref="MeterFleet"/>: a key, and the numbers of its next reading. It holds nothing on disk.</summary>
public sealed class VirtualMeter
{
    private readonly PrivateKey _key;
    private readonly Hash256 _firmware;
    private ulong _nextSequence;

    /// <summary>Makes a meter with the key that it signs with, which stays the caller's to dispose of.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="key">Its key.</param>
    /// <param name="firmware">keccak-256 of the firmware that it was registered with.</param>
    /// <param name="boot">Its boot count.</param>
    /// <param name="nextSequence">The sequence number of its next reading.</param>
    public VirtualMeter(string name, PrivateKey key, Hash256 firmware, uint boot = 1, ulong nextSequence = 1)
    {
        Name = name;
        _key = key;
        _firmware = firmware;
        Boot = boot;
        _nextSequence = nextSequence;
        Id = new MeterId(key.Address);
        Topics = new MeterTopics(Id);
    }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>The address of its key.</summary>
    public MeterId Id { get; }

    /// <summary>Its boot count.</summary>
    public uint Boot { get; }

    /// <summary>The topics it speaks on.</summary>
    public MeterTopics Topics { get; }

    /// <summary>Takes the next sequence number for a reading. Not thread safe.</summary>
    internal Reading Read(Instant instant, Registers registers, ReadingFlags flags) =>
        new(Id, Boot, _nextSequence++, instant, registers, _firmware, flags);

    /// <summary>Signs; thread safe.</summary>
    internal SignedSpan Sign(SpanReport span, SigningDomain domain) => SignedSpan.Sign(span, domain, _key);

    /// <summary>Signs and encodes; thread safe.</summary>
    internal byte[] Seal(Reading reading, SigningDomain domain) => ReadingJson.Encode(SignedReading.Sign(reading, domain, _key));
}
