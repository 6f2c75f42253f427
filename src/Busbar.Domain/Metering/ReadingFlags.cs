namespace Busbar.Domain.Metering;

/// <summary>What a meter says of itself beside its registers.</summary>
[Flags]
public enum ReadingFlags : ushort
{
    /// <summary>Nothing to say; the clock is not set either.</summary>
    None = 0,

    /// <summary>The meter's clock was set, so its instant can be believed.</summary>
    ClockSet = 1,

    /// <summary>The cover was opened since the last reading.</summary>
    CoverOpened = 2,

    /// <summary>A strong magnetic field was near.</summary>
    MagneticField = 4,

    /// <summary>Current flowed against the wiring.</summary>
    ReverseCurrent = 8,

    /// <summary>The meter's own battery is low.</summary>
    BatteryLow = 16,

    /// <summary>The sequence numbers skipped before this reading are lost for ever, so the node need not ask for them.</summary>
    ReadingsLost = 32,

    /// <summary>Asked for between two interval ends; kept, but not what an interval is closed with.</summary>
    OnRequest = 64,
}
