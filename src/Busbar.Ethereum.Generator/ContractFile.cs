namespace Busbar.Ethereum.Generator;

/// <summary>One entry of an ABI: a function, an event, an error or the constructor.</summary>
internal sealed class Entry
{
    public Entry(string kind, string name, IReadOnlyList<Parameter> inputs, IReadOnlyList<Parameter> outputs, bool isView, string? notice)
    {
        Kind = kind;
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
        IsView = isView;
        Notice = notice;
    }

    public string Kind { get; }

    public string Name { get; }

    public IReadOnlyList<Parameter> Inputs { get; }

    public IReadOnlyList<Parameter> Outputs { get; }

    public bool IsView { get; }

    /// <summary>What the contract's author says about it for users; null where nothing is at hand.</summary>
    public string? Notice { get; }

    public string Signature => $"{Name}({string.Join(",", Inputs.Select(i => i.Type.Canonical))})";
}

/// <summary>A struct that the ABI's tuples name.</summary>
internal sealed class Struct
{
    public Struct(string name, IReadOnlyList<Parameter> members)
    {
        Name = name;
        Members = members;
    }

    public string Name { get; }

    public IReadOnlyList<Parameter> Members { get; }
}

/// <summary>A contract's ABI file, read: <c>{"contractName": …, "abi": […], "bytecode": "0x…"}</c>.</summary>
internal sealed class ContractFile
{
    private readonly Dictionary<string, Struct> _structs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(Naming.Reserved, StringComparer.Ordinal) { "Events", "Errors", "Selectors", "Bytecode" };

    private ContractFile(string name, string? bytecode)
    {
        Name = name;
        Bytecode = bytecode;
        _taken.Add(name);
    }

    public string Name { get; }

    /// <summary>The deploying code, <c>0x</c> and digits; null for what cannot be deployed.</summary>
    public string? Bytecode { get; }

    public IReadOnlyList<Entry> Entries { get; private set; } = Array.Empty<Entry>();

    public IEnumerable<Struct> Structs => _structs.Values;

    public static ContractFile Parse(string text)
    {
        var json = JsonText.Parse(text);
        var name = json["contractName"]?.Text ?? throw new FormatException("no contractName");
        if (json["abi"] is not { IsList: true } abi)
            throw new FormatException("no abi");
        var file = new ContractFile(Naming.Pascal(name), Hex(json["bytecode"]));
        file.Entries = abi.Items.Select(e => file.ReadEntry(e, json["userdoc"])).ToList();
        return file;
    }

    private static string? Hex(JsonValue? value)
    {
        // Build tools write the code as text or as an object around it.
        var text = value?.Text ?? value?["object"]?.Text;
        if (text is null || text.Length == 0 || text == "0x")
            return null;
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.Substring(2) : text;
        if (digits.Length % 2 != 0 || digits.Any(c => !Uri.IsHexDigit(c)))
            throw new FormatException("the bytecode is not hexadecimal, or its libraries are not linked");
        return "0x" + digits;
    }

    private Entry ReadEntry(JsonValue json, JsonValue? userdoc)
    {
        var kind = json["type"]?.Text ?? "function";
        var name = json["name"]?.Text ?? string.Empty;
        var mutability = json["stateMutability"]?.Text;
        var inputs = ReadParameters(json["inputs"], name);
        var outputs = ReadParameters(json["outputs"], name + "Result");
        var entry = new Entry(kind, name, inputs, outputs, mutability is "view" or "pure", null);
        var documented = kind switch
        {
            "function" => userdoc?["methods"]?[entry.Signature],
            "event" => userdoc?["events"]?[entry.Signature],
            "error" => userdoc?["errors"]?[entry.Signature]?.Items.FirstOrDefault(),
            _ => null,
        };
        // Anonymous events share no topic by which they could be told apart.
        var effective = kind == "event" && json["anonymous"] is { IsTrue: true } ? "anonymous" : kind;
        return new Entry(effective, name, inputs, outputs, entry.IsView, documented?["notice"]?.Text);
    }

    private List<Parameter> ReadParameters(JsonValue? list, string owner) =>
        (list?.Items ?? Array.Empty<JsonValue>()).Select(p => ReadParameter(p, owner)).ToList();

    private Parameter ReadParameter(JsonValue json, string owner)
    {
        var name = json["name"]?.Text ?? string.Empty;
        var type = json["type"]?.Text ?? throw new FormatException($"a parameter of {owner} has no type");
        var bracket = type.IndexOf('[');
        var root = bracket < 0 ? type : type.Substring(0, bracket);
        var value = root == "tuple" ? ReadTuple(json, owner, name) : ValueType.Elementary(root);
        while (bracket >= 0)
        {
            var close = type.IndexOf(']', bracket);
            if (close < 0)
                throw new FormatException($"unknown type {type}");
            var count = type.Substring(bracket + 1, close - bracket - 1);
            if (count.Length > 0 && (!int.TryParse(count, out var parsed) || parsed < 1))
                throw new FormatException($"unknown type {type}");
            value = count.Length == 0 ? ValueType.ListOf(value) : ValueType.ListOf(value, int.Parse(count));
            bracket = close + 1 < type.Length ? close + 1 : -1;
        }

        return new Parameter(name, value, json["indexed"] is { IsTrue: true });
    }

    // A struct is known by the compiler's name for it; without one by its use. Same name and shape are one struct.
    private ValueType ReadTuple(JsonValue json, string owner, string name)
    {
        var members = ReadParameters(json["components"], owner + "_" + name);
        if (members.Count == 0)
            throw new FormatException($"a tuple of {owner} is empty");
        var source = json["internalType"]?.Text ?? string.Empty;
        var key = source.StartsWith("struct ", StringComparison.Ordinal) ? source.Substring(7).Split('[')[0] : owner + "_" + name;
        var shape = key + string.Join(",", members.Select(m => m.Type.Canonical + " " + m.Name));
        if (!_structs.TryGetValue(shape, out var known))
        {
            known = new Struct(Naming.Unique(_taken, Naming.Pascal(key.Substring(key.LastIndexOf('.') + 1))), members);
            _structs.Add(shape, known);
        }

        return ValueType.Tuple(known.Name, members.Select(m => m.Type).ToList());
    }
}
