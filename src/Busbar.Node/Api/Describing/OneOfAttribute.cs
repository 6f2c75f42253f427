using System.Text.Json;

namespace Busbar.Node.Api.Describing;

/// <summary>The closed set of texts that a member of an answer or a form may have; of a list, each of its items.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute : Attribute
{
    /// <summary>These texts.</summary>
    public OneOfAttribute(params string[] values) => Values = values;

    /// <summary>The names of an enumeration but those that stand for nothing.</summary>
    /// <param name="enumeration">The enumeration.</param>
    /// <param name="letters">How its names are written.</param>
    /// <param name="except">Further names that never come.</param>
    public OneOfAttribute(Type enumeration, Letters letters, params string[] except) => Values =
    [
        .. Enum.GetNames(enumeration).Where(name => name != "None" && !except.Contains(name, StringComparer.Ordinal)).Select(name => letters switch
        {
            Letters.Lower => name.ToLowerInvariant(),
            Letters.Camel => JsonNamingPolicy.CamelCase.ConvertName(name),
            _ => name,
        }),
    ];

    /// <summary>The nested cases of a closed result type, by their names.</summary>
    public OneOfAttribute(Type cases) => Values =
        [.. cases.GetNestedTypes().Where(one => one.IsSubclassOf(cases)).Select(one => one.Name).Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Values { get; }
}

/// <summary>How names of an enumeration are written in JSON.</summary>
internal enum Letters
{
    /// <summary>As in the code.</summary>
    AsNamed,

    /// <summary>All small.</summary>
    Lower,

    /// <summary>The first one small.</summary>
    Camel,
}
