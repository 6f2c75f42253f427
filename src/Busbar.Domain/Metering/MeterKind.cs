namespace Busbar.Domain.Metering;

/// <summary>What a meter measures. The numbers are those of the <c>Meters</c> contract.</summary>
public enum MeterKind
{
    /// <summary>Not a kind; the ledger knows no such meter.</summary>
    None = 0,

    /// <summary>A house, flat or common load.</summary>
    Premises = 1,

    /// <summary>The microgrid's connection to the network above; held against the sum of all others.</summary>
    Transformer = 2,

    /// <summary>A source that belongs to no premises.</summary>
    Plant = 3,

    /// <summary>A battery that belongs to no premises.</summary>
    Storage = 4,
}

/// <summary>What flows through a meter. The numbers are those of the <c>Meters</c> contract.</summary>
public enum Commodity
{
    /// <summary>Not a commodity.</summary>
    None = 0,

    /// <summary>Electricity: the only one that is anchored and balanced.</summary>
    Electricity = 1,

    /// <summary>Gas: read and shown.</summary>
    Gas = 2,

    /// <summary>Water: read and shown.</summary>
    Water = 3,

    /// <summary>Heat: read and shown.</summary>
    Heat = 4,
}
