using System.Reflection;
using System.Runtime.CompilerServices;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Architecture.Tests;

public sealed class RefusalTests
{
    public static TheoryData<string> Reasons => [.. Cases.Select(type => type.Name)];

    private static IEnumerable<Type> Cases =>
        typeof(ReadingRefused).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(ReadingRefused)));

    [Fact]
    public void ReadingRefused_IsAClosedSet()
    {
        Assert.True(typeof(ReadingRefused).IsAbstract);
        Assert.All(
            typeof(ReadingRefused).GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance),
            constructor => Assert.True(constructor.IsPrivate || constructor.GetParameters() is [var only] && only.ParameterType == typeof(ReadingRefused)));
        Assert.All(Cases, type => Assert.True(type.IsSealed));
        Assert.True(Cases.Count() >= 14, "too few reasons");
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void ReadingRefused_EveryCase_SaysWhatWasWrongUnderItsOwnName(string reason)
    {
        var refused = Make(reason);

        Assert.Equal(reason, refused.Reason);
        Assert.False(string.IsNullOrWhiteSpace(refused.Detail));
        Assert.DoesNotContain('\n', refused.Detail);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void ReadingRefused_EveryCase_IsExplainedToMakersOfMeters(string reason) =>
        Assert.Contains($"`{reason}`", Repository.Text("docs", "protocol.md"), StringComparison.Ordinal);

    [Fact]
    public void ReadingVerdict_TheDefault_IsNeverSuccess() => Assert.Equal(ReadingVerdict.Refused, default);

    private static ReadingRefused Make(string reason)
    {
        var constructor = Cases.Single(type => type.Name == reason).GetConstructors().Single();
        return (ReadingRefused)constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(string) ? "a fault"
            : parameter.ParameterType == typeof(Instant) ? Instant.FromUnixTimeSeconds(1_700_000_000)
            : RuntimeHelpers.GetUninitializedObject(parameter.ParameterType))]);
    }
}
