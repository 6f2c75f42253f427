using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;

namespace Busbar.Domain.Tests.Metering;

public sealed class ReadingCborTests
{
    private static readonly SignedReading Signed = SignedReading.Sign(Sample.Reading, Sample.Domain, Sample.Key);

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    [InlineData(8)]
    public void Decode_HeadsOfAnyWidth_IsTheReading(int? width)
    {
        var (reading, refused) = ReadingCbor.Decode(CborWriter.Write(Signed, width));

        Assert.Null(refused);
        Assert.Equal(Signed, reading);
    }

    [Fact]
    public void Decode_WithoutBands_TakesThemAsZero()
    {
        var reading = Signed.Reading;
        var bytes = new CborWriter().Head(5, 9)
            .Bytes("signature", Signed.Signature.ToArray())
            .Integer("flags", (ulong)reading.Flags)
            .Bytes("firmware", reading.Firmware.ToArray())
            .Integer("export", 42).Integer("import", 123_456_789)
            .Integer("instant", (ulong)reading.Instant.ToUnixTimeSeconds())
            .Integer("sequence", 41).Integer("boot", 3)
            .Bytes("meter", reading.Meter.Key.ToArray())
            .ToArray();

        Assert.Equal(Sample.Registers(123_456_789, 42), ReadingCbor.Decode(bytes).Reading!.Reading.Registers);
    }

    public static TheoryData<string> Wrongs => [.. Wrong.Keys];

    private static Dictionary<string, byte[]> Wrong { get; } = new(StringComparer.Ordinal)
    {
        ["nothing"] = [],
        ["an array"] = [0x80],
        ["an empty map"] = [0xa0],
        ["a map of indefinite length"] = [0xbf, 0xff],
        ["a reserved head"] = [0xbc],
        ["a head without its argument"] = [0xb8],
        ["a tag before the map"] = [0xd9, 0xd9, 0xf7, .. CborWriter.Write(Signed)],
        ["more pairs than bytes"] = new CborWriter().Head(5, ulong.MaxValue).ToArray(),
        ["a name that is bytes"] = new CborWriter().Head(5, 1).Head(2, 4).Raw("boot"u8).Head(0, 3).ToArray(),
        ["a name longer than the payload"] = new CborWriter().Head(5, 1).Head(3, ulong.MaxValue).Raw("boot"u8).ToArray(),
        ["a name in chunks"] = new CborWriter().Head(5, 1).Raw(0x7f, 0x64).Raw("boot"u8).Raw(0xff, 3).ToArray(),
        ["a name without value"] = new CborWriter().Head(5, 1).Name("boot").ToArray(),
        ["an unknown name"] = new CborWriter().Head(5, 1).Integer("colour", 3).ToArray(),
        ["a name twice"] = new CborWriter().Head(5, 2).Integer("boot", 3).Integer("boot", 3).ToArray(),
        ["a negative integer"] = new CborWriter().Head(5, 1).Name("boot").Head(1, 2).ToArray(),
        ["a boot of 33 bits"] = new CborWriter().Head(5, 1).Integer("boot", 1UL << 32).ToArray(),
        ["a float"] = new CborWriter().Head(5, 1).Name("import").Raw(0xf9, 0x3c, 0x00).ToArray(),
        ["a register of 64 bits"] = new CborWriter().Head(5, 1).Integer("import", 1UL << 63).ToArray(),
        ["three bands"] = new CborWriter().Head(5, 1).Name("bands").Head(4, 3).Raw(1, 2, 3).ToArray(),
        ["five bands"] = new CborWriter().Head(5, 1).Name("bands").Head(4, 5).Raw(1, 2, 3, 4, 5).ToArray(),
        ["bands that end early"] = new CborWriter().Head(5, 1).Name("bands").Head(4, 4).Raw(1, 2).ToArray(),
        ["a short meter"] = new CborWriter().Head(5, 1).Bytes("meter", new byte[19]).ToArray(),
        ["a meter beyond the payload"] = new CborWriter().Head(5, 1).Name("meter").Head(2, 20).Raw(1, 2, 3).ToArray(),
        ["bytes longer than memory"] = new CborWriter().Head(5, 1).Name("meter").Head(2, ulong.MaxValue).ToArray(),
        ["a meter as text"] = new CborWriter().Head(5, 1).Name("meter").Head(3, 20).Raw(new byte[20]).ToArray(),
        ["a signature with another v"] = new CborWriter().Head(5, 1).Bytes("signature", [.. new byte[64], 29]).ToArray(),
        ["a byte after the map"] = [.. CborWriter.Write(Signed), 0],
        ["a pair too few"] = [0xa9, .. CborWriter.Write(Signed)[1..]],
        ["a pair too many"] = [0xab, .. CborWriter.Write(Signed)[1..]],
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void Decode_AnythingElse_IsMalformed(string wrong)
    {
        var (reading, refused) = ReadingCbor.Decode(Wrong[wrong]);

        Assert.Null(reading);
        Assert.NotEmpty(Assert.IsType<ReadingRefused.Malformed>(refused).Detail);
    }

    [Fact]
    public void Decode_EveryTruncation_IsMalformed()
    {
        var bytes = CborWriter.Write(Signed);
        for (var length = 0; length < bytes.Length; length++)
            Assert.IsType<ReadingRefused.Malformed>(ReadingCbor.Decode(bytes.AsSpan(0, length)).Refused);
    }

    [Fact]
    public void Decode_LargerThanAReading_IsOversized() =>
        Assert.IsType<ReadingRefused.Oversized>(ReadingCbor.Decode(new byte[ReadingJson.MaximumSize + 1]).Refused);
}
