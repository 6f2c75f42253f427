using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>The operator's books: June of twelve households, one of whom is still to pay.</content>
internal static partial class Examples
{
    private static object[] OfBooks() =>
    [
        new BooksDocument(
            false,
            Issued,
            812,
            Issued,
            false,
            1,
            [new($"account of {Premises}", "its open bills sum to 0.7125, and it owes 0.712500000000000001", Premises, "House 7")],
            [new("2026-06", 12, "1440000000", "240000000", "61000000", "8550000000000000000", "7837500000000000000")],
            new(
                12, 12, 0, "8550000000000000000", "0", "7837500000000000000", "712500000000000000", "0", "9000000000000000000", "1000000000000000000",
                "10000000000000000000", "10000000000000000000"),
            null),
    ];
}
