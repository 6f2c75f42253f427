namespace Busbar.Ethereum.Abi;

/// <summary>Bytes are not the strict ABI encoding of the types asked for.</summary>
public sealed class AbiException : FormatException
{
    internal AbiException(AbiError error, int offset)
        : base($"ABI: {error} at byte {offset}")
    {
        Error = error;
        Offset = offset;
    }

    /// <summary>What is wrong.</summary>
    public AbiError Error { get; }

    /// <summary>Where, in bytes from the start of the input.</summary>
    public int Offset { get; }
}
