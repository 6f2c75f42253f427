using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;
using Busbar.Node.Billing;

namespace Busbar.Node.Api;

/// <summary>Debts from before the accounts, to be checked before a regulator signs them.</summary>
internal sealed record ArrearsForm : IRequestForm
{
    private const int MostRows = 10_000;
    private const int Longest = 100;

    public static int MostBytes => 4 * 1024 * 1024;

    [Required]
    [Length(1, MostRows)]
    public IReadOnlyList<ArrearsFormRow>? Rows { get; init; }

    public AccessRefused? Check() => Rows switch
    {
        not { Count: > 0 and <= MostRows } => AccessRefused.InvalidField("rows", $"must be 1 to {MostRows} rows"),
        _ when Rows.Any(row => row is null) => AccessRefused.InvalidField("rows", "must be objects"),
        _ when Rows.Any(row => row.House?.Length > Longest || row.Amount?.Length > Longest || row.Reference?.Length > Longest) =>
            AccessRefused.InvalidField("rows", $"must have texts of at most {Longest} characters"),
        _ => null,
    };
}

/// <summary>A debt.</summary>
internal sealed record ArrearsFormRow
{
    [Description("Its line, by which the answer names it.")]
    public int Line { get; init; }

    [Required]
    [Description("A house's name, or the id of premises.")]
    public string? House { get; init; }

    [Required]
    [Description("Coins, with at most 18 digits behind the point.")]
    public string? Amount { get; init; }

    [Description("Of the operator's own books: at most 32 bytes in UTF-8, or 32 bytes as they are.")]
    public string? Reference { get; init; }
}

/// <summary>What becomes of each line.</summary>
internal sealed record ArrearsCheckDocument(
    [property: Description("In the order in which they came.")] IReadOnlyList<ArrearsLineDocument> Items,
    [property: Description("What those that can be booked come to.")] string ReadyWei);

/// <summary>What becomes of a line.</summary>
internal sealed record ArrearsLineDocument(
    int Line,
    [property: Description("The house's name; what was written when no house is called so.")] string Name,
    string? Premises,
    string? AmountWei,
    [property: Description("As the ledger keeps it.")] string? ReferenceId,
    [property: OneOf("ready", "booked", "refused"), Description("Booked: the same is on the ledger already.")] string State,
    [property: OneOf(typeof(ArrearsFault), Letters.Camel), Description("Why it cannot be booked; null when it can or is.")] string? Fault,
    [property: Description("The line before that has the same house; null when none has.")] int? Other);
