using System.Collections.Frozen;
using Busbar.Domain.Access;

namespace Busbar.Store.Accounts;

/// <summary>Names as they stand in rows.</summary>
internal static class AccountRows
{
    public static string Text(IEnumerable<Role> roles) => string.Join(',', roles.Order());

    public static FrozenSet<Role> Roles(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Parse<Role>).ToFrozenSet();

    public static T Parse<T>(string name)
        where T : struct, Enum => Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value)
            ? value
            : throw new InvalidDataException($"{name} is not a {typeof(T).Name}");
}
