using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

public sealed class DemoTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("--days", "0", "--days is 1 to 3650")]
    [InlineData("--speed", "0.5", "--speed is 1 to 86400")]
    [InlineData("--seed", "-1", "--seed")]
    [InlineData("--sped", "60", "--sped")]
    public async Task Demo_WrongOption_IsWrongUsage(string option, string value, string told) =>
        (await BusbarProgram.RunAsync(_work.Folder, "demo", option, value)).FailedPlainly(2, told, "busbar --help");

    [Fact]
    public async Task Demo_FolderInUseForOtherThings_Refused()
    {
        _work.Write("letter.txt", "dear");
        (await BusbarProgram.RunAsync(_work.Folder, "demo", "--headless", "--data", _work.Folder))
            .FailedPlainly(1, "is not empty; a run starts in a new folder");
        (await BusbarProgram.RunAsync(_work.Folder, "dance")).FailedPlainly(2, "busbar --help");
    }

    /// <summary>Also under the load of other tests: what is settled together does not depend on when meters answer.</summary>
    [Fact]
    public async Task Demo_SameSeed_SameLedgerAsTheReadmeHasIt()
    {
        var runs = await Task.WhenAll(RunAsync("one"), RunAsync("two"));

        Assert.Equal(runs[0].ToJsonString(), runs[1].ToJsonString());
        Assert.True((bool)runs[0]["reconciled"]!);
        Assert.True((int)runs[0]["trades"]!["bought"]! > 10);
        var readme = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root(), "README.md"));
        var told = Regex.Match(readme, "last (?<hash>0x[0-9a-f]{64})", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["hash"].Value;
        Assert.Equal(told, (string)runs[0]["ledger"]!["finalBlockHash"]!);
    }

    private async Task<JsonNode> RunAsync(string folder)
    {
        var run = (await BusbarProgram.RunAsync(_work.Folder, "demo", "--headless", "--seed", "7", "--json", "--data", folder)).Succeeded();
        var summary = JsonNode.Parse(run.Output)!;
        summary.AsObject().Remove("seconds");
        return summary;
    }
}
