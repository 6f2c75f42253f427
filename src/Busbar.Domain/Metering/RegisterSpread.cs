using Busbar.Domain.Quantities;

namespace Busbar.Domain.Metering;

/// <summary>
/// Spreads the energy between two known registers over the boundaries without a reading, by the premises' own profile. Each
/// register is a running total rounded down, so nothing accumulates and the parts sum to the whole exactly.
/// </summary>
internal static class RegisterSpread
{
    public static void Fill(MeterAccount account, long opening, long closing, Func<long, Interval> intervalAt)
    {
        if (closing - opening < 2)
            return;
        var from = account.Points[opening].Registers;
        var to = account.Points[closing].Registers;
        var shares = new (double Import, double Export)[closing - opening];
        var (import, export) = (0.0, 0.0);
        for (var i = 0; i < shares.Length; i++)
        {
            var share = account.Profile.Share(intervalAt(opening + i));
            shares[i] = (import += share.Import, export += share.Export);
        }

        for (var i = 0; i + 1 < shares.Length; i++)
        {
            var even = (i + 1.0) / shares.Length;
            var importPart = import > 0 ? shares[i].Import / import : even;
            var exportPart = export > 0 ? shares[i].Export / export : even;
            var between = new Registers(
                Between(from.Import, to.Import, importPart),
                Between(from.Export, to.Export, exportPart),
                new(
                    Between(from.Bands.First, to.Bands.First, importPart),
                    Between(from.Bands.Second, to.Bands.Second, importPart),
                    Between(from.Bands.Third, to.Bands.Third, importPart),
                    Between(from.Bands.Fourth, to.Bands.Fourth, importPart)));
            account.Points[opening + i + 1] = new(PointSource.Estimated, between, default, ReadingFlags.None, AfterReset: false);
        }
    }

    private static MeterRegister Between(MeterRegister from, MeterRegister to, double part)
    {
        // The whole of a large register, and a register below an estimate that is final, must not go through floating point.
        if (to <= from || part >= 1)
            return to;
        var whole = (to - from).MilliwattHours;
        var gone = Math.Clamp((long)Math.Floor(whole * part), 0, whole);
        return from.Advance(Energy.FromMilliwattHours(gone));
    }
}
