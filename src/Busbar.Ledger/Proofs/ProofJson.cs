using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Proofs;

/// <summary>The JSON form of a proof: numbers of 64 bits are decimal strings, bytes are 0x and hexadecimal digits.</summary>
internal static class ProofJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
    };

    public static byte[] Write(ProofDocument proof) => JsonSerializer.SerializeToUtf8Bytes(ProofForm.Of(proof), Options);

    public static bool TryRead(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out ProofDocument? document, [NotNullWhen(false)] out string? error)
    {
        document = null;
        error = null;
        if (utf8.Length > ProofDocument.LongestDocument)
        {
            error = $"longer than {ProofDocument.LongestDocument} bytes";
            return false;
        }

        try
        {
            var form = JsonSerializer.Deserialize<ProofForm>(utf8, Options) ?? throw new FormatException("not an object");
            document = form.Read();
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            error = wrong.Message;
            return false;
        }
    }

    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal static long Number(string? text, string member) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"{member} is no number from 0 to 2^63 - 1");

    internal static int Small(int value, int minimum, int maximum, string member) =>
        value >= minimum && value <= maximum ? value : throw new FormatException($"{member} is not from {minimum} to {maximum}");

    internal static Hash256 Hash(string? text, string member) =>
        Hash256.TryParse(text, out var hash) ? hash : throw new FormatException($"{member} is not 0x and 64 hexadecimal digits");

    internal static Address Account(string? text, string member) =>
        Address.TryParse(text, out var address) ? address : throw new FormatException($"{member} is no address");

    internal static SumNode Node(string? hash, string? import, string? export, string member) => new(
        Hash(hash, $"{member}.hash"), Sum(import, export, member));

    internal static EnergySum Sum(string? import, string? export, string member) => new(
        Energy.FromMilliwattHours(Number(import, $"{member}.import")), Energy.FromMilliwattHours(Number(export, $"{member}.export")));

    internal static Instant Time(long seconds, string member) =>
        seconds is >= 0 and <= uint.MaxValue ? Instant.FromUnixTimeSeconds(seconds) : throw new FormatException($"{member} is no time");
}
