using System.Text.Json;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ledger.Engine;

/// <summary>Leads to the engine that runs at the moment: it may be another process, on another port, after a crash.</summary>
internal sealed class EngineTransport(EngineHost host, Func<CancellationToken, Task> ensureRunning) : IJsonRpcTransport
{
    public async Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken) =>
        await (await NodeAsync(cancellationToken)).Client.Transport.CallAsync(request, cancellationToken);

    public async Task<IReadOnlyList<JsonRpcResponse>> CallAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken) =>
        await (await NodeAsync(cancellationToken)).Client.Transport.CallAsync(requests, cancellationToken);

    private async ValueTask<AnvilNode> NodeAsync(CancellationToken cancellation)
    {
        if (!host.IsRunning)
            await ensureRunning(cancellation);
        return host.Running;
    }
}
