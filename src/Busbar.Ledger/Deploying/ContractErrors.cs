using System.Globalization;
using System.Numerics;
using System.Reflection;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;

namespace Busbar.Ledger.Deploying;

/// <summary>Reads what one of our contracts reverted with. Thread safe.</summary>
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
            || Billing.Errors.TryDecode(revertData, out error)
            || Payments.Errors.TryDecode(revertData, out error)
            || Vault.Errors.TryDecode(revertData, out error)
            || Channels.Errors.TryDecode(revertData, out error)
            || Board.Errors.TryDecode(revertData, out error)
            || Storage.Errors.TryDecode(revertData, out error)
            || Taxes.Errors.TryDecode(revertData, out error)
            || SolidityErrors.TryDecode(revertData, out error) ? error : null;
    }

    /// <summary>The error with its values for a person.</summary>
    public static string Describe(CallPreview preview) =>
        preview.RevertData is { } data && Decode(data) is { } error ? Explain(error) : preview.Words ?? "reverted without a reason";

    /// <summary>The error's name in the contract, such as <c>NotRegulator</c>.</summary>
    public static string NameOf(IContractError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.ErrorSignature[..error.ErrorSignature.IndexOf('(', StringComparison.Ordinal)];
    }

    /// <summary>The error's values by their names, in the contract's order, as a person reads them.</summary>
    public static IReadOnlyList<(string Name, string Value)> Arguments(IContractError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var type = error.GetType();
        return
        [
            .. type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
                .SelectMany(constructor => constructor.GetParameters())
                .Select(parameter => (CamelCase(parameter.Name!), TextOf(type.GetProperty(parameter.Name!)!.GetValue(error)))),
        ];
    }

    /// <summary>What is wrong in words where we have some, then the error's name with its values.</summary>
    public static string Explain(IContractError error)
    {
        if (error is SolidityRevert said)
            return said.Message;
        var values = string.Join(", ", Arguments(error).Select(argument => $"{argument.Name}: {argument.Value}"));
        var exact = values.Length == 0 ? NameOf(error) : $"{NameOf(error)}({values})";
        return ContractErrorWords.Of(NameOf(error)) is { } words ? $"{words}: {exact}" : exact;
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string TextOf(object? value) => value switch
    {
        Hash256 word => NameWord.Read(word),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        ReadOnlyMemory<byte> bytes => HexText.Encode(bytes.Span),
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
