using System.Net;
using System.Text;

namespace Busbar.Ethereum.Tests.JsonRpc;

/// <summary>Stands for a node that answers what the test says, to provoke faults that a real one does not show on demand.</summary>
internal sealed class ScriptedHandler(Func<string, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public ScriptedHandler(string body, HttpStatusCode status = HttpStatusCode.OK)
        : this((_, _) => Task.FromResult(Message(body, status)))
    {
    }

    public List<string> Requests { get; } = [];

    public static HttpResponseMessage Message(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Requests.Add(body);
        return await answer(body, cancellationToken);
    }
}
