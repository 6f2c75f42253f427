using System.Numerics;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;

namespace Busbar.Ledger.Engine;

/// <summary>What the engine would refuse is refused before it is journaled.</summary>
internal sealed class SubmissionCheck(
    GenesisRecord genesis, AccountNonces nonces, EthereumClient client, IReadOnlyList<PendingTransaction> waiting)
{
    public async Task<(PendingTransaction? Pending, Submission.Refused? Refusal)> RunAsync(
        ReadOnlyMemory<byte> raw, CancellationToken cancellation)
    {
        if (!SignedTransaction.TryDecode(raw.Span, out var signed, out var malformed))
            return Refuse(SubmissionRefusal.Invalid, malformed.ToString());
        if (waiting.Any(t => t.Signed.Hash == signed.Hash))
            return Refuse(SubmissionRefusal.AlreadyKnown, $"already known: {signed.Hash} waits for its block");
        var broken = TransactionRules.Check(signed, genesis.ChainId, out var sender);
        if (broken != TransactionRefusal.None)
            return Refuse(SubmissionRefusal.Invalid, broken.ToString());
        var transaction = signed.Transaction;
        if (transaction.GasLimit < GasEstimate.DataFloor(transaction.Data.Span))
            return Refuse(SubmissionRefusal.Invalid, nameof(TransactionRefusal.GasBelowIntrinsic));
        var next = await nonces.NextAsync(sender, cancellation);
        if (transaction.Nonce != next)
        {
            var side = transaction.Nonce < next ? "low" : "high";
            return Refuse(SubmissionRefusal.WrongNonce, $"nonce too {side}: it is {transaction.Nonce}, and {next} is next");
        }

        var used = waiting.Aggregate(0UL, (sum, t) => sum + t.Signed.Transaction.GasLimit);
        if (transaction.GasLimit > genesis.BlockGasLimit || used > genesis.BlockGasLimit - transaction.GasLimit)
            return Refuse(SubmissionRefusal.TooMuchGas, $"{transaction.GasLimit} gas does not fit a block of {genesis.BlockGasLimit} with {used} taken");
        var cost = waiting.Where(t => t.Sender == sender).Aggregate(Cost(transaction), (sum, t) => sum + Cost(t.Signed.Transaction));
        if (cost > 0 && await client.GetBalanceAsync(sender, cancellationToken: cancellation) is var balance && balance < cost)
        {
            var detail = $"insufficient funds for gas * price + value: {cost} wei are needed, and there are {balance}";
            return Refuse(SubmissionRefusal.NotEnoughCoin, detail);
        }

        return (new(signed, sender), null);
    }

    private static BigInteger Cost(Transaction transaction) => transaction.Value + (transaction.MaxFeePerGas * transaction.GasLimit);

    private static (PendingTransaction? Pending, Submission.Refused? Refusal) Refuse(SubmissionRefusal reason, string detail) =>
        (null, new Submission.Refused(reason, detail));
}
