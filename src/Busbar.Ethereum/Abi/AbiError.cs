namespace Busbar.Ethereum.Abi;

/// <summary>Why bytes are not the strict ABI encoding of the types asked for.</summary>
public enum AbiError
{
    /// <summary>Not set: never the reason of an <see cref="AbiException"/>.</summary>
    None = 0,

    /// <summary>The bytes end before the value does, or an offset or length points beyond them.</summary>
    Truncated,

    /// <summary>Bytes are left that belong to no value.</summary>
    TrailingBytes,

    /// <summary>Two values share bytes: what could blow a small input up without bound.</summary>
    Overlapping,

    /// <summary>A number does not fit its type.</summary>
    OutOfRange,

    /// <summary>Padding is not zero.</summary>
    DirtyPadding,

    /// <summary>A boolean is neither 0 nor 1.</summary>
    NotBoolean,

    /// <summary>A text is not UTF-8.</summary>
    NotUtf8,

    /// <summary>The first four bytes name another function or error, or are not there.</summary>
    WrongSelector,
}
