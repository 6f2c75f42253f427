using System.Numerics;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Transactions;

/// <summary>
/// What every node refuses before it looks at an account, by the rules of the Cancun fork. Later forks ask for more gas
/// for call data (EIP-7623); a node says so itself. Thread safe.
/// </summary>
public static class TransactionRules
{
    /// <summary>The longest code that deploys a contract, in bytes (EIP-3860).</summary>
    public const int MaximumInitCodeLength = 49_152;

    private const ulong PerTransaction = 21_000;
    private const ulong PerCreation = 32_000;
    private const ulong PerZeroByte = 4;
    private const ulong PerOtherByte = 16;
    private const ulong PerInitCodeWord = 2;
    private const ulong PerAccessedAddress = 2_400;
    private const ulong PerAccessedKey = 1_900;

    /// <summary>The gas that is paid before anything runs. Sources: EIP-2028, EIP-2930, EIP-3860, EIP-2.</summary>
    public static ulong IntrinsicGas(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var data = transaction.Data.Span;
        var zeros = (ulong)data.Count((byte)0);
        var gas = PerTransaction + (zeros * PerZeroByte) + (((ulong)data.Length - zeros) * PerOtherByte);
        if (transaction.To is null)
            gas += PerCreation + (((ulong)data.Length + 31) / 32 * PerInitCodeWord);
        foreach (var entry in transaction.AccessList)
            gas += PerAccessedAddress + ((ulong)entry.StorageKeys.Count * PerAccessedKey);
        return gas;
    }

    /// <summary>Checks a transaction for one chain and finds its sender.</summary>
    /// <param name="signed">The transaction.</param>
    /// <param name="chainId">The chain. A legacy transaction that names none passes, as on any node: see <see cref="Transaction.ChainId"/>.</param>
    /// <param name="sender">Who signed; zero where refused.</param>
    /// <returns><see cref="TransactionRefusal.None"/> where nothing is wrong.</returns>
    public static TransactionRefusal Check(SignedTransaction signed, ulong chainId, out Address sender)
    {
        ArgumentNullException.ThrowIfNull(signed);
        sender = default;
        var transaction = signed.Transaction;
        if (transaction.ChainId is { } named && named != chainId)
            return TransactionRefusal.WrongChain;
        if (transaction.Nonce == ulong.MaxValue)
            return TransactionRefusal.NonceTooBig;
        if (transaction.MaxPriorityFeePerGas > transaction.MaxFeePerGas)
            return TransactionRefusal.TipAboveFee;
        if (transaction.MaxFeePerGas * (BigInteger)transaction.GasLimit > Transaction.MaximumWord)
            return TransactionRefusal.FeeOverflow;
        if (transaction.To is null && transaction.Data.Length > MaximumInitCodeLength)
            return TransactionRefusal.InitCodeTooLong;
        if (transaction.GasLimit < IntrinsicGas(transaction))
            return TransactionRefusal.GasBelowIntrinsic;
        return signed.TryRecoverSender(out sender) ? TransactionRefusal.None : TransactionRefusal.InvalidSignature;
    }
}
