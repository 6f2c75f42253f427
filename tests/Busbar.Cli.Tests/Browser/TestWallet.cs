using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// The keeper of a wallet that the page finds through EIP-6963: signs with a key of the test's own, knows the chains that it was told of, and
/// passes on what it is asked beside that to the chain's RPC address. As strict as wallets are about what a page asks.
/// </summary>
internal sealed class TestWallet : IDisposable
{
    /// <summary>EIP-1193: the person said no.</summary>
    public const int Rejected = 4001;

    private const int UnknownChain = 4902;
    private const int Invalid = -32602;

    private static readonly BigInteger Mainnet = 1;

    private readonly HttpClient _http = new();
    private readonly PrivateKey _key;
    private readonly Dictionary<BigInteger, string> _chains = new() { [Mainnet] = "" };
    private BigInteger _chain = Mainnet;
    private bool _connected;

    /// <summary>A wallet that is on the chain behind an address already.</summary>
    public TestWallet(string name, PrivateKey key, Uri page, ulong chain = 35_303)
        : this(name, key)
    {
        _chains[chain] = new Uri(page, "rpc").ToString();
        _chain = chain;
    }

    /// <summary>A wallet that knows the main chain alone.</summary>
    public TestWallet(string name, PrivateKey key) => (Name, _key) = (name, key);

    public string Name { get; }

    public string Id { get; } = Guid.NewGuid().ToString();

    public Address Address => _key.Address;

    /// <summary>It announces itself only when <see cref="Visitor.UnlockAsync"/> says so.</summary>
    public bool IsLate { get; init; }

    /// <summary>What the person says no to.</summary>
    public HashSet<string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Done when a transaction is about to be sent.</summary>
    public Func<Task>? BeforeSending { get; init; }

    /// <summary>What the page asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>The texts that were signed.</summary>
    public ConcurrentQueue<string> Texts { get; } = [];

    /// <summary>The RPC addresses that it was given, by chain.</summary>
    public IReadOnlyDictionary<BigInteger, string> Chains => _chains;

    /// <summary>The hash of the newest transaction that it sent.</summary>
    public string? Sent { get; private set; }

    /// <summary>What stands for it in the page.</summary>
    public string Script => $"({Source()})({JsonSerializer.Serialize(new { uuid = Id, name = Name, rdns = $"test.{Name.Replace(' ', '-')}", late = IsLate })})";

    /// <summary>Answers the page with a result or an error, as JSON.</summary>
    public async Task<string> AnswerAsync(string method, string parameters)
    {
        Asked.Enqueue(method);
        JsonObject answer;
        try
        {
            if (Refused.Contains(method))
                throw new WalletRefusal(Rejected, "User rejected the request.");
            answer = await DoAsync(method, JsonNode.Parse(parameters)!.AsArray());
        }
        catch (WalletRefusal refusal)
        {
            answer = new() { ["error"] = new JsonObject { ["code"] = refusal.Code, ["message"] = refusal.Message } };
        }

        return answer.ToJsonString();
    }

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }

    private static JsonObject Result(JsonNode? result) => new() { ["result"] = result };

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text)
        ? text
        : throw new WalletRefusal(Invalid, $"{node?.ToJsonString() ?? "nothing"} where text belongs");

    // "0x" and no leading zeros, as the JSON-RPC of Ethereum writes quantities.
    private static BigInteger Number(JsonNode? node)
    {
        var text = Text(node);
        if (text is not ['0', 'x', _, ..] || text is ['0', 'x', '0', _, ..])
            throw new WalletRefusal(Invalid, $"{text} is no quantity");
        return BigInteger.Parse($"0{text[2..]}", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static string Source()
    {
        using var stream = typeof(TestWallet).Assembly.GetManifestResourceStream("wallet.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }

    private async Task<JsonObject> DoAsync(string method, JsonArray parameters)
    {
        switch (method)
        {
            case "eth_requestAccounts":
                _connected = true;
                return Result(new JsonArray(Address.ToLowerHex()));
            case "eth_accounts":
                return Result(_connected ? new JsonArray(Address.ToLowerHex()) : []);
            case "eth_chainId":
                return Result($"0x{_chain.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')}");
            case "wallet_switchEthereumChain":
                return Switch(Number(parameters[0]!["chainId"]));
            case "wallet_addEthereumChain":
                return await AddAsync(parameters[0]!);
            case "personal_sign":
                return Sign(Text(parameters[0]), Text(parameters[1]));
            case "eth_sendTransaction":
                return await SendAsync(parameters[0]!);
            default:
                return (JsonObject)(await ForwardAsync(_chains[_chain], method, parameters))!;
        }
    }

    private JsonObject Switch(BigInteger chain)
    {
        if (!_chains.ContainsKey(chain))
            throw new WalletRefusal(UnknownChain, $"Unrecognized chain ID 0x{chain:x}. Try adding the chain first.");
        _chain = chain;
        return Result(null);
    }

    // EIP-3085; a chain is taken only when its own address says the same number. Adding does not switch.
    private async Task<JsonObject> AddAsync(JsonNode offered)
    {
        var chain = Number(offered["chainId"]);
        var coin = offered["nativeCurrency"]!;
        if (Text(offered["chainName"]).Length == 0 || Text(coin["symbol"]).Length is < 2 or > 6 || coin["decimals"]!.GetValue<int>() != 18)
            throw new WalletRefusal(Invalid, "chainName and nativeCurrency must be named");
        var address = Text(offered["rpcUrls"]![0]);
        var told = await ForwardAsync(address, "eth_chainId", []);
        if (Number(told["result"]) != chain)
            throw new WalletRefusal(Invalid, $"{address} is another chain");
        _chains[chain] = address;
        return Result(null);
    }

    private JsonObject Sign(string data, string signer)
    {
        RequireOwn(signer);
        var text = HexText.Decode(data);
        Texts.Enqueue(Encoding.UTF8.GetString(text));
        var prefix = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{text.Length}"));
        return Result(_key.Sign(Keccak256.HashPair(prefix, text)).ToString());
    }

    private async Task<JsonObject> SendAsync(JsonNode asked)
    {
        var from = Text(asked["from"]);
        RequireOwn(from);
        var rpc = _chains[_chain];
        var signed = new Transaction
        {
            ChainId = (ulong)_chain,
            Nonce = (ulong)await AskNumberAsync(rpc, "eth_getTransactionCount", from, "pending"),
            GasLimit = (ulong)Number(asked["gas"]),
            MaxFeePerGas = await AskNumberAsync(rpc, "eth_gasPrice"),
            MaxPriorityFeePerGas = await AskNumberAsync(rpc, "eth_maxPriorityFeePerGas"),
            To = Address.Parse(Text(asked["to"])),
            Value = Number(asked["value"]),
            Data = HexText.Decode(Text(asked["data"])),
        }.Sign(_key);
        if (BeforeSending is { } before)
            await before();
        var answer = (JsonObject)await ForwardAsync(rpc, "eth_sendRawTransaction", [HexText.Encode(signed.Raw.Span)]);
        Sent = answer["result"]?.GetValue<string>();
        return answer;
    }

    private async Task<BigInteger> AskNumberAsync(string rpc, string method, params string[] parameters)
    {
        var answer = await ForwardAsync(rpc, method, new JsonArray([.. parameters.Select(one => JsonValue.Create(one))]));
        return Number(answer["result"]);
    }

    private async Task<JsonNode> ForwardAsync(string rpc, string method, JsonArray parameters)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters.DeepClone() };
        using var answer = await _http.PostAsJsonAsync(rpc, request);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private void RequireOwn(string address)
    {
        if (!_connected || !string.Equals(address, Address.ToLowerHex(), StringComparison.OrdinalIgnoreCase))
            throw new WalletRefusal(4100, "The requested account has not been authorized by the user.");
    }

    private sealed class WalletRefusal(int code, string message) : Exception(message)
    {
        public int Code => code;
    }
}
