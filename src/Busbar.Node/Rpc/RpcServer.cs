using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Node.Rpc;

/// <summary>
/// Answers JSON-RPC 2.0: one request, or a batch whose elements are answered each on its own, in order. Only what
/// <see cref="RpcMethods"/> lists is carried out.
/// </summary>
internal sealed class RpcServer(RpcMethods methods, RpcRate rate)
{
    /// <summary>The most bytes of a request or a batch.</summary>
    public const int MostBytes = 128 * 1024;

    /// <summary>The most requests of a batch.</summary>
    public const int MostElements = 50;

    private const int MostDepth = 16;
    private const int MostAnswerBytes = 8 * 1024 * 1024;

    // What one caller asks may be heavy; what all ask together must leave the engine time for the node's own work.
    private const int MostAtOnce = 16;

    private readonly SemaphoreSlim _atOnce = new(MostAtOnce);

    public RpcRate Rate => rate;

    /// <summary>The server of a node's chain.</summary>
    public static RpcServer Create(
        IChain chain, IEventIndex index, ContractAddresses contracts, WalletBlocks? blocks, IClock clock, TimeProvider time, bool isStepped = false)
    {
        var ledger = new RpcLedger(chain, clock);
        var methods = new RpcMethods(
            ledger, new(ledger), new(ledger), new(ledger, new(index), contracts), new RpcTransactions(ledger, blocks));
        // Where the clock is stepped a month passes in minutes, with all that a month's wallets ask.
        return new(methods, isStepped ? new RpcRate(time, burst: 10_000, perSecond: 5_000) : new RpcRate(time));
    }

    /// <summary>The answer to a body, as bytes of JSON.</summary>
    public async Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> body, IPAddress caller, CancellationToken cancellation)
    {
        await _atOnce.WaitAsync(cancellation);
        try
        {
            var buffer = new ArrayBufferWriter<byte>(1024);
            using var writer = new Utf8JsonWriter(buffer);
            await AnswerAsync(writer, body, caller, cancellation);
            await writer.FlushAsync(cancellation);
            return buffer.WrittenMemory;
        }
        finally
        {
            _atOnce.Release();
        }
    }

    /// <summary>An answer that refuses a body as a whole.</summary>
    public static ReadOnlyMemory<byte> Refuse(string name, int code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, null, RpcError.Of(name, code, message));
        return buffer.WrittenMemory;
    }

    private async Task AnswerAsync(Utf8JsonWriter writer, ReadOnlyMemory<byte> body, IPAddress caller, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MostDepth });
        }
        catch (JsonException)
        {
            Write(writer, null, RpcError.Of("NotJson", RpcCodes.NotJson, "not JSON, or nested too deep"));
            return;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array)
                await AnswerOneAsync(writer, root, caller, cancellation);
            else if (root.GetArrayLength() is 0 or > MostElements)
                Write(writer, null, WrongBatch(root.GetArrayLength()));
            else
                await AnswerBatchAsync(writer, root, caller, cancellation);
        }
    }

    private static RpcError WrongBatch(int length) => length == 0
        ? RpcError.Of("EmptyBatch", RpcCodes.InvalidRequest, "a batch has at least one request")
        : RpcError.Of(
            "BatchTooLarge",
            RpcCodes.InvalidRequest,
            string.Create(
                CultureInfo.InvariantCulture,
                $"a batch has at most {MostElements} requests, and this one has {length}; none was carried out"));

    private static RpcError TooLargeAnswers() =>
        RpcError.Of("AnswerTooLarge", RpcCodes.LimitReached, "the answers before it are too large; ask alone");

    private async Task AnswerBatchAsync(Utf8JsonWriter writer, JsonElement batch, IPAddress caller, CancellationToken cancellation)
    {
        writer.WriteStartArray();
        foreach (var request in batch.EnumerateArray())
        {
            if (writer.BytesCommitted + writer.BytesPending > MostAnswerBytes)
                Write(writer, RpcRequest.IdOf(request), TooLargeAnswers());
            else
                await AnswerOneAsync(writer, request, caller, cancellation);
        }

        writer.WriteEndArray();
    }

    private async Task AnswerOneAsync(Utf8JsonWriter writer, JsonElement request, IPAddress caller, CancellationToken cancellation)
    {
        var id = RpcRequest.IdOf(request);
        JsonElement result;
        try
        {
            result = await CarryOutAsync(RpcRequest.Read(request), caller, cancellation);
        }
        catch (Exception failure) when (RpcError.Of(failure) is { } error)
        {
            Write(writer, id, error);
            return;
        }

        Begin(writer, id);
        writer.WritePropertyName("result");
        result.WriteTo(writer);
        writer.WriteEndObject();
    }

    private async Task<JsonElement> CarryOutAsync(RpcRequest request, IPAddress caller, CancellationToken cancellation)
    {
        if (methods.Find(request.Method) is not { } method)
        {
            var message = $"the method {Shown(request.Method)} is not offered here";
            throw new RpcRefusedException(RpcCodes.MethodNotOffered, "MethodNotOffered", message);
        }

        if (!rate.TryTake(caller, method.Cost, out var wait))
            throw RpcRefusedException.Limit("TooManyRequests", TooMany(wait));
        return await method.AnswerAsync(request.Parameters, cancellation);
    }

    /// <summary>What one who asks too much is told.</summary>
    public static string TooMany(TimeSpan wait) =>
        string.Create(
            CultureInfo.InvariantCulture, $"too many requests from this address; try again in {Math.Ceiling(wait.TotalSeconds)} s");

    private static string Shown(string method) => method.Length <= 64 ? $"'{method}'" : $"'{method[..64]}…'";

    private static void Write(Utf8JsonWriter writer, JsonElement? id, RpcError error)
    {
        Begin(writer, id);
        writer.WritePropertyName("error");
        error.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter writer, JsonElement? id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WritePropertyName("id");
        if (id is { } known)
            known.WriteTo(writer);
        else
            writer.WriteNullValue();
    }
}
