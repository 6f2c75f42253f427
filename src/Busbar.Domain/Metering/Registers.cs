using Busbar.Domain.Quantities;

namespace Busbar.Domain.Metering;

/// <summary>All registers of a meter at one instant: import, export, and up to four rate bands of the import.</summary>
/// <param name="Import">Energy taken in, ever.</param>
/// <param name="Export">Energy given out, ever.</param>
/// <param name="Bands">Import by rate band; all zero for a meter without bands.</param>
public readonly record struct Registers(MeterRegister Import, MeterRegister Export, BandRegisters Bands = default)
{
    /// <summary>Whether no register is lower than in an older state.</summary>
    public bool NotBelow(in Registers older) =>
        Import >= older.Import && Export >= older.Export && Bands.NotBelow(older.Bands);

    /// <summary>Each register, or that of another state where it stands higher.</summary>
    internal Registers NotLessThan(in Registers other) => new(
        Higher(Import, other.Import),
        Higher(Export, other.Export),
        new(
            Higher(Bands.First, other.Bands.First),
            Higher(Bands.Second, other.Bands.Second),
            Higher(Bands.Third, other.Bands.Third),
            Higher(Bands.Fourth, other.Bands.Fourth)));

    /// <summary>These registers counted from another start: what they gained since <paramref name="was"/>, on top of it.</summary>
    internal Registers After(in Registers start, in Registers was) => new(
        start.Import.Advance(Import - was.Import), start.Export.Advance(Export - was.Export), start.Bands);

    private static MeterRegister Higher(MeterRegister left, MeterRegister right) => left >= right ? left : right;
}

/// <summary>The four rate band registers of a meter.</summary>
/// <param name="First">Band 1.</param>
/// <param name="Second">Band 2.</param>
/// <param name="Third">Band 3.</param>
/// <param name="Fourth">Band 4.</param>
public readonly record struct BandRegisters(MeterRegister First, MeterRegister Second, MeterRegister Third, MeterRegister Fourth)
{
    /// <summary>How many bands a meter may have.</summary>
    public const int Count = 4;

    /// <summary>A band's register by its place, 0 to 3.</summary>
    public MeterRegister this[int band] => band switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        3 => Fourth,
        _ => throw new ArgumentOutOfRangeException(nameof(band), band, "a meter has four bands, 0 to 3"),
    };

    /// <summary>Whether no band is lower than in an older state.</summary>
    public bool NotBelow(in BandRegisters older) =>
        First >= older.First && Second >= older.Second && Third >= older.Third && Fourth >= older.Fourth;
}
