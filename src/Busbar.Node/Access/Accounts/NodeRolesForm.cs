using System.Collections.Frozen;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Busbar.Domain.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;

namespace Busbar.Node.Access.Accounts;

/// <summary>What the node makes an account: operator, auditor, both or neither.</summary>
internal sealed record NodeRolesForm : IRequestForm
{
    public static int MostBytes => 512;

    [Required]
    [OneOf(nameof(Role.Operator), nameof(Role.Auditor))]
    [Description("All that the account has from now on; what is not among them is taken away.")]
    public IReadOnlyList<string>? Roles { get; init; }

    public FrozenSet<Role> RolesOf() => [.. Roles!.Select(Enum.Parse<Role>)];

    public AccessRefused? Check() =>
        Roles is null || Roles.Any(role => role is not (nameof(Role.Operator) or nameof(Role.Auditor)))
            || Roles.Distinct(StringComparer.Ordinal).Count() != Roles.Count
            ? AccessRefused.InvalidField("roles", "must be a list of Operator and Auditor, each at most once")
            : null;
}
