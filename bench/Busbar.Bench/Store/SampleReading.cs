using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Bench.Store;

/// <summary>Readings of houses with sun, without what does not matter to a store: that the signature is genuine.</summary>
internal static class SampleReading
{
    public static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    public static readonly Duration Quarter = Duration.FromMinutes(15);

    private const long Typical = 90_000;

    public static MeterId Meter(int number)
    {
        Span<byte> key = stackalloc byte[Address.Length];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return new(new Address(key));
    }

    /// <summary>The reading of a meter at the end of a quarter hour since <see cref="Start"/>.</summary>
    public static SignedReading Of(int meter, long quarter)
    {
        var spread = unchecked((long)(((ulong)meter * 2_654_435_761) ^ ((ulong)quarter * 40_503)) & 0xffff);
        var sun = quarter % 96 is > 28 and < 72;
        var registers = new Registers(
            MeterRegister.FromMilliwattHours(3_000_000_000 + (quarter * Typical) + spread),
            MeterRegister.FromMilliwattHours(sun ? 1_000_000_000 + (quarter * Typical) + spread : 1_000_000_000 + (quarter / 96 * 96 * Typical)));
        Span<byte> noise = stackalloc byte[32];
        BinaryPrimitives.WriteInt32BigEndian(noise, meter);
        BinaryPrimitives.WriteInt64BigEndian(noise[8..], quarter);
        var half = Keccak256.Hash(noise);
        var reading = new Reading(
            Meter(meter), 1, (ulong)quarter + 1, Start + (quarter * Quarter), registers, Hash256.Zero, ReadingFlags.ClockSet);
        return new(reading, new Signature(half, half, (int)(quarter & 1)));
    }
}
