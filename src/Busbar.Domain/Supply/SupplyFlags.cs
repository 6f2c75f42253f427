namespace Busbar.Domain.Supply;

/// <summary>What a permit says beside its end.</summary>
[Flags]
public enum SupplyFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The premises is never tripped for debt.</summary>
    Protected = 1,

    /// <summary>An emergency is declared: nobody is tripped for debt.</summary>
    Emergency = 2,

    /// <summary>Tripped because supplying it is dangerous; paying does not lift it.</summary>
    SafetyTrip = 4,

    /// <summary>Tripped because energy is stolen there; paying does not lift it.</summary>
    TheftTrip = 8,
}
