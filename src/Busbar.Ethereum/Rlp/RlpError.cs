namespace Busbar.Ethereum.Rlp;

/// <summary>Why a byte string is not the canonical RLP that was asked for.</summary>
public enum RlpError
{
    /// <summary>Not set: never the reason of an <see cref="RlpException"/>.</summary>
    None = 0,

    /// <summary>The input ends inside a header or a payload.</summary>
    Truncated,

    /// <summary>Bytes follow the item, or the last item of a list.</summary>
    TrailingBytes,

    /// <summary>A length is written in a longer form than needed, or with a leading zero byte.</summary>
    LengthNotMinimal,

    /// <summary>A single byte below 0x80 carries a header that it does not need.</summary>
    ByteNotMinimal,

    /// <summary>An integer begins with a zero byte.</summary>
    LeadingZero,

    /// <summary>An integer does not fit the width asked for.</summary>
    IntegerTooLarge,

    /// <summary>A byte string has another length than asked for.</summary>
    WrongLength,

    /// <summary>A list stands where a byte string was asked for.</summary>
    ExpectedBytes,

    /// <summary>A byte string stands where a list was asked for.</summary>
    ExpectedList,

    /// <summary>Lists nest deeper than allowed.</summary>
    TooDeep,

    /// <summary>The input is longer than allowed.</summary>
    TooLong,
}
