using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;

namespace Busbar.Cli.Running;

/// <summary>What a person's wallet does: signs transactions with its own key and sends them through the node's JSON-RPC.</summary>
internal sealed class WalletLine : IDisposable
{
    private const ulong Gas = 2_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public WalletLine(Uri page)
    {
        var endpoint = new Uri(page, "/rpc");
        _http = Http.ClientFor(endpoint);
        Client = new(new PatientTransport(new JsonRpcClient(_http, endpoint), TimeProvider.System));
    }

    public EthereumClient Client { get; }

    /// <summary>Sends a transaction and waits until it is in a block.</summary>
    /// <exception cref="CommandFailure">It is in none, or was undone there.</exception>
    public async Task<TransactionReceipt> SendAsync(
        PrivateKey key, Address to, byte[] data, Coin value, ulong chainId, CancellationToken cancellation)
    {
        var transaction = new Transaction
        {
            ChainId = chainId,
            Nonce = await Client.GetTransactionCountAsync(key.Address, cancellationToken: cancellation),
            GasLimit = Gas,
            To = to,
            Value = (System.Numerics.BigInteger)value.Wei,
            Data = data,
        };
        var hash = await Client.SendRawTransactionAsync(transaction.Sign(key).Raw, cancellation);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (await Client.GetTransactionReceiptAsync(hash, cancellation) is { } receipt)
                return receipt.Succeeded ? receipt : throw new CommandFailure($"the contract undid {hash} of {key.Address}");
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }

        throw new CommandFailure($"{hash} of {key.Address} is in no block after {Patience.TotalSeconds:0} s");
    }

    public void Dispose() => _http.Dispose();
}
