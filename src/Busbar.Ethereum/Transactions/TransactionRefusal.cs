namespace Busbar.Ethereum.Transactions;

/// <summary>Why bytes are not a transaction that could enter a block.</summary>
public enum TransactionRefusal
{
    /// <summary>Not set: never the reason of a refusal.</summary>
    None = 0,

    /// <summary>No bytes, or more than allowed.</summary>
    WrongSize,

    /// <summary>The first byte names no kind that is known here.</summary>
    TypeNotSupported,

    /// <summary>Not canonical RLP, or fields missing, superfluous, of the wrong width or with leading zeros.</summary>
    Malformed,

    /// <summary>The recipient is neither empty nor 20 bytes.</summary>
    WrongRecipient,

    /// <summary>The nonce is 2^64 - 1, which no account can use (EIP-2681).</summary>
    NonceTooBig,

    /// <summary>Gas limit times price does not fit 256 bits.</summary>
    FeeOverflow,

    /// <summary>The tip exceeds the greatest fee (EIP-1559).</summary>
    TipAboveFee,

    /// <summary>The code to deploy exceeds 49,152 bytes (EIP-3860).</summary>
    InitCodeTooLong,

    /// <summary>The gas limit does not even cover what every such transaction costs before it runs.</summary>
    GasBelowIntrinsic,

    /// <summary>Signed for another chain, or v fits no chain (EIP-155).</summary>
    WrongChain,

    /// <summary>r, s or the parity is out of range, s is high (EIP-2), or no key can have signed this.</summary>
    InvalidSignature,
}
