using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;

namespace Busbar.Node.Api;

/// <summary>A tariff's text, to be checked before a regulator signs it.</summary>
internal sealed record TariffCheckForm : IRequestForm
{
    private const int MostText = Billing.Tariffs.TariffFile.MostBytes;
    private const long MostEnergy = 1_000_000_000_000_000;
    private const int MostDays = 3660;

    // A text has more bytes in JSON than by itself.
    public static int MostBytes => 4 * MostText;

    [Required]
    [Length(1, MostText)]
    [Description("YAML.")]
    public string? Text { get; init; }

    [Description("Who is paid where the text does not say; the node's operator when not told.")]
    public string? Payee { get; init; }

    [Description("For an example: what a household takes in. No example when not told.")]
    public string? ImportMwh { get; init; }

    [Description("For an example: what it gives out; 0 when not told.")]
    public string? ExportMwh { get; init; }

    [Range(1, MostDays)]
    [Description("For an example: the days of the period; 30 when not told.")]
    public int Days { get; init; } = 30;

    public AccessRefused? Check() =>
        Text is null || Encoding.UTF8.GetByteCount(Text) is 0 or > MostText
            ? AccessRefused.InvalidField("text", $"must be 1 to {MostText} bytes")
        : Payee is not null && (!Address.TryParse(Payee, out var payee) || payee == Address.Zero)
            ? AccessRefused.InvalidField("payee", "must be an address: 0x and 40 digits, mixed case as its checksum wants")
        : !IsEnergy(ImportMwh) ? AccessRefused.InvalidField("importMwh", Rule)
        : !IsEnergy(ExportMwh) ? AccessRefused.InvalidField("exportMwh", Rule)
        : Days is < 1 or > MostDays ? AccessRefused.InvalidField("days", $"must be 1 to {MostDays}")
        : null;

    private const string Rule = "must be whole milliwatt-hours, 0 to a thousand million kWh";

    private static bool IsEnergy(string? text) => text is null
        || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var energy) && energy <= MostEnergy);
}

/// <summary>A tariff as it would be on the ledger, or what is wrong with it.</summary>
internal sealed record TariffCheckDocument(
    [property: Description("In the order of the lines; empty when it may be published.")] IReadOnlyList<TariffFaultDocument> Faults,
    [property: Description("Null when there are faults, as all that follows.")] TariffSheetDocument? Sheet,
    LedgerTariffDocument? Ledger,
    [property: Description("The canonical text, YAML; the ledger keeps its keccak-256.")] string? Text,
    [property: Description("What a regulator sends to the contract billing to publish it.")] string? Data,
    [property: Description("Why the contract would not take it from a regulator now; null when it would.")] string? Refusal,
    [property: Description("Null when no use was told.")] TariffExampleDocument? Example);

/// <summary>What is wrong with a tariff's text.</summary>
internal sealed record TariffFaultDocument(
    [property: Description("From 1; 0 when it is about all of it.")] long Line,
    [property: Description("Where in the tariff, such as slabs[2].upTo; empty for all of it.")] string Member,
    [property: Description("The fault's name, stable over releases.")] string Reason,
    string Detail);

/// <summary>A bill by a tariff for a use that somebody named; the energy is taken as even over the period.</summary>
internal sealed record TariffExampleDocument(
    [property: Description("The period's first instant: the tariff's first day, or the next one when it holds already.")] string Start,
    string End,
    BillUseDocument Use,
    [property: Description("They sum to the total.")] IReadOnlyList<BillLineDocument> Lines,
    string TotalWei);
