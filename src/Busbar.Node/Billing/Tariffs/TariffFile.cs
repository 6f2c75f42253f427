using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Billing;

namespace Busbar.Node.Billing.Tariffs;

/// <summary>A tariff as YAML; <c>docs/tariffs.md</c> has every member. The canonical text is read like any other.</summary>
public static class TariffFile
{
    /// <summary>The largest text, in bytes.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>The most faults that are told at once.</summary>
    public const int MostFaults = 20;

    /// <summary>Reads and checks a tariff.</summary>
    /// <param name="text">YAML in UTF-8.</param>
    /// <returns>The tariff, or what is wrong with it in the order of the lines; never both.</returns>
    public static (Tariff? Tariff, IReadOnlyList<TariffFault> Faults) Read(ReadOnlySpan<byte> text)
    {
        if (text.Length > MostBytes)
            return (null, [new(0, new TariffRefused.Oversized(text.Length, MostBytes))]);
        string characters;
        try
        {
            characters = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return (null, [new(0, new TariffRefused.NotYaml("the text is not UTF-8"))]);
        }

        var (tree, root, refused) = TariffTree.Parse(characters);
        if (refused is not null)
            return (null, [new(tree.LineOf(refused.Member), refused)]);
        var reader = new TariffReader();
        var tariff = reader.Read(root!);
        IReadOnlyList<TariffRefused> all = tariff is null || reader.Refused.Count > 0 ? reader.Refused : TariffRules.Check(tariff);
        return all.Count == 0
            ? (tariff, [])
            : (null, [.. all.Select(each => new TariffFault(tree.LineOf(each.Member), each)).OrderBy(fault => fault.Line).Take(MostFaults)]);
    }

    /// <summary>The tariff that the ledger has, from its canonical text, with every number held against the ledger's.</summary>
    /// <param name="ledger">What is on the ledger.</param>
    /// <param name="document">The text that people were given.</param>
    public static (Tariff? Tariff, IReadOnlyList<TariffFault> Faults) FromLedger(LedgerTariff ledger, ReadOnlySpan<byte> document)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var hash = Keccak256.Hash(document);
        if (hash != ledger.Document)
            return (null, [new(0, new TariffRefused.OtherDocument(ledger.Document, hash))]);
        var (tariff, faults) = Read(document);
        if (tariff is null)
            return (null, faults);
        return tariff.ToLedger(ledger.Payee).DifferenceTo(ledger) is { } member
            ? (null, [new(0, new TariffRefused.LedgerDiffers(member))])
            : (tariff, []);
    }
}
