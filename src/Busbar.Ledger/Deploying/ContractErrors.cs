using Busbar.Ethereum.Abi;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;

namespace Busbar.Ledger.Deploying;

/// <summary>Reads what one of our contracts reverted with.</summary>
public static class ContractErrors
{
    /// <summary>The typed error, or null when none of ours.</summary>
    public static IContractError? Decode(ReadOnlyMemory<byte> revertData)
    {
        IContractError? error;
        return Anchors.Errors.TryDecode(revertData, out error)
            || Meters.Errors.TryDecode(revertData, out error)
            || Council.Errors.TryDecode(revertData, out error)
            || Members.Errors.TryDecode(revertData, out error)
            || SolidityErrors.TryDecode(revertData, out error) ? error : null;
    }

    /// <summary>The error with its values for a person.</summary>
    public static string Describe(CallPreview preview) =>
        preview.RevertData is { } data && Decode(data) is { } error ? error.ToString()! : preview.Words ?? "reverted without a reason";
}
