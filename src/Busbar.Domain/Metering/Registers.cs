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
