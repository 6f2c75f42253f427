using System.Reflection;
using System.Xml.Linq;

namespace Busbar.Architecture.Tests;

public sealed class ArrowTests
{
    [Fact]
    public void Projects_EveryRoomOfTheTable_AndNoOther() => Assert.Equal(
        Rooms.Arrows.Keys.Order(StringComparer.Ordinal),
        Repository.Projects("src").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void ProjectReferences_AlongTheArrowsAlone()
    {
        foreach (var project in Repository.Projects("src"))
        {
            var room = Path.GetFileNameWithoutExtension(project);
            var outside = ReferencesOf(project).Except(Rooms.Arrows[room], StringComparer.Ordinal);
            Assert.True(!outside.Any(), $"{room} may not use {string.Join(", ", outside)}");
        }
    }

    [Fact]
    public void ProjectReferences_TheGenerator_WorksInTheCompilerAndIsNoPartOfTheProgram()
    {
        var reference = Repository.Xml("src", "Busbar.Ethereum.Generator", "Contracts.props").Descendants("ProjectReference").Single();
        Assert.Equal("Analyzer", (string?)reference.Attribute("OutputItemType"));
        Assert.Equal("false", (string?)reference.Attribute("ReferenceOutputAssembly"));
        foreach (var project in Repository.Projects("src"))
        {
            Assert.DoesNotContain(ReferencesOf(project), name => name == "Busbar.Ethereum.Generator");
            Assert.All(XDocument.Load(project).Descendants("Import"), import => Assert.EndsWith("Contracts.props", (string)import.Attribute("Project")!, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Assemblies_UseOnlyTheRoomsOfTheirArrows()
    {
        foreach (var assembly in Rooms.Assemblies)
        {
            var room = assembly.GetName().Name == "busbar" ? "Busbar.Cli" : assembly.GetName().Name!;
            var used = assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Busbar.", StringComparison.Ordinal));
            Assert.Empty(used.Except(Rooms.Arrows[room], StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Domain_NeitherDiskNorSocketNorTaskNorClock()
    {
        var domain = Assembly.Load("Busbar.Domain");

        var used = domain.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(used, name =>
            name.StartsWith("System.Net", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || name is "System.IO.FileSystem" or "System.Threading.Channels");
        Assert.DoesNotContain(domain.GetTypes().SelectMany(MethodsOf), method => typeof(Task).IsAssignableFrom(method.ReturnType)
            || method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>)));
        Assert.DoesNotContain(domain.GetTypes().SelectMany(FieldsOf), field =>
            typeof(TimeProvider).IsAssignableFrom(field.FieldType) || field.FieldType.FullName == "NodaTime.IClock" || typeof(FileStream).IsAssignableFrom(field.FieldType));
    }

    [Fact]
    public void TestProjects_EveryRoomHasItsOwn()
    {
        var tests = Repository.Projects("tests").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);

        Assert.All(Rooms.Arrows.Keys.Where(room => room != "Busbar.Ethereum.Generator"), room => Assert.Contains(room + ".Tests", tests));
    }

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(reference => (string?)reference.Attribute("Include"))
        .OfType<string>()
        .Select(path => Path.GetFileNameWithoutExtension(path));

    private static MethodInfo[] MethodsOf(Type type) => type.GetMethods(
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    private static FieldInfo[] FieldsOf(Type type) => type.GetFields(
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly);
}
