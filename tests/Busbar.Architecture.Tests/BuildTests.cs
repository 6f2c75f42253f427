using System.Xml.Linq;

namespace Busbar.Architecture.Tests;

/// <summary>What the build itself must hold everyone to.</summary>
public sealed class BuildTests
{
    [Theory]
    [InlineData("Nullable", "enable")]
    [InlineData("TreatWarningsAsErrors", "true")]
    [InlineData("CheckForOverflowUnderflow", "true")]
    [InlineData("EnforceCodeStyleInBuild", "true")]
    [InlineData("GenerateDocumentationFile", "true")]
    [InlineData("RestorePackagesWithLockFile", "true")]
    [InlineData("NuGetAuditMode", "all")]
    public void Properties_OfEveryProject(string name, string value)
    {
        Assert.Equal(value, Repository.Xml("Directory.Build.props").Descendants(name).Single().Value);
        foreach (var project in Repository.Projects("src", "bench"))
            Assert.DoesNotContain(XDocument.Load(project).Descendants(name), element => element.Value != value && !IsGenerator(project));
    }

    [Fact]
    public void Documentation_MissingOnAPublicMember_StopsTheBuildOfEveryRoom()
    {
        foreach (var project in Repository.Projects("src"))
        {
            var off = XDocument.Load(project).Descendants().Where(element => element.Name.LocalName is "NoWarn" or "WarningsNotAsErrors");
            Assert.DoesNotContain(off, element => element.Value.Contains("1591", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("CS1591", Repository.Text(".editorconfig"), StringComparison.Ordinal);
        Assert.All(Repository.Sources(), file => Assert.DoesNotContain("CS1591", File.ReadAllText(file), StringComparison.Ordinal));
        var shared = Repository.Xml("Directory.Build.props").Descendants("NoWarn").Where(element => element.Value.Contains("1591", StringComparison.Ordinal));
        Assert.All(shared, element => Assert.Contains(".Tests", (string?)element.Parent!.Attribute("Condition"), StringComparison.Ordinal));
    }

    [Fact]
    public void BannedSymbols_AreWiredAndNameTheClockTheSleepAndTheRandom()
    {
        var targets = Repository.Xml("Directory.Build.targets");
        Assert.Contains(targets.Descendants("AdditionalFiles"), item => ((string)item.Attribute("Include")!).EndsWith("BannedSymbols.txt", StringComparison.Ordinal));
        Assert.Contains(targets.Descendants("PackageReference"), item => (string?)item.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        Assert.Contains(targets.Descendants("PackageReference"), item => (string?)item.Attribute("Include") == "Meziantou.Analyzer");
        var banned = Repository.Text("BannedSymbols.txt");
        string[] symbols =
        [
            "P:System.DateTime.Now;", "P:System.DateTime.UtcNow;", "P:System.DateTimeOffset.UtcNow;", "P:NodaTime.SystemClock.Instance;",
            "M:System.Threading.Thread.Sleep(System.Int32);", "M:System.Threading.Thread.Sleep(System.TimeSpan);",
            "M:System.Threading.Tasks.Task.Delay(System.Int32);", "M:System.Threading.Tasks.Task.Delay(System.TimeSpan);", "T:System.Random;",
        ];
        Assert.All(symbols, symbol => Assert.Contains(symbol, banned, StringComparison.Ordinal));
    }

    [Fact]
    public void BannedSymbols_AreNowhereAllowedInTheRoomsButWhereTheProgramIsPutTogether()
    {
        foreach (var file in Repository.Sources().Where(file => File.ReadAllText(file).Contains("RS0030", StringComparison.Ordinal)))
            Assert.Contains("Busbar.Cli", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_HaveOneVersionEachAndNoneFloats()
    {
        var central = Repository.Xml("Directory.Packages.props");
        Assert.Equal("true", central.Descendants("ManagePackageVersionsCentrally").Single().Value);
        Assert.All(central.Descendants("PackageVersion"), package => Assert.Matches(@"^\d+(\.\d+){1,3}$", (string)package.Attribute("Version")!));
        foreach (var project in Repository.Projects("src", "tests", "bench"))
        {
            Assert.All(XDocument.Load(project).Descendants("PackageReference"), package =>
            {
                Assert.Null(package.Attribute("Version"));
                Assert.Null(package.Attribute("VersionOverride"));
            });
        }
    }

    [Fact]
    public void LockFiles_EveryProjectHasItsOwn() => Assert.All(
        Repository.Projects("src", "tests", "bench"),
        project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project));

    [Fact]
    public void Solution_NamesEveryProject()
    {
        var named = Repository.Xml("Busbar.slnx").Descendants("Project").Select(project => (string)project.Attribute("Path")!);

        Assert.Equal(
            Repository.Projects("src", "tests", "bench").Select(project => Path.GetRelativePath(Repository.Root, project)).Order(StringComparer.Ordinal),
            named.Order(StringComparer.Ordinal));
    }

    // It is built for the compiler that loads it, which is an older runtime with other rules.
    private static bool IsGenerator(string project) => project.Contains(".Generator", StringComparison.Ordinal);
}
