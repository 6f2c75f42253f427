using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Cli.Trade;

/// <summary>Reads members of the API's documents, whose forms <c>docs/api.md</c> has.</summary>
internal static class Json
{
    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    /// <summary>Null where the document has null.</summary>
    public static string? TextOrNull(this JsonElement row, string name) => row.GetProperty(name).GetString();

    public static Energy Energy(this JsonElement row, string name) =>
        Domain.Quantities.Energy.FromMilliwattHours(long.Parse(row.Text(name), CultureInfo.InvariantCulture));

    public static Coin Coins(this JsonElement row, string name) => Coin.FromWei(Int128.Parse(row.Text(name), CultureInfo.InvariantCulture));

    public static Address Account(this JsonElement row, string name) => Address.Parse(row.Text(name));

    public static Instant Instant(this JsonElement row, string name) => InstantPattern.ExtendedIso.Parse(row.Text(name)).GetValueOrThrow();

    /// <summary>The words that a contract takes a row by.</summary>
    public static IReadOnlyList<Hash256> Words(this JsonElement row) =>
        [.. row.GetProperty("words").EnumerateArray().Select(word => Hash256.Parse(word.GetString()!))];

    public static bool IsNull(this JsonElement row, string name) => row.GetProperty(name).ValueKind == JsonValueKind.Null;

    public static IEnumerable<JsonElement> List(this JsonElement row, string name) => row.GetProperty(name).EnumerateArray();
}
