using System.Text;

namespace Busbar.Ethereum.Generator;

/// <summary>Turns Solidity's names into C#'s.</summary>
internal static class Naming
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte",
        "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof",
        "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    };

    private static readonly HashSet<string> RecordMembers = new(StringComparer.Ordinal)
    {
        "Selector",
        "Topic", "TryDecode", "ErrorSignature", "EventSignature", "ReadAbi", "WriteAbi", "Equals", "GetHashCode", "ToString", "GetType",
        "Deconstruct", "EqualityContract", "PrintMembers", "MemberwiseClone", "ReferenceEquals", "Finalize", "Clone",
    };

    // The names that the methods of a binding use for their own ends.
    private static readonly HashSet<string> Locals = new(StringComparer.Ordinal)
    {
        "client", "contract", "block", "cancellationToken", "writer", "reader",
    };

    /// <summary>What every record of a binding has by itself, so that neither it nor a property of it can be called that.</summary>
    public static IEnumerable<string> Reserved => RecordMembers;

    /// <summary>MAXIMUM_BATCH, maximumBatch and maximum_batch_ all become MaximumBatch.</summary>
    public static string Pascal(string name)
    {
        var result = new StringBuilder();
        foreach (var part in name.Split('_', '$').Where(p => p.Length > 0))
        {
            var shouted = part.Length > 1 && part.All(c => char.IsUpper(c) || char.IsDigit(c));
            result.Append(char.ToUpperInvariant(part[0])).Append(shouted ? part.Substring(1).ToLowerInvariant() : part.Substring(1));
        }

        return result.Length == 0 || char.IsDigit(result[0]) ? "_" + result : result.ToString();
    }

    /// <summary>The names of a method's parameters, each once; places stand for names that are missing.</summary>
    public static IReadOnlyList<string> Parameters(IReadOnlyList<Parameter> parameters)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return parameters.Select((p, i) => Unique(taken, OfParameter(p.Name, i))).ToList();
    }

    /// <summary>The names of a record's or a tuple's members, each once.</summary>
    public static IReadOnlyList<string> Properties(IReadOnlyList<Parameter> members, string record = "")
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return members.Select((m, i) => Unique(taken, OfProperty(m.Name, i, record))).ToList();
    }

    /// <summary>The name, or the name with the first number that makes it new; it is then taken.</summary>
    public static string Unique(HashSet<string> taken, string name)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
            unique = name + i;
        return unique;
    }

    private static string OfParameter(string name, int place)
    {
        if (name.Trim('_', '$').Length == 0)
            return "value" + place;
        var pascal = Pascal(name);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return Locals.Contains(camel) ? camel + "Value" : Keywords.Contains(camel) ? "@" + camel : camel;
    }

    private static string OfProperty(string name, int place, string record)
    {
        if (name.Trim('_', '$').Length == 0)
            return "Value" + place;
        var pascal = Pascal(name);
        return RecordMembers.Contains(pascal) || pascal == record ? pascal + "Value" : pascal;
    }
}
