namespace Busbar.Node;

/// <summary>A step of a node's start.</summary>
/// <param name="Part">Which part of the node begins to come up.</param>
/// <param name="What">The same in words, for a person.</param>
public sealed record StartStep(StartPart Part, string What);

/// <summary>The parts of a node in the order in which they come up.</summary>
public enum StartPart
{
    /// <summary>Store and journals.</summary>
    Store,

    /// <summary>The ledger's engine.</summary>
    Engine,

    /// <summary>The contracts; only at the first start.</summary>
    Contracts,

    /// <summary>The description's meters on the ledger.</summary>
    Meters,

    /// <summary>The microgrids' actors.</summary>
    Microgrids,

    /// <summary>Page, API and MQTT.</summary>
    Doors,
}
