using System.Text.Json;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Cli.Running;

/// <summary>
/// Asks again when a node has said that it was asked too much: such a request was not carried out, so that nothing happens twice.
/// Everything else that goes wrong is passed on.
/// </summary>
/// <param name="inner">Carries the requests.</param>
/// <param name="time">The clock of the pauses.</param>
internal sealed class PatientTransport(IJsonRpcTransport inner, TimeProvider time) : IJsonRpcTransport
{
    // EIP-1474, limit exceeded; and HTTP's, where the answer has no more.
    private const int LimitReached = -32005;
    private const int TooManyRequests = 429;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await inner.CallAsync(request, cancellationToken);
            }
            catch (EthereumRpcException refused) when (refused.Code is LimitReached or TooManyRequests && time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task<IReadOnlyList<JsonRpcResponse>> CallAsync(IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken) =>
        inner.CallAsync(requests, cancellationToken);
}
