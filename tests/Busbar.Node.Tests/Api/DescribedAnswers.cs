using System.Globalization;
using System.Text.Json.Nodes;

namespace Busbar.Node.Tests.Api;

/// <summary>Holds every answer that passes through a client against the committed description: status, content type, code and body.</summary>
internal sealed class DescribedAnswers : DelegatingHandler
{
    private static readonly Lazy<ApiDescription> Description = new(() => new(JsonNode.Parse(File.ReadAllText(CommittedPath))!));

    public DescribedAnswers(HttpMessageHandler inner) : base(inner)
    {
    }

    public static string CommittedPath => Path.Combine(Root(), "docs", "openapi.json");

    /// <summary>What of an answer the description does not tell; null when all is told.</summary>
    public static async Task<string?> FaultAsync(HttpResponseMessage answer)
    {
        var request = answer.RequestMessage!;
        if (Description.Value.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is not { } operation)
            return null;
        if (Description.Value.Response(operation, ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)) is not { } told)
            return $"status {(int)answer.StatusCode}";
        var media = answer.Content.Headers.ContentType?.MediaType;
        if (told["content"] is not JsonObject content)
            return media is null ? null : $"{media} where nothing is told of";
        if (media is null || content[media] is not { } body)
            return $"content type {media}";
        if (media is not ("application/json" or "application/problem+json"))
            return null;
        await answer.Content.LoadIntoBufferAsync();
        return Description.Value.Faults(JsonNode.Parse(await answer.Content.ReadAsStringAsync()), body["schema"]!).FirstOrDefault();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var fault = await FaultAsync(answer);
        Assert.True(fault is null, $"{request.Method} {request.RequestUri!.AbsolutePath}: not as docs/openapi.json has it: {fault}");
        return answer;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Busbar.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside the repository");
        return folder;
    }
}
