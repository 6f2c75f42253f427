using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>JSON-RPC 2.0 over HTTP. Does not retry: whoever calls knows what may be sent twice. Thread safe.</summary>
public sealed class JsonRpcClient : IJsonRpcTransport
{
    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly JsonRpcOptions _options;
    private readonly TimeProvider _time;
    private long _lastId;

    /// <summary>Makes a client of one node.</summary>
    /// <param name="http">Carries the requests; not disposed. Its own timeout applies too, whichever ends first.</param>
    /// <param name="endpoint">The node's address.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="time">The clock of the timeout; null for the machine's.</param>
    public JsonRpcClient(HttpClient http, Uri endpoint, JsonRpcOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(endpoint);
        _http = http;
        _endpoint = endpoint;
        _options = options ?? new JsonRpcOptions();
        _time = time ?? TimeProvider.System;
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaximumBatch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaximumResponseLength, 1, nameof(options));
    }

    /// <inheritdoc />
    public async Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = Interlocked.Increment(ref _lastId);
        var answer = await ExchangeAsync(JsonRpcWire.Write(request, id), cancellationToken);
        return JsonRpcWire.ReadOne(answer, request, id).Result;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<JsonRpcResponse>> CallAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var responses = new List<JsonRpcResponse>(requests.Count);
        foreach (var part in requests.Chunk(_options.MaximumBatch))
        {
            var firstId = Interlocked.Add(ref _lastId, part.Length) - part.Length + 1;
            var answer = await ExchangeAsync(JsonRpcWire.Write(part, firstId), cancellationToken);
            responses.AddRange(JsonRpcWire.ReadBatch(answer, part, firstId));
        }

        return responses;
    }

    private async Task<JsonElement> ExchangeAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ReadOnlyMemoryContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (IsTransient(answer.StatusCode))
                throw new EthereumRpcException($"the node answered HTTP {(int)answer.StatusCode}", isTransient: true);
            var bytes = await ReadBoundedAsync(answer.Content, either.Token);
            // Some nodes answer a JSON-RPC error with HTTP 400; anything else that is not JSON speaks through its status.
            if (!answer.IsSuccessStatusCode && bytes is not [(byte)'{' or (byte)'[', ..])
                throw new EthereumRpcException($"the node answered HTTP {(int)answer.StatusCode}", isTransient: false);
            return JsonRpcWire.Parse(bytes);
        }
        catch (OperationCanceledException stopped) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EthereumRpcException("the node did not answer in time", isTransient: true, stopped);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            throw new EthereumRpcException("the node cannot be reached", isTransient: true, failed);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private async Task<byte[]> ReadBoundedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var limit = _options.MaximumResponseLength;
        if (content.Headers.ContentLength > limit)
            throw EthereumRpcException.Malformed($"longer than {limit} bytes");
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var collected = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (collected.Length + read > limit)
                throw EthereumRpcException.Malformed($"longer than {limit} bytes");
            collected.Write(chunk, 0, read);
        }

        return collected.ToArray();
    }
}
