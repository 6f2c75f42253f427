using System.Diagnostics.CodeAnalysis;
using Busbar.Cryptography;
using Busbar.Ethereum.Rlp;

namespace Busbar.Ethereum.Transactions;

/// <summary>A transaction with its signature and the bytes that go on the wire. Immutable.</summary>
public sealed class SignedTransaction
{
    /// <summary>The longest transaction that <see cref="TryDecode"/> takes unless told otherwise, in bytes.</summary>
    /// <remarks>128 KiB, which is what the pools of the usual nodes take.</remarks>
    public const int DefaultMaximumLength = 128 * 1024;

    private readonly byte[] _raw;

    internal SignedTransaction(Transaction transaction, Signature signature, byte[] raw)
    {
        Transaction = transaction;
        Signature = signature;
        _raw = raw;
        Hash = Keccak256.Hash(raw);
    }

    /// <summary>What was signed.</summary>
    public Transaction Transaction { get; }

    /// <summary>The signature; of decoded bytes it is not yet proven to be anyone's.</summary>
    public Signature Signature { get; }

    /// <summary>The bytes for the wire.</summary>
    public ReadOnlyMemory<byte> Raw => _raw;

    /// <summary>The transaction's name on the chain.</summary>
    public Hash256 Hash { get; }

    /// <summary>Reads a transaction. Signature, chain and gas are not looked at: see <see cref="TransactionRules"/>.</summary>
    /// <returns>False with a reason where the bytes are not one canonical transaction of a known kind.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> raw,
        [NotNullWhen(true)] out SignedTransaction? transaction,
        out TransactionRefusal refusal,
        int maximumLength = DefaultMaximumLength)
    {
        transaction = null;
        refusal = TransactionRefusal.WrongSize;
        if (raw.IsEmpty || raw.Length > maximumLength)
            return false;
        refusal = TransactionRefusal.Malformed;
        try
        {
            refusal = TransactionDecoder.Decode(raw, out transaction);
            return transaction is not null;
        }
        catch (RlpException)
        {
            return false;
        }
    }

    /// <summary>Reads a transaction that is expected to be good.</summary>
    /// <exception cref="FormatException">It is not; the message names the refusal.</exception>
    public static SignedTransaction Decode(ReadOnlySpan<byte> raw) =>
        TryDecode(raw, out var transaction, out var refusal)
            ? transaction
            : throw new FormatException($"not a transaction: {refusal}");

    /// <summary>Finds who signed. False where r, s or the parity is out of range or s is high.</summary>
    public bool TryRecoverSender(out Address sender) => Secp256k1.TryRecover(Transaction.SigningHash, Signature, out sender);
}
