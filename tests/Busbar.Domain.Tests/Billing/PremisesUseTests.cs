using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.Billing;

public sealed class PremisesUseTests
{
    private static readonly MeterId Old = new(Address.Parse("0x13bf66fbd26f2014a9f96abce113c087a7e6920e"));
    private static readonly MeterId New = new(Address.Parse("0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c"));
    private static readonly Instant From = Instant.FromUtc(2026, 4, 1, 0, 0);
    private static readonly Instant Change = Instant.FromUtc(2026, 4, 11, 9, 40);
    private static readonly Instant To = Instant.FromUtc(2026, 5, 1, 0, 0);

    [Fact]
    public void Of_OneMeter_IsTheDifferenceOfItsRegisters()
    {
        var use = Use(new MeterSegment(Old, From, At(1_000, 50), To, At(4_500, 70)));

        Assert.Equal((30 * 86_400, 3_500, 20), (use.Seconds, use.Imported.MilliwattHours, use.Exported.MilliwattHours));
        Assert.False(use.IsBandedByNode);
        Assert.Equal(
            new BillUsage(30 * 86_400, Mwh(3_500), Mwh(20), default, Mwh(1), Mwh(2), Mwh(3), true), use.ToUsage(Mwh(1), Mwh(2), Mwh(3), isLast: true));
    }

    [Fact]
    public void Of_MeterExchangedInMidPeriod_AddsOldAndNew()
    {
        // The old one stands at 999,000 when it goes; the new one comes with 5 from its test bench.
        var use = Use(
            new MeterSegment(Old, From, At(998_000, 10), Change, At(999_000, 10)),
            new MeterSegment(New, Change, At(5, 0), To, At(2_005, 40)));

        Assert.Equal((3_000, 40), (use.Imported.MilliwattHours, use.Exported.MilliwattHours));
    }

    [Fact]
    public void Of_ExchangeThatNobodyRecorded_IsRefusedNeverNegative()
    {
        var refused = Refusal(new MeterSegment(Old, From, At(998_000, 10), To, At(2_005, 40)));

        Assert.Equal(new PremisesUseRefused.RegisterBackwards(Old, "import", Register(998_000), Register(2_005)), refused);
        Assert.Contains("a changed meter needs a record", refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ExportOrBandBackwards_IsRefused()
    {
        Assert.Equal(
            new PremisesUseRefused.RegisterBackwards(Old, "export", Register(10), Register(9)),
            Refusal(new MeterSegment(Old, From, At(0, 10), To, At(0, 9))));
        Assert.Equal(
            new PremisesUseRefused.RegisterBackwards(Old, "band 2", Register(5), Register(4)),
            Refusal(new MeterSegment(Old, From, At(0, 0, 0, 5), To, At(9, 0, 9, 4))));
    }

    [Fact]
    public void Of_BandedMeter_HasItsBands()
    {
        var use = Use(new MeterSegment(Old, From, At(30, 0, 10, 20), To, At(100, 0, 50, 50)));

        Assert.Equal(new(Mwh(40), Mwh(30), default, default), use.Bands);
    }

    [Fact]
    public void Of_BandsOfTheMeterDoNotMakeTheImport_IsRefused() => Assert.Equal(
        new PremisesUseRefused.BandsDoNotSum(Old, Mwh(71)), Refusal(new MeterSegment(Old, From, At(30, 0, 10, 20), To, At(101, 0, 50, 50))));

    [Fact]
    public void Of_MeterWithoutBands_IsBandedByTheNodeAndSaysSo()
    {
        var (use, refused) = PremisesUse.Of(
            From,
            To,
            [new(Old, From, At(0, 0), Change, At(40, 0)), new(New, Change, At(0, 0), To, At(60, 0, 60))],
            segment => BandEnergies.In(3, segment.Closing.Import - segment.Opening.Import));

        Assert.Null(refused);
        Assert.True(use!.IsBandedByNode);
        Assert.Equal(new(Mwh(60), default, default, Mwh(40)), use.Bands);
    }

    [Fact]
    public void Of_NodesBandsThatDoNotMakeTheImport_AreRefused()
    {
        var segment = new MeterSegment(Old, From, At(0, 0), To, At(40, 0));
        foreach (var wrong in new[] { BandEnergies.In(0, Mwh(39)), BandEnergies.In(0, Mwh(41)), new(Mwh(41), Mwh(-1), default, default) })
            Assert.Equal(new PremisesUseRefused.BandsDoNotSum(Old, Mwh(40)), PremisesUse.Of(From, To, [segment], _ => wrong).Refused);
    }

    [Fact]
    public void Of_GapOverlapOrWrongEnds_IsRefused()
    {
        var (old, young) = (new MeterSegment(Old, From, At(0, 0), Change, At(1, 0)), new MeterSegment(New, Change, At(0, 0), To, At(1, 0)));
        var hour = Duration.FromHours(1);

        Assert.Null(Refusal(old, young));
        Assert.Equal(new PremisesUseRefused.NotContiguous(New, Change, Change + hour), Refusal(old, young with { From = Change + hour }));
        Assert.Equal(new PremisesUseRefused.NotContiguous(New, Change, Change - hour), Refusal(old, young with { From = Change - hour }));
        Assert.Equal(new PremisesUseRefused.NotContiguous(Old, From, From + hour), Refusal(old with { From = From + hour }, young));
        Assert.Equal(new PremisesUseRefused.NotContiguous(New, To, To - hour), Refusal(old, young with { To = To - hour }));
        Assert.Equal(new PremisesUseRefused.ClosesBeforeItOpens(Old, From, From), Refusal(old with { To = From }, young));
        Assert.Equal(new PremisesUseRefused.WrongNumberOfMeters(0, PremisesUse.MostSegments), Refusal());
        Assert.IsType<PremisesUseRefused.WrongNumberOfMeters>(Refusal([.. Enumerable.Repeat(old, 17)]));
    }

    [Fact]
    public void Of_MoreThanAnEnergyCanBe_IsRefused() => Assert.Equal(
        new PremisesUseRefused.TooMuch(New),
        Refusal(new(Old, From, At(0, 0), Change, At(long.MaxValue, 0)), new(New, Change, At(0, 0), To, At(1, 0))));

    private static PremisesUse Use(params MeterSegment[] segments)
    {
        var (use, refused) = PremisesUse.Of(From, To, segments);
        Assert.Null(refused);
        return use!;
    }

    private static PremisesUseRefused? Refusal(params MeterSegment[] segments)
    {
        var (use, refused) = PremisesUse.Of(From, To, segments);
        Assert.True(use is null ^ refused is null);
        Assert.True(refused is null || (refused.Detail.Length > 10 && refused.Reason.Length > 5));
        return refused;
    }

    private static Registers At(long import, long export, long first = 0, long second = 0) =>
        new(Register(import), Register(export), new(Register(first), Register(second), default, default));

    private static MeterRegister Register(long milliwattHours) => MeterRegister.FromMilliwattHours(milliwattHours);

    private static Energy Mwh(long milliwattHours) => Energy.FromMilliwattHours(milliwattHours);
}
