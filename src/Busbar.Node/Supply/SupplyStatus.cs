namespace Busbar.Node.Supply;

/// <summary>How far a meter has followed its newest permit.</summary>
internal enum SupplyStatus
{
    /// <summary>It has no permit.</summary>
    None,

    /// <summary>Its relay reads back as the permit says.</summary>
    Followed,

    /// <summary>It is online and has not followed yet.</summary>
    Waiting,

    /// <summary>It is online and has not followed in time.</summary>
    Late,

    /// <summary>It is not online, so nobody knows.</summary>
    Unacknowledged,

    /// <summary>It has told of no relay.</summary>
    NoRelay,
}
