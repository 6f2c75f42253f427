using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Community;

namespace Busbar.Node.Tests.Testing;

/// <summary>A meter whose every reading a test decides on.</summary>
public sealed class TestMeter(string name, MeterKind kind = MeterKind.Premises) : IDisposable
{
    private static readonly Hash256 Firmware = Keccak256.Hash("a meter of the tests"u8);

    public string Name { get; } = name;

    public PrivateKey Key { get; } = PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"test meter {name}"));

    public MeterKind Kind { get; } = kind;

    public MeterId Id => new(Key.Address);

    public uint Boot { get; set; } = 1;

    /// <summary>The sequence number of its next reading.</summary>
    public ulong Next { get; set; } = 1;

    public MeterDescription Description => new(Id, Name, Kind) { Firmware = Firmware, Participant = Holder?.Address };

    /// <summary>The participant whose it is; null for the community's own.</summary>
    public PrivateKey? Holder { get; init; }

    public string Topic(string channel) => $"busbar/v1/{Id}/{channel}";

    /// <summary>Registers that grow by a quarter kilowatt-hour and a little, told apart by meter.</summary>
    public Registers RegistersAt(int boundary)
    {
        var own = Name.Sum(letter => letter) % 97;
        return new(
            MeterRegister.FromMilliwattHours(100_000_000 + own + (boundary * (250_000L + own))),
            MeterRegister.FromMilliwattHours(1_000_000 + own + (boundary * 1_000L)));
    }

    /// <summary>The reading of a boundary, under the next sequence number.</summary>
    public Reading Read(int boundary, ReadingFlags flags = ReadingFlags.ClockSet) =>
        new(Id, Boot, Next++, TestCommunity.At(boundary), RegistersAt(boundary), Firmware, flags);

    public SignedReading Sign(Reading reading, SigningDomain domain) => SignedReading.Sign(reading, domain, Key);

    public byte[] Seal(Reading reading, SigningDomain domain) => ReadingJson.Encode(Sign(reading, domain));

    public void Dispose()
    {
        Key.Dispose();
        Holder?.Dispose();
    }
}
