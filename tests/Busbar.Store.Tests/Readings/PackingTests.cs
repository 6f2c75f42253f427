using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Store.Bytes;
using Busbar.Store.Packing;
using Busbar.Store.Readings;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Store.Tests.Readings;

public sealed class PackingTests
{
    private const long Day = 20_500;

    [Fact]
    public void Day_AnyReadings_ComeBackAsTheyWere() => Check.QuickThrowOnFailure(Prop.ForAll(Days(), readings =>
    {
        var writer = new ByteWriter();
        DayValues.Write(writer, Day, readings);
        var values = new DayValues();
        values.Read(writer.Written, Day);
        Assert.Equal(readings.Select(reading => (reading.At, reading.Registers)), Enumerable.Range(0, values.Count).Select(i => (values.At(i), values.Registers(i))));

        writer.Clear();
        SliceEvidence.Write(writer, readings);
        var signed = new SliceEvidence.Signed[readings.Length];
        SliceEvidence.Read(writer.Written, signed);
        Assert.Equal(
            readings.Select(reading => new SliceEvidence.Signed(reading.Sequence, reading.Boot, reading.Firmware, reading.Flags, reading.Signature)),
            signed);
    }));

    [Fact]
    public void Day_CutOffAnywhere_IsRefusedNeverWrong() => Check.QuickThrowOnFailure(Prop.ForAll(Days(), readings =>
    {
        var writer = new ByteWriter();
        DayValues.Write(writer, Day, readings);
        for (var length = 0; length < writer.Length; length += 1 + (length / 16))
        {
            var cut = writer.Written[..length].ToArray();
            Assert.Throws<InvalidDataException>(() => new DayValues().Read(cut, Day));
        }
    }));

    [Fact]
    public void Day_AnyBytes_DecodeOrAreRefused() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        byte[] framed = [1, .. bytes];
        Allow(() => new DayValues().Read(framed, Day));
        Allow(() => SliceEvidence.Read(framed, new SliceEvidence.Signed[bytes.Length == 0 ? 0 : bytes[0] & 0x7f]));
    }));

    [Fact]
    public void Day_QuarterHoursOfAHouse_TakesFewBytes()
    {
        var readings = Enumerable.Range(0, 96).Select(i => new HotReading(
            (Day * 86_400) + (i * 900),
            (ulong)(1_000 + i),
            ReadingFlags.ClockSet,
            3,
            1,
            new(Register(4_000_000_000 + (i * 151_234L)), Register(90_000_000 + (i * 77_001L)), new(Register(5 + i), Register(7_000_000 + (i * 150_000L)), default, default)),
            new(new Hash256(new byte[32]), new Hash256(new byte[32]), i % 2))).ToArray();
        var writer = new ByteWriter();
        DayValues.Write(writer, Day, readings);
        Assert.InRange(writer.Length, 1, 96 * 11);
        writer.Clear();
        SliceEvidence.Write(writer, readings);
        Assert.InRange(writer.Length, 96 * 64, (96 * 65) + 16);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(127L)]
    [InlineData(128L)]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Number_OfAnySize_ComesBack(long value)
    {
        var writer = new ByteWriter();
        writer.Signed(value);
        writer.Varint(unchecked((ulong)value));
        writer.Difference(value, long.MinValue);
        var reader = new ByteReader(writer.Written);
        Assert.Equal(value, reader.Signed());
        Assert.Equal(unchecked((ulong)value), reader.Varint());
        Assert.Equal(value, reader.Difference(long.MinValue));
        Assert.True(reader.AtEnd);
    }

    private static void Allow(Action decode)
    {
        try
        {
            decode();
        }
        catch (InvalidDataException)
        {
            // Refused by name: that is all that may happen beside success.
        }
    }

    private static MeterRegister Register(long value) => MeterRegister.FromMilliwattHours(value);

    private static Arbitrary<HotReading[]> Days()
    {
        var any = Gen.Choose(int.MinValue, int.MaxValue).Two().Select(halves => ((long)halves.Item1 << 32) | unchecked((uint)halves.Item2));
        var small = Gen.Choose(0, 1000).Select(value => (long)value);
        var register = Gen.OneOf(small, any.Select(value => value & long.MaxValue), Gen.Constant(0L), Gen.Constant(long.MaxValue));
        var reading =
            from at in Gen.OneOf(Gen.Choose(0, 95).Select(quarter => quarter * 900), Gen.Choose(0, 86_399))
            from values in register.ListOf(6)
            from sequence in Gen.OneOf(small, any)
            from flags in Gen.Choose(0, ushort.MaxValue)
            from seed in Gen.Choose(0, 255)
            select new HotReading(
                (Day * 86_400) + at,
                unchecked((ulong)sequence),
                (ReadingFlags)flags,
                (uint)seed / 50,
                1 + (seed / 100),
                new(Register(values[0]), Register(values[1]), new(Register(values[2]), Register(values[3]), Register(values[4]), Register(values[5]))),
                new(new Hash256(Enumerable.Repeat((byte)seed, 32).ToArray()), new Hash256(Enumerable.Repeat((byte)(255 - seed), 32).ToArray()), seed % 2));
        return reading.NonEmptyListOf().Select(list =>
        {
            var sorted = list.ToArray();
            Array.Sort(sorted, (left, right) => HotReading.InOrder(left, right));
            return sorted;
        }).ToArbitrary();
    }
}
