using System.Globalization;
using System.Text.Json;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;

namespace Busbar.Node.Rpc;

/// <summary>
/// Takes transactions that people's wallets have signed. What is answered with a hash is in the journal on disk, as the node's
/// own transactions are, and will be in a block whatever happens to the node or its engine.
/// </summary>
internal sealed class RpcTransactions(RpcLedger ledger, WalletBlocks? blocks)
{
    /// <summary>The longest transaction, in bytes: a large contract with its arguments.</summary>
    public const int LongestTransaction = 56 * 1024;

    /// <summary>The most gas of a transaction, so that one person does not fill a block. Source of the number: EIP-7825.</summary>
    public const ulong MostGas = 1UL << 24;

    public async Task<JsonElement> SendAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        var raw = parameters.AtMost(1).Bytes(0);
        Check(raw);
        var submission = await ledger.Chain.SubmitAsync(raw, [], cancellation);
        if (submission is not Submission.Accepted accepted)
            throw Refusal((Submission.Refused)submission);
        blocks?.Want();
        return JsonSerializer.SerializeToElement(accepted.Hash.ToString());
    }

    private static void Check(ReadOnlyMemory<byte> raw)
    {
        if (!SignedTransaction.TryDecode(raw.Span, out var signed, out var refusal, LongestTransaction))
            throw new RpcRefusedException(RpcCodes.Refused, refusal.ToString(), Words(refusal));
        if (signed.Transaction.ChainId is null)
        {
            throw new RpcRefusedException(
                RpcCodes.Refused, "NoChain", "the transaction names no chain and could be repeated on another one (EIP-155)");
        }

        if (signed.Transaction.GasLimit > MostGas)
        {
            throw new RpcRefusedException(
                RpcCodes.Refused,
                nameof(SubmissionRefusal.TooMuchGas),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a transaction has at most {MostGas} gas here, and this one asks for {signed.Transaction.GasLimit}"));
        }
    }

    private static RpcRefusedException Refusal(Submission.Refused refused) =>
        refused.Reason == SubmissionRefusal.Invalid && Enum.TryParse<TransactionRefusal>(refused.Detail, out var rule)
            ? new(RpcCodes.Refused, rule.ToString(), Words(rule))
            : new(RpcCodes.Refused, refused.Reason.ToString(), refused.Detail);

    private static string Words(TransactionRefusal rule) => rule switch
    {
        TransactionRefusal.WrongSize => $"a transaction has 1 to {LongestTransaction} bytes",
        TransactionRefusal.TypeNotSupported => "transactions of the kinds 0, 1 and 2 are taken",
        TransactionRefusal.WrongChain => "the transaction is signed for another chain; switch the wallet to this community's",
        TransactionRefusal.InvalidSignature => "the signature is of no key, or in a form that others could alter (high s)",
        TransactionRefusal.GasBelowIntrinsic => "intrinsic gas too low: the gas limit does not cover the transaction's own size",
        TransactionRefusal.NonceTooBig => "the nonce is beyond what an account can use",
        TransactionRefusal.TipAboveFee => "max priority fee per gas higher than max fee per gas",
        TransactionRefusal.InitCodeTooLong => "the code to deploy is longer than 49152 bytes",
        TransactionRefusal.FeeOverflow => "gas limit times price does not fit 256 bits",
        TransactionRefusal.WrongRecipient => "the recipient is neither empty nor an address",
        _ => "not a signed transaction in its canonical form",
    };
}
