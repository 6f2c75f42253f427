using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ledger.Engine;

/// <summary>The next nonce of each account, with what waits for a block counted in. Not for concurrent callers.</summary>
internal sealed class AccountNonces(Func<EthereumClient> client)
{
    private const int MostKept = 10_000;

    private readonly Dictionary<Address, ulong> _next = [];

    public async Task<ulong> NextAsync(Address account, CancellationToken cancellation)
    {
        if (_next.TryGetValue(account, out var known))
            return known;
        return _next[account] = await client().GetTransactionCountAsync(account, cancellationToken: cancellation);
    }

    /// <summary>The account's next nonce, which was asked for before, is used.</summary>
    public void Used(Address account) => _next[account]++;

    /// <summary>Forgets accounts when there are many of them; only when nothing waits for a block.</summary>
    public void Trim()
    {
        if (_next.Count > MostKept)
            _next.Clear();
    }

    public void Clear() => _next.Clear();
}
