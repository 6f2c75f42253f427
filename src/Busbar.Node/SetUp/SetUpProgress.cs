using System.ComponentModel;
using System.Text.Json;
using Busbar.Node.Api.Describing;

namespace Busbar.Node.SetUp;

/// <summary>How far a set-up is, as the page shows it. Safe for use from several threads.</summary>
internal sealed class SetUpProgress : IProgress<StartStep>
{
    private const string Account = "account";

    // The order in which they are done.
    private static readonly string[] Steps = [Account, .. Enum.GetNames<StartPart>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private readonly Lock _lock = new();
    private int _at = -1;
    private string? _failure;

    /// <summary>The account is there and the description on disk: what comes now is the node's start.</summary>
    public void Begin() => Move(0, null);

    /// <inheritdoc />
    public void Report(StartStep value) => Move(1 + (int)value.Part, null);

    /// <summary>The start failed at the step that it was at; it will be tried again.</summary>
    public void Fail(string why) => Move(Math.Max(_at, 0), why);

    /// <summary>Where it stands.</summary>
    public SetUpDocument Read()
    {
        lock (_lock)
            return new(_at < 0 ? "new" : "running", [.. Steps.Select((id, i) => new SetUpStep(id, StateOf(i), i == _at ? _failure : null))]);
    }

    /// <summary>What a node that has its community says.</summary>
    public static SetUpDocument Done() => new("done", [.. Steps.Select(id => new SetUpStep(id, "done", null))]);

    private string StateOf(int step) => step < _at ? "done" : step > _at ? "waiting" : _failure is null ? "running" : "failed";

    private void Move(int to, string? failure)
    {
        lock (_lock)
            (_at, _failure) = (to, failure);
    }
}

/// <summary>How far the set-up is.</summary>
internal sealed record SetUpDocument(
    [property: OneOf("new", "running", "done")]
    [property: Description("new: nobody has said what the community is; running: the node starts with it; done.")] string State,
    [property: Description("The steps in their order.")] IReadOnlyList<SetUpStep> Steps);

/// <summary>A step of the set-up.</summary>
internal sealed record SetUpStep(
    [property: OneOf("account", "store", "engine", "contracts", "meters", "microgrids", "doors")] string Id,
    [property: OneOf("waiting", "running", "done", "failed")] string State,
    [property: Description("Why it failed; the node tries again by itself.")] string? Detail);
