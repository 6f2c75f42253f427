namespace Busbar.Domain.Access;

/// <summary>What somebody is to the community. A caller holds a set of roles and may do what any of them may. Names are stored.</summary>
public enum Role
{
    /// <summary>Everybody, signed in or not.</summary>
    Anyone,

    /// <summary>Signed in, whoever it is.</summary>
    Account,

    /// <summary>Invited by a household to look at its premises, perhaps to switch its loads.</summary>
    Guest,

    /// <summary>A participant on the ledger: its own premises.</summary>
    Household,

    /// <summary>A public authority appointed on the ledger: sums by place.</summary>
    Authority,

    /// <summary>Named by the node's operator: sees all, changes nothing.</summary>
    Auditor,

    /// <summary>Runs the node: named by it, or appointed on the ledger.</summary>
    Operator,

    /// <summary>A regulator in office on the ledger.</summary>
    Regulator,

    /// <summary>The owner on the ledger.</summary>
    Owner,
}
