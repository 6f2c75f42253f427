using Busbar.Domain.Access;

namespace Busbar.Node.Access;

/// <summary>One row of the access table: which role may use an endpoint, and how far. What is not said is not allowed.</summary>
/// <param name="Endpoint">The endpoint's name, such as <c>houses.list</c>.</param>
internal sealed record AccessRow(string Endpoint)
{
    public Grant Anyone { get; init; }

    public Grant Account { get; init; }

    public Grant Guest { get; init; }

    public Grant Household { get; init; }

    public Grant Authority { get; init; }

    public Grant Auditor { get; init; }

    public Grant Operator { get; init; }

    public Grant Regulator { get; init; }

    public Grant Owner { get; init; }

    /// <summary>
    /// Looks at no cookie: what it does is allowed by what the request itself carries, a signed transaction or a device's token. So a page
    /// of another site, such as a wallet's, may ask it too.
    /// </summary>
    public bool IgnoresSession { get; init; }

    /// <summary>Every role's cell, in the order of <see cref="Role"/>.</summary>
    public Grant this[Role role] => role switch
    {
        Role.Anyone => Anyone,
        Role.Account => Account,
        Role.Guest => Guest,
        Role.Household => Household,
        Role.Authority => Authority,
        Role.Auditor => Auditor,
        Role.Operator => Operator,
        Role.Regulator => Regulator,
        Role.Owner => Owner,
        _ => Grant.None,
    };

    /// <summary>The widest grant of a caller's roles.</summary>
    public Grant For(Caller caller)
    {
        var widest = Grant.None;
        foreach (var role in caller.Roles)
        {
            if (this[role] > widest)
                widest = this[role];
        }

        return widest;
    }
}
