using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Busbar.Cli.Tests.Running;

/// <summary>A JSON-RPC server that knows a few answers and hangs up on every other question.</summary>
internal sealed class FakeChain : IAsyncDisposable
{
    private readonly WebApplication _app;

    public FakeChain(params (string Method, string Answer)[] answers)
    {
        var known = answers.ToDictionary(pair => pair.Method, pair => pair.Answer, StringComparer.Ordinal);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/", async context =>
        {
            var request = await JsonNode.ParseAsync(context.Request.Body);
            if (request is JsonObject one && known.TryGetValue(one["method"]!.GetValue<string>(), out var answer))
            {
                var response = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = one["id"]!.DeepClone(), ["result"] = answer };
                await context.Response.WriteAsync(response.ToJsonString());
            }
            else
            {
                context.Abort();
            }
        });
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public string Address => _app.Urls.First();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
