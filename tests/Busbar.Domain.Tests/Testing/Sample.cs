using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.Testing;

/// <summary>Readings and the like for tests.</summary>
internal static class Sample
{
    public static readonly SigningDomain Domain = new(31337, Address.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));

    public static readonly PrivateKey Key = PrivateKey.FromSeed("a meter"u8);

    public static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);

    public static Reading Reading { get; } = new(
        new(Key.Address), 3, 41, Noon, Registers(123_456_789, 42, [1, 2, 3, 4]), Hash(7), ReadingFlags.ClockSet | ReadingFlags.BatteryLow);

    public static Registers Registers(long import, long export = 0, params long[] bands) => new(
        MeterRegister.FromMilliwattHours(import),
        MeterRegister.FromMilliwattHours(export),
        bands.Length == 0 ? default : new(Band(bands[0]), Band(bands[1]), Band(bands[2]), Band(bands[3])));

    public static Hash256 Hash(byte seed) => Keccak256.Hash([seed]);

    public static EnergySum Energy(long import, long export = 0) =>
        new(Busbar.Domain.Quantities.Energy.FromMilliwattHours(import), Busbar.Domain.Quantities.Energy.FromMilliwattHours(export));

    public static MeterId Meter(int number)
    {
        Span<byte> bytes = stackalloc byte[20];
        bytes.Fill(0xaa);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[16..], number);
        return new(new(bytes));
    }

    public static Leaf Leaf(int number, long import, long export = 0) => new(
        Meter(number), Registers(1_000 + import, export), Energy(import, export), LeafFlags.None, Hash((byte)number), Hash((byte)(number + 100)));

    private static MeterRegister Band(long value) => MeterRegister.FromMilliwattHours(value);
}
