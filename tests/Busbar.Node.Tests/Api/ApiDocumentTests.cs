using System.Text.Json.Nodes;

namespace Busbar.Node.Tests.Api;

/// <summary>The API's description of itself.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Committed_IsWhatTheNodeServes()
    {
        var served = await DocumentHost.DocumentAsync();
        var path = DescribedAnswers.CommittedPath;
        if (Environment.GetEnvironmentVariable("BUSBAR_RENEW") == "1")
            await File.WriteAllTextAsync(path, served + "\n");
        Assert.True(
            await File.ReadAllTextAsync(path) == served + "\n",
            "docs/openapi.json is not what the node serves; renew it with scripts/renew-api");
    }

    [Fact]
    public async Task EveryExample_FitsItsSchema()
    {
        var described = new ApiDescription(JsonNode.Parse(await DocumentHost.DocumentAsync())!);
        var examples = 0;
        var faults = new List<string>();
        foreach (var (path, method, operation) in described.Operations())
        {
            foreach (var (place, content) in Contents(described, operation))
            {
                foreach (var (media, body) in content)
                {
                    if (media == "application/cbor")
                        continue;
                    if (body!["example"] is not { } example)
                        faults.Add($"{method} {path} {place}: no example");
                    else
                        faults.AddRange(described.Faults(example, body["schema"]!).Select(fault => $"{method} {path} {place} {fault}"));
                    examples++;
                }
            }
        }

        Assert.Empty(faults);
        Assert.True(examples > 200, $"only {examples} examples");
    }

    [Fact]
    public async Task EveryOperation_NamedSummedUpAndWithItsParametersTold()
    {
        var described = new ApiDescription(JsonNode.Parse(await DocumentHost.DocumentAsync())!);

        foreach (var (path, method, operation) in described.Operations())
        {
            var name = $"{method} {path}";
            Assert.False(string.IsNullOrWhiteSpace(operation["operationId"]?.GetValue<string>()), name);
            Assert.False(string.IsNullOrWhiteSpace(operation["summary"]?.GetValue<string>()), name);
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                Assert.False(string.IsNullOrWhiteSpace(parameter!["description"]?.GetValue<string>()), $"{name} {parameter["name"]}");
        }

        Assert.Equal(described.Operations().Count(), described.Operations().DistinctBy(one => one.Operation["operationId"]!.GetValue<string>(), StringComparer.Ordinal).Count());
    }

    private static IEnumerable<(string Place, JsonObject Content)> Contents(ApiDescription described, JsonObject operation)
    {
        if (operation["requestBody"]?["content"] is JsonObject body)
            yield return ("body", body);
        foreach (var (status, _) in operation["responses"]!.AsObject())
        {
            if (described.Response(operation, status)!["content"] is JsonObject content)
                yield return (status, content);
            else
                Assert.True(status is "204" or "304" or "200", $"{status} has no content");
        }
    }
}
