using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.Rlp;

namespace Busbar.Ethereum.Transactions;

/// <summary>
/// A transaction before it is signed. Amounts are wei, fees wei per unit of gas; each is 0 to 2^256 - 1.
/// Immutable. Sources: EIP-155, EIP-2718, EIP-2930, EIP-1559.
/// </summary>
public sealed record Transaction
{
    /// <summary>The greatest value of a 256-bit word.</summary>
    internal static readonly BigInteger MaximumWord = (BigInteger.One << 256) - 1;

    /// <summary>The kind. Default: <see cref="TransactionType.DynamicFee"/>.</summary>
    public TransactionType Type { get; init; } = TransactionType.DynamicFee;

    /// <summary>The chain it is for. Null only in a legacy transaction that any chain would take.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>How many transactions the sender has sent before.</summary>
    public ulong Nonce { get; init; }

    /// <summary>The most a unit of gas may cost; the gas price of the two older kinds. Default 0.</summary>
    public BigInteger MaxFeePerGas { get; init; }

    /// <summary>The tip for the block's maker. Default 0; equals <see cref="MaxFeePerGas"/> in the two older kinds.</summary>
    public BigInteger MaxPriorityFeePerGas { get; init; }

    /// <summary>The most gas it may use.</summary>
    public ulong GasLimit { get; init; }

    /// <summary>The recipient; null to deploy a contract.</summary>
    public Address? To { get; init; }

    /// <summary>What is sent along. Default 0.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Call data, or the code that deploys. Not copied: do not change it afterwards.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What it announces to touch. Default none; the legacy kind has none.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>What the sender signs.</summary>
    /// <exception cref="InvalidOperationException">The fields do not go together.</exception>
    public Hash256 SigningHash => Keccak256.Hash(Encode(null));

    /// <summary>Signs with RFC 6979: the same key and transaction give the same bytes.</summary>
    /// <exception cref="InvalidOperationException">The fields do not go together.</exception>
    public SignedTransaction Sign(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.Sign(SigningHash);
        return new SignedTransaction(this, signature, Encode(signature));
    }

    internal byte[] Encode(Signature? signature)
    {
        EnsureConsistent();
        var writer = new RlpWriter();
        writer.BeginList();
        if (Type != TransactionType.Legacy)
            writer.WriteInteger(ChainId!.Value);
        writer.WriteInteger(Nonce);
        if (Type == TransactionType.DynamicFee)
            writer.WriteInteger(MaxPriorityFeePerGas);
        writer.WriteInteger(MaxFeePerGas);
        writer.WriteInteger(GasLimit);
        writer.WriteBytes(To is { } to ? to.ToArray() : []);
        writer.WriteInteger(Value);
        writer.WriteBytes(Data.Span);
        if (Type != TransactionType.Legacy)
            WriteAccessList(writer);
        if (signature is { } signed)
            WriteSignature(writer, signed);
        else if (Type == TransactionType.Legacy && ChainId is { } chain)
            WriteChainInsteadOfSignature(writer, chain);
        writer.EndList();
        var list = writer.ToArray();
        return Type == TransactionType.Legacy ? list : [(byte)Type, .. list];
    }

    private static void WriteChainInsteadOfSignature(RlpWriter writer, ulong chain)
    {
        writer.WriteInteger(chain);
        writer.WriteInteger(BigInteger.Zero);
        writer.WriteInteger(BigInteger.Zero);
    }

    private void WriteSignature(RlpWriter writer, Signature signature)
    {
        BigInteger v = signature.RecoveryId;
        if (Type == TransactionType.Legacy)
            v += ChainId is { } chain ? 35 + (2 * (BigInteger)chain) : 27;
        writer.WriteInteger(v);
        writer.WriteInteger(new BigInteger(signature.R.ToArray(), isUnsigned: true, isBigEndian: true));
        writer.WriteInteger(new BigInteger(signature.S.ToArray(), isUnsigned: true, isBigEndian: true));
    }

    private void WriteAccessList(RlpWriter writer)
    {
        writer.BeginList();
        foreach (var entry in AccessList)
        {
            writer.BeginList();
            writer.WriteBytes(entry.Address.ToArray());
            writer.BeginList();
            foreach (var key in entry.StorageKeys)
                writer.WriteBytes(key.ToArray());
            writer.EndList();
            writer.EndList();
        }

        writer.EndList();
    }

    private void EnsureConsistent()
    {
        if (Type != TransactionType.Legacy && ChainId is null)
            throw new InvalidOperationException($"a transaction of kind {Type} names its chain");
        if (Type == TransactionType.Legacy && AccessList.Count > 0)
            throw new InvalidOperationException("a legacy transaction has no access list");
        if (Type != TransactionType.DynamicFee && !MaxPriorityFeePerGas.IsZero && MaxPriorityFeePerGas != MaxFeePerGas)
            throw new InvalidOperationException($"a transaction of kind {Type} has one gas price and no tip of its own");
        if (!IsWord(Value) || !IsWord(MaxFeePerGas) || !IsWord(MaxPriorityFeePerGas))
            throw new InvalidOperationException("amounts and fees are 0 to 2^256 - 1");
    }

    private static bool IsWord(BigInteger value) => value.Sign >= 0 && value <= MaximumWord;
}
