using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.BadInput;

/// <summary>
/// Every parameter, member and header of every operation that the node's own document names, with everything that should not be there:
/// answered, never by a fault, refused by name, nothing done that was refused, and nothing of it in the log.
/// </summary>
[Collection(BadInputRoom.Name)]
public sealed partial class BadInputTests(BadInputCommunity shared)
{
    private readonly Dictionary<string, (int Count, string First)> _found = new(StringComparer.Ordinal);
    private int _changes;
    private int _turn;

    [EngineFact]
    public Task Path_AnyValue_RefusedByName() => EveryAsync(async (operation, isSignedIn) =>
    {
        foreach (var name in operation.InPath)
        {
            foreach (var value in BadValues.Texts.Select(Escaped))
                await TryAsync(operation, Target(operation, name, value), BodyOf(operation), isSignedIn, mayBeOfHttp: value.Contains("%00", StringComparison.Ordinal));
            foreach (var raw in BadValues.RawSegments)
                await TryAsync(operation, Target(operation, name, raw), BodyOf(operation), isSignedIn, mayBeOfHttp: true);
        }
    });

    [EngineFact]
    public Task Query_AnyValue_RefusedByName() => EveryAsync(async (operation, isSignedIn) =>
    {
        var good = operation.InQuery.ToDictionary(name => name, Sample, StringComparer.Ordinal);
        foreach (var name in operation.InQuery)
        {
            var others = string.Concat(good.Where(one => one.Key != name).Select(one => $"&{one.Key}={one.Value}"));
            foreach (var value in BadValues.Texts.Select(Escaped))
                await TryAsync(operation, $"{Target(operation)}?{name}={value}{others}", BodyOf(operation), isSignedIn);
            foreach (var raw in (string[])[$"{name}", $"{name}={good[name]}&{name}={BadValues.Mark}", $"{name}[]=1", $"{name}=%", $"{name}=%ff%fe", $"{BadValues.Mark}=1"])
                await TryAsync(operation, $"{Target(operation)}?{raw}{others}", BodyOf(operation), isSignedIn);
        }
    });

    [EngineFact]
    public Task Body_AnyMember_RefusedByName() => EveryAsync(async (operation, isSignedIn) =>
    {
        foreach (var (_, with) in operation.Members())
        {
            foreach (var token in BadValues.Tokens.Concat(Some(BadValues.TextTokens, 3)))
                await TryAsync(operation, Target(operation), Encoding.UTF8.GetBytes(with(token)), isSignedIn);
        }

        if (operation.Method == "GET")
            return;
        foreach (var body in BadValues.Bodies)
            await TryAsync(operation, Target(operation), body, isSignedIn);
    });

    [EngineFact]
    public Task Headers_AnyValue_RefusedByName() => EveryAsync(async (operation, isSignedIn) =>
    {
        foreach (var header in Some(BadValues.Headers, operation.Method == "GET" ? 3 : 8))
            await TryAsync(operation, Target(operation), BodyOf(operation), isSignedIn, mayBeOfHttp: header.Value.Length > 5000 || header.Value.Any(one => one > 127), header);
    });

    [EngineFact]
    public async Task Framing_AnyValue_RefusedAndClosed()
    {
        await shared.CommunityAsync();
        foreach (var operation in (ApiOperation[])[shared.Operations.First(one => one.Method == "GET"), shared.Operations.First(one => one.Body is not null)])
        {
            foreach (var header in BadValues.Framing)
            {
                await TryAsync(operation, Target(operation), BodyOf(operation), isSignedIn: true, mayBeOfHttp: true, header);
                // What the server and the test take for the next request need not be the same.
                shared.Reconnect();
            }
        }

        AssertClean();
    }

    private async Task EveryAsync(Func<ApiOperation, bool, Task> tryAll)
    {
        await shared.CommunityAsync();
        Assert.True(shared.Operations.Count > 40);
        foreach (var isSignedIn in (bool[])[true, false])
        {
            foreach (var operation in shared.Operations)
            {
                // Whom the gate turns away is turned away the same whatever else is wrong.
                if (!isSignedIn && (await shared.AskAsync(operation.Method, Target(operation), BodyOf(operation), isSignedIn)).Status == 401)
                    continue;
                var (before, changes) = (await shared.StateAsync(), _changes);
                await tryAll(operation, isSignedIn);
                if (_changes == changes && await shared.StateAsync() is var after && after != before)
                    Note(operation, "changed something, though all was refused", $"{before} -> {after}");
            }
        }

        AssertClean();
    }

    private async Task TryAsync(
        ApiOperation operation, string target, byte[]? body, bool isSignedIn, bool mayBeOfHttp = false, params IReadOnlyList<(string Name, string Value)> headers)
    {
        var what = $"{operation.Method} {Cut(target)} {string.Join(", ", headers)} {Cut(body is null ? "" : Encoding.UTF8.GetString(body))}";
        var before = operation.Method == "GET" ? "" : shared.Quick();
        RawAnswer answer;
        try
        {
            answer = await shared.AskAsync(operation.Method, target, body, isSignedIn, headers);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or FormatException)
        {
            Note(operation, "no answer", $"{what}: {fault.Message}");
            shared.Reconnect();
            return;
        }

        if (operation.Method != "GET" && answer.Status < 400)
        {
            _changes++;
            await shared.KeepSignedInAsync();
        }
        else if (operation.Method != "GET" && shared.Quick() != before)
        {
            Note(operation, "refused, and something changed", $"{what}: {answer.Status}");
        }

        if (Fault(answer, mayBeOfHttp) is { } wrong)
            Note(operation, wrong, $"{what}: {answer.Status} {Cut(answer.Text)}");
    }

    private static string? Fault(RawAnswer answer, bool mayBeOfHttp)
    {
        if (answer.Status >= 500)
            return "a fault";
        if (answer.Status < 400)
            return null;
        // What is no HTTP at all is refused before there is a request that could be answered with a document.
        if (mayBeOfHttp && answer.Body.Length == 0 && answer.Header("Connection") == "close")
            return null;
        if (answer.Header("Content-Type") == "application/json" && answer.Text.StartsWith("{\"jsonrpc\":", StringComparison.Ordinal))
            return null;
        if (answer.Header("Content-Type") != "application/problem+json")
            return "not a problem document";
        var problem = JsonElement.Parse(answer.Text);
        if (problem.GetProperty("status").GetInt32() != answer.Status)
            return "another status inside";
        if (!problem.TryGetProperty("code", out var code) || !Code().IsMatch(code.GetString() ?? ""))
            return "no code";
        return TypeName().IsMatch(answer.Text) ? "tells names of the program" : null;
    }

    private void Note(ApiOperation? operation, string wrong, string first)
    {
        var kind = $"{operation?.Method} {operation?.Path} {wrong}";
        _found[kind] = _found.TryGetValue(kind, out var known) ? (known.Count + 1, known.First) : (1, first);
    }

    private void AssertClean()
    {
        foreach (var line in shared.Log.Errors)
            Note(null, "logged as an error", Cut(line));
        string[] secrets = [BadValues.Mark, shared.Session.Secret, shared.Session.Csrf];
        foreach (var line in shared.Log.Lines.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal))))
            Note(null, "in the log", Cut(line));
        Assert.True(_found.Count == 0, string.Join('\n', _found.Select(one => $"{one.Value.Count} x {one.Key}, such as {one.Value.First}")));
    }

    // Each of the values somewhere, each place with some of them: all at all places would take minutes.
    private IEnumerable<T> Some<T>(IReadOnlyList<T> values, int every)
    {
        for (var place = _turn++ % every; place < values.Count; place += every)
            yield return values[place];
    }

    private string Sample(string name) => Uri.EscapeDataString(shared.Samples.TryGetValue(name, out var known) ? known.ToString() : BadValues.Mark);

    private string Target(ApiOperation operation, string? changed = null, string? value = null)
    {
        var target = operation.Path;
        foreach (var name in operation.InPath)
            target = target.Replace($"{{{name}}}", name == changed ? value : Sample(name), StringComparison.Ordinal);
        return target;
    }

    private static byte[]? BodyOf(ApiOperation operation) => operation.Body is { } body
        ? Encoding.UTF8.GetBytes(body.ToJsonString())
        : operation.Method == "GET" ? null : [];

    private static string Escaped(string text) => Uri.EscapeDataString(text.Length <= 4_000 ? text : text[..4_000]);

    private static string Cut(string text) => text.Length <= 300 ? text : text[..300] + "...";

    [GeneratedRegex("^[A-Z][A-Za-z]{2,40}$", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"System\.|Busbar\.Node|Microsoft\.", RegexOptions.None, 1000)]
    private static partial Regex TypeName();
}
