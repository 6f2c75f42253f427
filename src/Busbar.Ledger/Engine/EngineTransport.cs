using System.Text.Json;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ledger.Engine;

/// <summary>
/// Leads to the engine that runs at the moment: it may be another process, on another port, after a crash. A question that a
/// dying engine left unanswered is asked again of the restored one; nothing is sent through here that may not be sent twice.
/// </summary>
internal sealed class EngineTransport(EngineHost host, Func<CancellationToken, Task> ensureRunning) : IJsonRpcTransport
{
    private const int Attempts = 4;

    // How long a process may take to be gone after it stopped answering.
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(2);

    public Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken) =>
        AskAsync(transport => transport.CallAsync(request, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<JsonRpcResponse>> CallAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken) =>
        AskAsync(transport => transport.CallAsync(requests, cancellationToken), cancellationToken);

    private async Task<T> AskAsync<T>(Func<IJsonRpcTransport, Task<T>> ask, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (!host.IsRunning)
                await ensureRunning(cancellation);
            if (host.Node is not { } node)
                continue;
            try
            {
                return await ask(node.Client.Transport);
            }
            catch (EthereumRpcException failed) when (failed.Code is null && attempt < Attempts)
            {
                if (!await IsGoneAsync(node, cancellation))
                    throw;
            }
        }
    }

    private static async Task<bool> IsGoneAsync(AnvilNode node, CancellationToken cancellation)
    {
        try
        {
            // The machine's clock: this is about a process.
            await node.Exited.WaitAsync(Dying, TimeProvider.System, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
