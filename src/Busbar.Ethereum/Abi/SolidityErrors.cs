using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Busbar.Ethereum.Abi;

/// <summary>A revert with words: <c>require(condition, "words")</c>.</summary>
/// <param name="Message">The words.</param>
public sealed record SolidityRevert(string Message) : IContractError
{
    /// <inheritdoc />
    public string ErrorSignature => SolidityErrors.RevertSignature;
}

/// <summary>A revert that the compiler put in: overflow, division by zero, an index out of range.</summary>
/// <param name="Code">The reason; 0x11 is an overflow, 0x12 a division by zero, 0x32 an index. Source: Solidity, "Panic via assert".</param>
public sealed record SolidityPanic(BigInteger Code) : IContractError
{
    /// <inheritdoc />
    public string ErrorSignature => SolidityErrors.PanicSignature;
}

/// <summary>Reads the two errors that every Solidity contract can revert with.</summary>
public static class SolidityErrors
{
    internal const string RevertSignature = "Error(string)";
    internal const string PanicSignature = "Panic(uint256)";

    private static readonly uint RevertSelector = AbiSignature.Selector(RevertSignature);
    private static readonly uint PanicSelector = AbiSignature.Selector(PanicSignature);

    /// <summary>Reads revert data; false where it is neither of the two.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> revertData, [NotNullWhen(true)] out IContractError? error)
    {
        error = null;
        try
        {
            if (AbiSelectors.Of(revertData) is not { } selector)
                return false;
            var reader = new AbiReader(revertData[sizeof(uint)..]);
            if (selector == RevertSelector)
                error = new SolidityRevert(reader.ReadString());
            else if (selector == PanicSelector)
                error = new SolidityPanic(reader.ReadUInt256());
            else
                return false;
            reader.EnsureEnd();
            return true;
        }
        catch (AbiException)
        {
            error = null;
            return false;
        }
    }
}
