using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Indexing;
using NodaTime;
using PaymentsContract = Busbar.Ledger.Contracts.Payments;
using VaultContract = Busbar.Ledger.Contracts.Vault;

namespace Busbar.Ledger.Bills;

/// <summary>What the contracts themselves say of everyone's money after one block.</summary>
/// <param name="Accounts">Debt and deadline of each account, in the order of the state.</param>
/// <param name="Free">Of each balance, in the order of the state.</param>
/// <param name="Locked">Of each lock, in the order of the state.</param>
/// <param name="Held">What the vault holds.</param>
/// <param name="Desk">What the cash desk issued, less what it redeemed.</param>
internal sealed record ContractBalances(
    IReadOnlyList<(Coin Debt, Instant? Deadline)> Accounts, IReadOnlyList<Coin> Free, IReadOnlyList<Coin> Locked, Coin Held, Coin Desk)
{
    // A batch is short, so that the engine does other things in between, and long, so that ten thousand accounts take seconds.
    private const int CallsInABatch = 200;

    /// <summary>Asks the contracts; null when the chain went on meanwhile and no longer has what was.</summary>
    /// <exception cref="EthereumRpcException">The chain cannot be read.</exception>
    public static async Task<ContractBalances?> ReadAsync(MoneyState state, BooksSources sources, CancellationToken cancellation)
    {
        var money = sources.Contracts.Money ?? throw new ArgumentException("there is no money on this ledger", nameof(sources));
        var calls = new List<CallRequest>
        {
            Call(money.Vault, VaultContract.EncodeHeld()),
            Call(money.Vault, VaultContract.EncodeIssuedTotal()),
            Call(money.Vault, VaultContract.EncodeRedeemedTotal()),
        };
        var totals = calls.Count;
        calls.AddRange(state.Accounts.Select(account => Call(money.Payments, PaymentsContract.EncodeAccountOf(account.Premises.Value))));
        calls.AddRange(state.Balances.Select(balance => Call(money.Vault, VaultContract.EncodeFreeOf(balance.Account))));
        calls.AddRange(state.Locks.Select(one => Call(money.Vault, VaultContract.EncodeLockedFor(one.Module, one.Account, one.Purpose))));

        var answers = new List<byte[]>(calls.Count);
        foreach (var batch in calls.Chunk(CallsInABatch))
        {
            var block = sources.KeepsOldState ? BlockTag.At(state.Block) : BlockTag.Latest;
            answers.AddRange(await sources.Client.CallManyAsync(batch, block, cancellation));
            // Blocks only ever come on top: one that is still the newest was so for every answer before.
            if (!sources.KeepsOldState && await sources.Client.GetBlockNumberAsync(cancellation) != state.Block)
                return null;
        }

        var held = Wei(VaultContract.DecodeHeldResult(answers[0]));
        var desk = Wei(VaultContract.DecodeIssuedTotalResult(answers[1])) - Wei(VaultContract.DecodeRedeemedTotalResult(answers[2]));
        var balancesFrom = totals + state.Accounts.Count;
        var locksFrom = balancesFrom + state.Balances.Count;
        return new(
            [
                .. answers[totals..balancesFrom].Select(answer => PaymentsContract.DecodeAccountOfResult(answer))
                    .Select(kept => (Wei(kept.Debt), Deadline(kept.Deadline))),
            ],
            [.. answers[balancesFrom..locksFrom].Select(answer => Wei(VaultContract.DecodeFreeOfResult(answer)))],
            [.. answers[locksFrom..].Select(answer => Wei(VaultContract.DecodeLockedForResult(answer)))],
            held,
            desk);
    }

    private static CallRequest Call(Address contract, byte[] data) => new() { To = contract, Data = data };

    private static Coin Wei(BigInteger wei) => Coin.FromWei((Int128)wei);

    private static Instant? Deadline(ulong seconds) => seconds == 0 ? null : LedgerTime.Of(seconds);
}
