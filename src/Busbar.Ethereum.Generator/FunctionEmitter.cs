namespace Busbar.Ethereum.Generator;

/// <summary>Writes what deploys, calls and reads a contract.</summary>
internal static class FunctionEmitter
{
    private const string Abi = "global::Busbar.Ethereum.Abi.";
    private const string Rpc = "global::Busbar.Ethereum.JsonRpc.";
    private const string Address = "global::Busbar.Cryptography.Address";
    private const string Memory = "global::System.ReadOnlyMemory<byte>";
    private const string Task = "global::System.Threading.Tasks.Task";

    public static void Deployment(CodeWriter code, ContractFile file)
    {
        if (file.Bytecode is null)
            return;
        code.Summary("The code that deploys it, without the constructor's arguments.");
        code.Line($"public const string Bytecode = \"{file.Bytecode}\";");
        code.Line();
        var inputs = file.Entries.FirstOrDefault(e => e.Kind == "constructor")?.Inputs ?? Array.Empty<Parameter>();
        code.Summary("Encodes the data of a transaction that deploys it.");
        Params(code, inputs);
        code.Open($"public static byte[] EncodeDeployment({Declare(inputs)})");
        WriteArguments(code, inputs, length => $"new {Abi}AbiWriter({length}, global::Busbar.Cryptography.HexText.Decode(Bytecode))");
        code.Close();
        code.Line();
    }

    public static void Functions(CodeWriter code, ContractFile file)
    {
        var functions = Named(file);
        code.Summary("The first four bytes of each function's calls.");
        code.Open("public static class Selectors");
        foreach (var (name, entry) in functions)
        {
            code.Summary($"The selector of {entry.Signature}.");
            code.Line($"public static uint {(name == "Selectors" ? "SelectorsValue" : name)} {{ get; }} = {Abi}AbiSignature.Selector(\"{entry.Signature}\");");
        }

        code.Close();
        code.Line();
        foreach (var (name, entry) in functions)
        {
            Encode(code, name, entry);
            Decode(code, name, entry);
            Call(code, name, entry);
        }
    }

    private static void Encode(CodeWriter code, string name, Entry entry)
    {
        code.Summary($"Encodes a call of {entry.Signature}." + (entry.Notice is null ? string.Empty : " " + entry.Notice));
        Params(code, entry.Inputs);
        code.Open($"public static byte[] Encode{name}({Declare(entry.Inputs)})");
        WriteArguments(code, entry.Inputs, length => $"new {Abi}AbiWriter(Selectors.{(name == "Selectors" ? "SelectorsValue" : name)}, {length})");
        code.Close();
        code.Line();
    }

    private static void Decode(CodeWriter code, string name, Entry entry)
    {
        if (entry.Outputs.Count == 0)
            return;
        code.Summary($"Reads what {entry.Signature} returns.");
        code.Open($"public static {Result(entry)} Decode{name}Result({Memory} result)");
        code.Line($"var reader = new {Abi}AbiReader(result);");
        var reads = string.Join(", ", entry.Outputs.Select(o => o.Type.Read("reader")));
        code.Line($"var read = {(entry.Outputs.Count == 1 ? reads : $"({reads})")};");
        code.Line("reader.EnsureEnd();");
        code.Line("return read;");
        code.Close();
        code.Line();
    }

    private static void Call(CodeWriter code, string name, Entry entry)
    {
        if (!entry.IsView)
            return;
        code.Summary(entry.Notice ?? $"Asks a contract for {entry.Signature}. What it reverts with is in the exception.");
        code.Param("client", "The node to ask.");
        code.Param("contract", "The contract.");
        Params(code, entry.Inputs);
        code.Param("block", "The block whose state is asked for; the newest by default.");
        code.Param("cancellationToken", "Stops waiting.");
        var between = entry.Inputs.Count == 0 ? ", " : $", {Declare(entry.Inputs)}, ";
        var parameters = $"{Rpc}EthereumClient client, {Address} contract{between}{Rpc}BlockTag block = default, "
            + "global::System.Threading.CancellationToken cancellationToken = default";
        var request = $"new {Rpc}CallRequest {{ To = contract, Data = Encode{name}({string.Join(", ", Naming.Parameters(entry.Inputs))}) }}";
        var result = entry.Outputs.Count == 0 ? Task : $"{Task}<{Result(entry)}>";
        var decode = entry.Outputs.Count == 0 ? string.Empty : $", static result => Decode{name}Result(result)";
        code.Line($"public static {result} {name}Async({parameters}) =>");
        code.Line($"    client.CallAsync({request}{decode}, block, cancellationToken);");
        code.Line();
    }

    private static void WriteArguments(CodeWriter code, IReadOnlyList<Parameter> inputs, Func<int, string> create)
    {
        code.Line($"var writer = {create(inputs.Sum(i => i.Type.HeadLength))};");
        foreach (var (input, name) in inputs.Zip(Naming.Parameters(inputs), (i, n) => (i, n)))
            code.Line(input.Type.Write("writer", name) + ";");
        code.Line("return writer.ToArray();");
    }

    private static void Params(CodeWriter code, IReadOnlyList<Parameter> inputs)
    {
        foreach (var (input, name) in inputs.Zip(Naming.Parameters(inputs), (i, n) => (i, n)))
            code.Param(name, $"{input.Type.Canonical} {input.Name}");
    }

    private static string Result(Entry entry)
    {
        if (entry.Outputs.Count == 1)
            return entry.Outputs[0].Type.CSharp;
        return $"({string.Join(", ", entry.Outputs.Zip(Naming.Properties(entry.Outputs), (o, n) => $"{o.Type.CSharp} {n}"))})";
    }

    private static string Declare(IReadOnlyList<Parameter> inputs) =>
        string.Join(", ", inputs.Zip(Naming.Parameters(inputs), (i, n) => $"{i.Type.CSharp} {n}"));

    // Of overloads the shortest keeps the name; the others say what they take, whatever their order in the file.
    private static List<(string Name, Entry Entry)> Named(ContractFile file)
    {
        var taken = new HashSet<string> { "Deployment" };
        var functions = file.Entries.Where(e => e.Kind == "function").ToList();
        var names = new Dictionary<Entry, string>();
        foreach (var group in functions.GroupBy(f => Naming.Pascal(f.Name)))
        {
            var first = true;
            foreach (var entry in group.OrderBy(e => e.Inputs.Count).ThenBy(e => e.Signature, StringComparer.Ordinal))
            {
                var suffix = first ? string.Empty : "With" + string.Concat(Naming.Properties(entry.Inputs));
                names.Add(entry, Naming.Unique(taken, group.Key + suffix));
                first = false;
            }
        }

        return functions.Select(f => (names[f], f)).ToList();
    }
}
