namespace Busbar.Domain.Trading;

/// <summary>Which register of a meter a delivery is counted by. The numbers are on the wire and on the ledger.</summary>
public enum EnergyFlow
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>What was taken in: the buyer's side.</summary>
    Import = 1,

    /// <summary>What was given out: the seller's side.</summary>
    Export = 2,
}
