namespace Busbar.Domain.History;

/// <summary>How long the rows of a history are.</summary>
public enum HistoryStep
{
    /// <summary>Not told; no history has it.</summary>
    None = 0,

    /// <summary>The community's interval, aligned to UTC.</summary>
    Interval,

    /// <summary>An hour of the community's clocks: 25 and 23 of them on the days when the clocks are moved by an hour.</summary>
    Hour,

    /// <summary>A civil day in the community's zone: 23 or 25 hours long when the clocks are moved.</summary>
    Day,

    /// <summary>A calendar month in the community's zone.</summary>
    Month,

    /// <summary>A calendar year in the community's zone.</summary>
    Year,
}
