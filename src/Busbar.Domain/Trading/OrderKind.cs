namespace Busbar.Domain.Trading;

/// <summary>What an order tells a meter to do. The numbers are signed and on the wire.</summary>
public enum OrderKind
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>Open a delivery.</summary>
    Open = 1,

    /// <summary>Stop it before its end.</summary>
    Cancel = 2,

    /// <summary>Sign what has flowed since the last report, and go on.</summary>
    Report = 3,

    /// <summary>The node has the reports safe; the meter may forget them.</summary>
    Acknowledge = 4,
}
