namespace Busbar.Ethereum.Rlp;

/// <summary>A byte string is not canonical RLP, or not of the shape asked for.</summary>
public sealed class RlpException : FormatException
{
    internal RlpException(RlpError error, int offset)
        : base($"RLP: {error} at byte {offset}")
    {
        Error = error;
        Offset = offset;
    }

    /// <summary>What is wrong.</summary>
    public RlpError Error { get; }

    /// <summary>Where, in bytes from the start of the input.</summary>
    public int Offset { get; }
}
