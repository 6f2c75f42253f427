using Busbar.Domain.Metering;

namespace Busbar.Domain.Tests.Testing;

/// <summary>Writes readings as CBOR, so that tests can also write them wrongly.</summary>
internal sealed class CborWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    /// <summary>A head in its shortest form (RFC 8949, 4.2.1), or with an argument of a given width in bytes.</summary>
    public CborWriter Head(int major, ulong argument, int? width = null)
    {
        var needed = width ?? (argument < 24 ? 0 : argument <= byte.MaxValue ? 1 : argument <= ushort.MaxValue ? 2 : argument <= uint.MaxValue ? 4 : 8);
        var small = needed switch { 0 => (int)argument, 1 => 24, 2 => 25, 4 => 26, _ => 27 };
        _bytes.Add((byte)((major << 5) | small));
        for (var at = needed - 1; at >= 0; at--)
            _bytes.Add((byte)((argument >> (8 * at)) & 0xff));
        return this;
    }

    public CborWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CborWriter Name(string name) => Head(3, (ulong)name.Length).Raw(System.Text.Encoding.UTF8.GetBytes(name));

    public CborWriter Integer(string name, ulong value, int? width = null) => Name(name).Head(0, value, width);

    public CborWriter Bytes(string name, byte[] value) => Name(name).Head(2, (ulong)value.Length).Raw(value);

    public static byte[] Write(SignedReading signed, int? width = null)
    {
        var reading = signed.Reading;
        var writer = new CborWriter().Head(5, 10)
            .Bytes("meter", reading.Meter.Key.ToArray())
            .Integer("boot", reading.Boot, width is 8 or 4 ? width : null)
            .Integer("sequence", reading.Sequence, width is 8 ? width : null)
            .Integer("instant", (ulong)reading.Instant.ToUnixTimeSeconds(), width is 8 ? width : null)
            .Integer("import", (ulong)reading.Registers.Import.MilliwattHours)
            .Integer("export", (ulong)reading.Registers.Export.MilliwattHours)
            .Name("bands").Head(4, 4);
        for (var band = 0; band < BandRegisters.Count; band++)
            writer.Head(0, (ulong)reading.Registers.Bands[band].MilliwattHours);
        return writer
            .Bytes("firmware", reading.Firmware.ToArray())
            .Integer("flags", (ulong)reading.Flags)
            .Bytes("signature", signed.Signature.ToArray())
            .ToArray();
    }
}
