namespace Busbar.Ethereum.Generator;

/// <summary>Writes the records: structs, events and errors.</summary>
internal static class RecordEmitter
{
    private const string Abi = "global::Busbar.Ethereum.Abi.";
    private const string Hash = "global::Busbar.Cryptography.Hash256";
    private const string Log = "global::Busbar.Ethereum.JsonRpc.Log";
    private const string NotNullWhen = "global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)";
    private const string Memory = "global::System.ReadOnlyMemory<byte>";

    public static void Structs(CodeWriter code, ContractFile file)
    {
        foreach (var one in file.Structs)
        {
            code.Summary($"The contract's struct {one.Name}.");
            OpenRecord(code, one.Name, one.Members, string.Empty);
            ReadAbi(code, one.Name, one.Members);
            code.Line();
            code.Open($"internal void WriteAbi({Abi}AbiWriter writer)");
            foreach (var (member, property) in one.Members.Zip(Naming.Properties(one.Members, one.Name), (m, p) => (m, p)))
                code.Line(member.Type.Write("writer", property) + ";");
            code.Close();
            code.Close();
            code.Line();
        }
    }

    public static void Errors(CodeWriter code, ContractFile file)
    {
        code.Summary($"What {file.Name} can revert with.");
        code.Open("public static class Errors");
        var records = Named(file, "error", "Errors");
        code.Summary("Reads revert data: an error of this contract, or one that the compiler puts in. False for anything else.");
        code.Open($"public static bool TryDecode({Memory} revertData, [{NotNullWhen}] out {Abi}IContractError? error)");
        code.Line("error = null;");
        if (records.Count > 0)
        {
            code.Open("try");
            code.Line($"var selector = {Abi}AbiSelectors.Of(revertData);");
            code.Line("if (selector is null)");
            code.Line("    return false;");
            code.Line($"var reader = new {Abi}AbiReader(revertData.Slice(4));");
            foreach (var (name, _) in records)
            {
                code.Line($"if (selector == {name}.Selector)");
                code.Line($"    error = {name}.ReadAbi(reader);");
            }

            code.Line("if (error is not null)");
            code.Line("    reader.EnsureEnd();");
            code.Close();
            code.Open($"catch ({Abi}AbiException)");
            code.Line("error = null;");
            code.Line("return false;");
            code.Close();
        }

        code.Line($"return error is not null || {Abi}SolidityErrors.TryDecode(revertData, out error);");
        code.Close();
        foreach (var (name, entry) in records)
        {
            code.Line();
            code.Summary(entry.Notice ?? $"The error {entry.Signature}.");
            OpenRecord(code, name, entry.Inputs, $" : {Abi}IContractError");
            code.Line($"internal static readonly uint Selector = {Abi}AbiSignature.Selector(\"{entry.Signature}\");");
            code.Line();
            code.Line("/// <inheritdoc />");
            code.Line($"public string ErrorSignature => \"{entry.Signature}\";");
            code.Line();
            ReadAbi(code, name, entry.Inputs);
            code.Close();
        }

        code.Close();
        code.Line();
    }

    public static void Events(CodeWriter code, ContractFile file)
    {
        code.Summary($"What {file.Name} logs.");
        code.Open("public static class Events");
        var records = Named(file, "event", "Events");
        code.Summary("Reads a log of this contract; false for any other, or a damaged one. Who logged it is not looked at.");
        code.Open($"public static bool TryDecode({Log} log, [{NotNullWhen}] out {Abi}IContractEvent? decoded)");
        code.Line("decoded = null;");
        foreach (var (name, _) in records)
        {
            code.Line($"if ({name}.TryDecode(log, out var as{name}))");
            code.Line($"    decoded = as{name};");
        }

        code.Line("return decoded is not null;");
        code.Close();
        foreach (var (name, entry) in records)
        {
            code.Line();
            code.Summary(entry.Notice ?? $"The event {entry.Signature}.");
            OpenRecord(code, name, entry.Inputs, $" : {Abi}IContractEvent");
            code.Summary("The first topic of its logs.");
            code.Line($"public static {Hash} Topic {{ get; }} = {Abi}AbiSignature.Topic(\"{entry.Signature}\");");
            code.Line();
            code.Line("/// <inheritdoc />");
            code.Line($"public string EventSignature => \"{entry.Signature}\";");
            code.Line();
            EventTryDecode(code, name, entry);
            code.Close();
        }

        code.Close();
        code.Line();
    }

    private static void EventTryDecode(CodeWriter code, string name, Entry entry)
    {
        var indexed = entry.Inputs.Count(i => i.IsIndexed);
        code.Summary("Reads a log; false where it is not this event, or damaged. Who logged it is not looked at.");
        code.Open($"public static bool TryDecode({Log} log, [{NotNullWhen}] out {name}? decoded)");
        code.Line("decoded = null;");
        code.Line($"if (log.Topics.Count != {1 + indexed} || log.Topics[0] != Topic)");
        code.Line("    return false;");
        code.Open("try");
        code.Line($"var reader = new {Abi}AbiReader(log.Data);");
        var place = 0;
        var arguments = entry.Inputs.Select(i => !i.IsIndexed ? i.Type.Read("reader")
            : !i.Type.FitsTopic ? $"log.Topics[{++place}]"
            : i.Type.Read($"new {Abi}AbiReader(log.Topics[{++place}].ToArray())"));
        code.Line($"var read = new {name}({string.Join(", ", arguments)});");
        code.Line("reader.EnsureEnd();");
        code.Line("decoded = read;");
        code.Line("return true;");
        code.Close();
        code.Open($"catch ({Abi}AbiException)");
        code.Line("return false;");
        code.Close();
        code.Close();
    }

    private static void OpenRecord(CodeWriter code, string name, IReadOnlyList<Parameter> members, string bases)
    {
        var properties = members.Zip(Naming.Properties(members, name), (m, p) => (Member: m, Property: p)).ToList();
        foreach (var (member, property) in properties)
            code.Param(property, $"{member.Type.Canonical} {member.Name}" + (member.CSharp != member.Type.CSharp ? ", of which only the hash is logged" : string.Empty));
        code.Open($"public sealed record {name}({string.Join(", ", properties.Select(p => $"{p.Member.CSharp} {p.Property}"))}){bases}");
    }

    private static void ReadAbi(CodeWriter code, string name, IReadOnlyList<Parameter> members)
    {
        code.Line($"internal static {name} ReadAbi({Abi}AbiReader reader) =>");
        code.Line($"    new({string.Join(", ", members.Select(m => m.Type.Read("reader")))});");
    }

    private static List<(string Name, Entry Entry)> Named(ContractFile file, string kind, string group)
    {
        // A record named like a struct would hide it from its neighbours.
        var taken = new HashSet<string>(file.Structs.Select(s => s.Name).Concat(Naming.Reserved)) { group };
        return file.Entries.Where(e => e.Kind == kind).Select(e => (Naming.Unique(taken, Naming.Pascal(e.Name)), e)).ToList();
    }
}
