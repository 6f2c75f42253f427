using System.Collections.Immutable;
using Busbar.Ethereum.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Busbar.Ethereum.Tests.Contracts;

public sealed class GeneratorTests
{
    [Theory]
    [InlineData("{\"abi\":", "the text ends too early")]
    [InlineData("[] []", "text behind the value")]
    [InlineData("""{"abi":[]}""", "no contractName")]
    [InlineData("""{"contractName":"A"}""", "no abi")]
    [InlineData("""{"contractName":"A","abi":[],"bytecode":"0x6080__$lib$__"}""", "libraries are not linked")]
    [InlineData("""{"contractName":"A","abi":[{"type":"function","name":"f","inputs":[{"name":"x","type":"uint7"}]}]}""", "unknown type uint7")]
    [InlineData("""{"contractName":"A","abi":[{"type":"function","name":"f","inputs":[{"name":"x","type":"uint8[0]"}]}]}""", "unknown type uint8[0]")]
    [InlineData("""{"contractName":"A","abi":[{"type":"function","name":"f","inputs":[{"name":"x","type":"tuple","components":[]}]}]}""", "is empty")]
    public void Run_UnreadableFile_ErrorThatSaysWhy(string json, string expected)
    {
        var (diagnostics, _) = Run(json);

        var reported = Assert.Single(diagnostics);
        Assert.Equal("BUSABI001", reported.Id);
        Assert.Contains(expected, reported.GetMessage(), StringComparison.Ordinal);
    }

    // Names that would not compile, or would hide another, if they were taken over as they are.
    [Fact]
    public void Run_HostileNames_Compiles()
    {
        const string Json = """
            {"contractName":"Odd","bytecode":"0x","userdoc":{"methods":{"params(uint256,bool,string)":{"notice":"Says <b>\"x\"</b> & more."}}},"abi":[
              {"type":"function","name":"params","stateMutability":"view","outputs":[{"name":"","type":"bool"},{"name":"out","type":"bool"}],
               "inputs":[{"name":"class","type":"uint256"},{"name":"client","type":"bool"},{"name":"","type":"string"}]},
              {"type":"function","name":"odd","stateMutability":"pure","inputs":[],"outputs":[]},
              {"type":"function","name":"Selectors","stateMutability":"view","inputs":[],"outputs":[{"name":"","type":"uint8"}]},
              {"type":"function","name":"SELECTORS","stateMutability":"view","inputs":[],"outputs":[{"name":"","type":"uint8"}]},
              {"type":"event","name":"Topic","inputs":[{"name":"topic","type":"bytes32","indexed":true},{"name":"equals","type":"uint8[]","indexed":true}]},
              {"type":"event","name":"Events","inputs":[]},
              {"type":"event","name":"Hidden","anonymous":true,"inputs":[]},
              {"type":"error","name":"Errors","inputs":[{"name":"errors","type":"tuple","internalType":"struct X.Events",
               "components":[{"name":"events","type":"int16"},{"name":"to_string","type":"bytes7[2][]"},{"name":"toString","type":"string"}]}]},
              {"type":"fallback","stateMutability":"payable"},{"type":"receive","stateMutability":"payable"}]}
            """;

        var (diagnostics, output) = Run(Json);

        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning));
        Assert.NotNull(output.GetTypeByMetadataName("Given.Space.Odd"));
    }

    [Fact]
    public void Run_FileWithoutTheMark_NoBinding()
    {
        var (diagnostics, output) = Run("""{"contractName":"A","abi":[]}""", mark: "false");

        Assert.Empty(diagnostics);
        Assert.Null(output.GetTypeByMetadataName("Given.Space.A"));
    }

    private static (ImmutableArray<Diagnostic> Diagnostics, Compilation Output) Run(string json, string mark = "true")
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Trial", [], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(
            [new ContractBindingGenerator().AsSourceGenerator()],
            [new File(json)],
            CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose),
            new Options(mark));
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        return (diagnostics, output);
    }

    private sealed class File(string json) : AdditionalText
    {
        public override string Path => "Trial.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(json);
    }

    private sealed class Options(string mark) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values("build_property.ContractsNamespace", "Given.Space");

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values("build_metadata.AdditionalFiles.ContractAbi", mark);
    }

    private sealed class Values(string key, string value) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string asked, out string found)
        {
            found = value;
            return string.Equals(asked, key, StringComparison.Ordinal);
        }
    }
}
