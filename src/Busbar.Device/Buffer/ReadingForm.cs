using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Buffer;

/// <summary>A signed reading as the buffer's file keeps it: the signed binary form without its domain, and the signature.</summary>
internal static class ReadingForm
{
    /// <summary>The length in bytes.</summary>
    public const int Size = Reading.Size - DomainSize + Signature.Length;

    private const int DomainSize = 32;

    public static void Write(SignedReading signed, SigningDomain domain, Span<byte> destination)
    {
        Span<byte> form = stackalloc byte[Reading.Size];
        signed.Reading.WriteTo(domain, form);
        form[DomainSize..].CopyTo(destination);
        signed.Signature.WriteTo(destination[(Reading.Size - DomainSize)..]);
    }

    /// <summary>Null when the bytes are no reading of a meter.</summary>
    public static SignedReading? TryRead(ReadOnlySpan<byte> form)
    {
        if (form.Length != Size || !Signature.TryFromBytes(form[(Reading.Size - DomainSize)..], out var signature))
            return null;
        Span<long> registers = stackalloc long[6];
        for (var place = 0; place < registers.Length; place++)
            registers[place] = BinaryPrimitives.ReadInt64BigEndian(form[(40 + (8 * place))..]);
        var seconds = BinaryPrimitives.ReadInt64BigEndian(form[32..]);
        if (registers.ContainsAnyInRange(long.MinValue, -1) || seconds is < 0 or > 253_402_300_799)
            return null;
        var reading = new Reading(
            new MeterId(new Address(form[..20])),
            BinaryPrimitives.ReadUInt32BigEndian(form[20..]),
            BinaryPrimitives.ReadUInt64BigEndian(form[24..]),
            Instant.FromUnixTimeSeconds(seconds),
            new Registers(At(registers, 0), At(registers, 1), new(At(registers, 2), At(registers, 3), At(registers, 4), At(registers, 5))),
            new Hash256(form[88..120]),
            (ReadingFlags)BinaryPrimitives.ReadUInt16BigEndian(form[120..]));
        return new SignedReading(reading, signature);
    }

    private static MeterRegister At(ReadOnlySpan<long> registers, int place) => MeterRegister.FromMilliwattHours(registers[place]);
}
