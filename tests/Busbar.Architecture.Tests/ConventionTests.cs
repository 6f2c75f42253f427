using System.Reflection;
using System.Runtime.CompilerServices;

namespace Busbar.Architecture.Tests;

public sealed class ConventionTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Quantities =>
        [.. QuantityTypes.Select(type => type.FullName!)];

    private static IEnumerable<Type> QuantityTypes =>
        Assembly.Load("Busbar.Domain").GetExportedTypes().Where(type => type.Namespace == "Busbar.Domain.Quantities" && !type.IsEnum);

    [Theory]
    [MemberData(nameof(Quantities))]
    public void Quantities_AreReadonlyStructsMadeByNamedFactories(string name)
    {
        var type = Assembly.Load("Busbar.Domain").GetType(name, throwOnError: true)!;

        Assert.True(type.IsValueType, $"{name} is no struct");
        Assert.True(type.IsDefined(typeof(IsReadOnlyAttribute)), $"{name} is not readonly");
        Assert.Contains(typeof(IEquatable<>).MakeGenericType(type), type.GetInterfaces());
        Assert.Empty(type.GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        Assert.DoesNotContain(type.GetMethods(), method => method.Name is "op_Implicit" or "op_Explicit");
        Assert.Contains(type.GetMethods(BindingFlags.Public | BindingFlags.Static), method =>
            method.Name.StartsWith("From", StringComparison.Ordinal) && method.ReturnType == type);
    }

    [Fact]
    public void Domain_NoTypeTurnsIntoAnotherByItself() => Assert.DoesNotContain(
        Assembly.Load("Busbar.Domain").GetTypes().SelectMany(type => type.GetMethods(Everything)), method => method.Name == "op_Implicit");

    [Fact]
    public void Types_AreNamedAfterWhatTheyAre()
    {
        string[] vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities"];
        var types = Rooms.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Busbar", StringComparison.Ordinal) == true && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

        Assert.DoesNotContain(types, type => vague.Any(word => type.Name.Split('`')[0].EndsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void Folders_AreNounsOfTheDomain()
    {
        string[] vague = ["Models", "Services", "Helpers", "Managers", "Utils", "Common", "Misc"];

        Assert.DoesNotContain(Repository.Sources(), file =>
            Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).SkipLast(1).Any(part => vague.Contains(part, StringComparer.Ordinal)));
    }

    [Fact]
    public void Sources_NoRegionsAndNothingLeftToDo() => Assert.All(Repository.Sources(), file =>
    {
        var text = File.ReadAllText(file);
        Assert.DoesNotContain("#region", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\b(TODO|FIXME|HACK)\b", text);
    });

    [Fact]
    public void Sources_NoFileBeyondFiveHundredLines() => Assert.All(
        Repository.Sources(), file => Assert.True(File.ReadLines(file).Count() <= 500, file));
}
