using System.Net;
using System.Text;
using System.Text.Json;

namespace Busbar.Node.Tests.Chain;

/// <summary>The way from a device to its node's JSON-RPC, on which a test loses, invents or breaks off what it likes.</summary>
internal sealed class MeddledWire() : DelegatingHandler(new HttpClientHandler())
{
    /// <summary>The methods asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Invents a result for a method; null lets the node answer.</summary>
    public Func<string, object?>? Invents { get; set; }

    /// <summary>Called before a request goes out; what it throws happens instead.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Called when the node has answered, before the device hears it.</summary>
    public Action<string>? After { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonElement.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        var method = body.GetProperty("method").GetString()!;
        Asked.Add(method);
        Before?.Invoke(method);
        if (Invents?.Invoke(method) is { } result)
        {
            var id = body.GetProperty("id").GetInt64();
            var text = JsonSerializer.Serialize(new { jsonrpc = "2.0", id, result = result is DBNull ? null : result });
            return new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        }

        var answer = await base.SendAsync(request, cancellationToken);
        After?.Invoke(method);
        return answer;
    }
}

/// <summary>The device's power goes.</summary>
internal sealed class PowerCutException : Exception;
