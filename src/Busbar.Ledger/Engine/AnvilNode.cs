using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;

namespace Busbar.Ledger.Engine;

/// <summary>A started and checked Anvil, and the methods that only it has.</summary>
internal sealed class AnvilNode : IAsyncDisposable
{
    private const int FirstPort = 20_000;
    private const int PastLastPort = 32_768;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly AnvilProcess _process;

    private AnvilNode(AnvilProcess process, EthereumClient client, int port, string version)
    {
        _process = process;
        Client = client;
        Port = port;
        Version = version;
    }

    public EthereumClient Client { get; }

    public int Port { get; }

    /// <summary>As the engine tells it: <c>anvil/v1.7.1</c>.</summary>
    public string Version { get; }

    public Task<int> Exited => _process.Exited;

    public int ProcessId => _process.Id;

    /// <summary>Starts the engine with an empty chain or from a state file, and checks that it is what was asked for.</summary>
    public static async Task<AnvilNode> StartAsync(
        HttpClient http,
        string binary,
        int? port,
        GenesisRecord genesis,
        string? stateFile,
        ulong keptBlocks,
        CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            var chosen = port ?? FreePort(attempt);
            var process = await AnvilProcess.StartAsync(binary, Arguments(chosen, genesis, stateFile, keptBlocks));
            try
            {
                return await CheckAsync(http, process, chosen, genesis, cancellation);
            }
            catch (EngineException failed) when (failed.Failure == EngineFailure.PortTaken && port is null && attempt < 20)
            {
                await process.DisposeAsync();
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>
    /// Sends transactions so that they stand in the block in this order, and tells for each why it was refused, if it was.
    /// </summary>
    /// <remarks>
    /// The engine works on the requests of one batch side by side, so only transactions of one sender, whose nonces order them,
    /// may share a batch. Mining is never in a batch with them.
    /// </remarks>
    public async Task<IReadOnlyList<string?>> SendAsync(IReadOnlyList<PendingTransaction> transactions, CancellationToken cancellation)
    {
        var refusals = new List<string?>(transactions.Count);
        for (var from = 0; from < transactions.Count;)
        {
            var to = from + 1;
            while (to < transactions.Count && transactions[to].Sender == transactions[from].Sender)
                to++;
            var batch = transactions.Skip(from).Take(to - from).Select(t => t.Signed.Raw).ToList();
            foreach (var error in await Client.SendRawTransactionsAsync(batch, cancellation))
                refusals.Add(error is null or { NodeMessage: "transaction already imported" } ? null : error.NodeMessage ?? error.Message);
            from = to;
        }

        return refusals;
    }

    public async Task MineAsync(long time, CancellationToken cancellation)
    {
        var block = new JsonObject { ["timestamp"] = time };
        await Client.Transport.CallAsync(JsonRpcRequest.Of("evm_mine", block), cancellation);
    }

    /// <summary>Gives accounts what the genesis says; before the first block only, whose state has it then.</summary>
    public async Task AllotAsync(GenesisRecord genesis, CancellationToken cancellation)
    {
        foreach (var one in genesis.Allotted?.Split(' ') ?? [])
        {
            var parts = one.Split('=');
            var amount = "0x" + Int128.Parse(parts[1], CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
            await Client.Transport.CallAsync(JsonRpcRequest.Of("anvil_setBalance", parts[0], amount), cancellation);
        }
    }

    /// <summary>The whole state: gzip of JSON.</summary>
    public async Task<byte[]> DumpAsync(CancellationToken cancellation)
    {
        var answer = await Client.Transport.CallAsync(JsonRpcRequest.Of("anvil_dumpState"), cancellation);
        return HexText.Decode(answer.GetString());
    }

    /// <summary>Forgets what waits in the engine's pool behind a transaction that it refused.</summary>
    public Task DropWaitingAsync(CancellationToken cancellation) =>
        Client.Transport.CallAsync(JsonRpcRequest.Of("anvil_dropAllTransactions"), cancellation);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<AnvilNode> CheckAsync(
        HttpClient http, AnvilProcess process, int port, GenesisRecord genesis, CancellationToken cancellation)
    {
        var endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        var options = new JsonRpcOptions { Timeout = TimeSpan.FromMinutes(5), MaximumResponseLength = 1 << 30 };
        var client = new EthereumClient(new JsonRpcClient(http, endpoint, options));
        await AwaitListeningAsync(process, port, cancellation);
        var version = await AskVersionAsync(client, port, cancellation);
        await CheckIdentityAsync(client, version, genesis, port, cancellation);
        return new(process, client, port, version);
    }

    private static async Task AwaitListeningAsync(AnvilProcess process, int port, CancellationToken cancellation)
    {
        try
        {
            // The machine's clock, whatever clock the node is given: this is about a process that starts.
            await Task.WhenAny(process.Listening, process.Exited).WaitAsync(LongestStart, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            throw new EngineException(EngineFailure.DidNotStart, $"Anvil did not answer on port {port} within {LongestStart}");
        }

        if (process.Exited.IsCompleted)
            throw Ended(process, port);
    }

    private static async Task<string> AskVersionAsync(EthereumClient client, int port, CancellationToken cancellation)
    {
        try
        {
            // It would write a line about every request otherwise.
            await client.Transport.CallAsync(JsonRpcRequest.Of("anvil_setLoggingEnabled", false), cancellation);
            var answer = await client.Transport.CallAsync(JsonRpcRequest.Of("web3_clientVersion"), cancellation);
            return answer.ValueKind == JsonValueKind.String ? answer.GetString()! : "";
        }
        catch (EthereumRpcException refused) when (refused.Code is not null || !refused.IsTransient)
        {
            throw new EngineException(EngineFailure.NotAnvil, $"what answers on port {port} is not Anvil: {refused.Message}", refused);
        }
    }

    private static EngineException Ended(AnvilProcess process, int port) =>
        process.LastWords.Contains("already in use", StringComparison.Ordinal)
            ? new(EngineFailure.PortTaken, $"port {port} is taken by another program: stop it, or give another port")
            : new(EngineFailure.DidNotStart, $"Anvil ended as it started: {process.LastWords}");

    private static async Task CheckIdentityAsync(
        EthereumClient client, string version, GenesisRecord genesis, int port, CancellationToken cancellation)
    {
        if (!version.StartsWith("anvil/", StringComparison.Ordinal))
            throw new EngineException(EngineFailure.NotAnvil, $"what answers on port {port} is not Anvil but {version}");
        if (genesis.Engine.Length > 0 && !string.Equals(version, genesis.Engine, StringComparison.Ordinal))
        {
            throw new EngineException(
                EngineFailure.WrongVersion,
                $"the journal was made with {genesis.Engine}, and this is {version}: install that version; an upgrade happens only at a snapshot");
        }

        var chain = await client.GetChainIdAsync(cancellation);
        if (chain != genesis.ChainId)
            throw new EngineException(EngineFailure.WrongChain, $"the engine on port {port} is of chain {chain}, not {genesis.ChainId}");
        var info = await client.Transport.CallAsync(JsonRpcRequest.Of("anvil_nodeInfo"), cancellation);
        var hardfork = info.TryGetProperty("hardFork", out var told) ? told.GetString() : null;
        if (!string.Equals(hardfork, genesis.Hardfork, StringComparison.OrdinalIgnoreCase))
        {
            throw new EngineException(
                EngineFailure.WrongHardfork, $"the engine runs the rules of {hardfork}, and the journal was made with {genesis.Hardfork}");
        }
    }

    private static List<string> Arguments(int port, GenesisRecord genesis, string? stateFile, ulong keptBlocks)
    {
        List<string> arguments =
        [
            "--host", "127.0.0.1",
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--chain-id", genesis.ChainId.ToString(CultureInfo.InvariantCulture),
            "--timestamp", genesis.Time.ToString(CultureInfo.InvariantCulture),
            "--hardfork", genesis.Hardfork,
            "--gas-limit", genesis.BlockGasLimit.ToString(CultureInfo.InvariantCulture),
            "--gas-price", "0",
            "--base-fee", "0",
            "--disable-min-priority-fee",
            "--no-mining",
            "--order", "fifo",
            "--accounts", "0",
            "--disable-default-create2-deployer",
            "--no-cors",
            "--no-request-size-limit",

            // Old states are never asked for, and old blocks are in our index: this keeps the engine small.
            "--prune-history",
            "--transaction-block-keeper", keptBlocks.ToString(CultureInfo.InvariantCulture),
            "--threads", "1",
        ];
        if (stateFile is not null)
            arguments.AddRange(["--load-state", stateFile]);
        return arguments;
    }

    /// <summary>How many blocks keep their transactions and events in the engine, and in a snapshot; more than BLOCKHASH looks back.</summary>
    public const int KeptBlocks = 300;

    private static int FreePort(int attempt)
    {
        const int range = PastLastPort - FirstPort;
        for (var i = 0; i < range; i++)
        {
            // Processes begin at different places, so that two nodes that start together seldom meet.
            var port = FirstPort + ((int)(((Environment.ProcessId * 131L) + (attempt * 17) + i) % range));
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }

        throw new EngineException(EngineFailure.PortTaken, $"no loopback port from {FirstPort} to {PastLastPort - 1} is free");
    }
}

/// <summary>A journaled transaction and who signed it.</summary>
internal sealed record PendingTransaction(SignedTransaction Signed, Address Sender);
