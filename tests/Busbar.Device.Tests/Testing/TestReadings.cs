using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Tests.Testing;

/// <summary>Signed readings of a known key.</summary>
internal static class TestReadings
{
    public static readonly SigningDomain Domain = new(31337, Address.Parse("0x00000000000000000000000000000000000000aa"));

    public static readonly Hash256 Firmware = Keccak256.Hash("firmware"u8);

    public static readonly PrivateKey Key = PrivateKey.FromSeed("test meter"u8);

    public static MeterId Meter => new(Key.Address);

    public static SignedReading Signed(ulong sequence) => Sign(new Reading(
        Meter,
        Boot: 1,
        sequence,
        Instant.FromUnixTimeSeconds(1_700_000_100 + (900 * (long)sequence)),
        new Registers(MeterRegister.FromMilliwattHours(1000 * (long)sequence), MeterRegister.FromMilliwattHours(7)),
        Firmware,
        ReadingFlags.ClockSet));

    public static SignedReading Sign(Reading reading) => SignedReading.Sign(reading, Domain, Key);
}
