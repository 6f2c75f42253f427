using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Rpc;

/// <summary>Someone outside with a wallet: knows the address of the node's page and nothing else.</summary>
internal sealed class RpcCaller(Uri page) : IDisposable
{
    private const int TooManyRequests = -32005;

    private readonly HttpClient _http = new(new DescribedAnswers(new HttpClientHandler())) { BaseAddress = page };
    private int _id;

    public async Task<JsonElement> AskAsync(string method, params object?[] parameters)
    {
        using var answer = await PostAsync(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = ++_id, method, @params = parameters }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("2.0", _id), (json.GetProperty("jsonrpc").GetString(), json.GetProperty("id").GetInt32()));
        return json;
    }

    public async Task<JsonElement> ResultAsync(string method, params object?[] parameters)
    {
        var answer = await AnswerAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out var result), answer.GetRawText());
        return result;
    }

    public async Task<(int Code, string Name, string Message)> RefusalAsync(string method, params object?[] parameters) =>
        Read(await AnswerAsync(method, parameters));

    // The tests of a class share an address: who is told to wait waits, as wallets do.
    private async Task<JsonElement> AnswerAsync(string method, object?[] parameters)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while (true)
        {
            var answer = await AskAsync(method, parameters);
            if (!answer.TryGetProperty("error", out var error) || error.GetProperty("code").GetInt32() != TooManyRequests)
                return answer;
            await Task.Delay(200, late.Token);
        }
    }

    public static (int Code, string Name, string Message) Read(JsonElement answer)
    {
        Assert.True(answer.TryGetProperty("error", out var error), answer.GetRawText());
        var name = error.GetProperty("data").GetProperty("name").GetString()!;
        return (error.GetProperty("code").GetInt32(), name, error.GetProperty("message").GetString()!);
    }

    public async Task<HttpResponseMessage> PostAsync(string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await _http.PostAsync("rpc", content);
    }

    /// <summary>What a wallet does with a call that its user has agreed to, up to the signed bytes.</summary>
    public async Task<SignedTransaction> SignAsync(PrivateKey key, Address? to, ReadOnlyMemory<byte> data, UInt128 value = default)
    {
        var from = key.Address.ToLowerHex();
        var call = new { from, to = to?.ToLowerHex(), data = HexText.Encode(data.Span), value = $"0x{value:x}" };
        var transaction = new Transaction
        {
            ChainId = Number(await ResultAsync("eth_chainId")),
            Nonce = Number(await ResultAsync("eth_getTransactionCount", from, "pending")),
            GasLimit = Number(await ResultAsync("eth_estimateGas", call)),
            MaxFeePerGas = Number(await ResultAsync("eth_gasPrice")),
            MaxPriorityFeePerGas = Number(await ResultAsync("eth_maxPriorityFeePerGas")),
            To = to,
            Value = value,
            Data = data,
        };
        return transaction.Sign(key);
    }

    public async Task<string> SendAsync(SignedTransaction signed) =>
        (await ResultAsync("eth_sendRawTransaction", HexText.Encode(signed.Raw.Span))).GetString()!;

    /// <summary>Asks again and again for a receipt, as wallets do.</summary>
    public async Task<JsonElement> ReceiptAsync(string hash)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while (true)
        {
            if (await ResultAsync("eth_getTransactionReceipt", hash) is { ValueKind: JsonValueKind.Object } receipt)
                return receipt;
            await Task.Delay(50, late.Token);
        }
    }

    public static ulong Number(JsonElement quantity) =>
        ulong.Parse(quantity.GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public void Dispose() => _http.Dispose();
}
