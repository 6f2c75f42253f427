using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Cli.Trade;

/// <summary>What people write behind the verbs of trade; anything else is wrong usage.</summary>
internal static class TradeArguments
{
    private const int WattHourPlaces = 3;
    private const int KilowattHourPlaces = 6;

    public static Argument<Hash256> Id(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Hash256.TryParse(Text(result), out var hash)
            ? hash
            : Wrong<Hash256>(result, $"the {name} is named by 0x and 64 hexadecimal digits, not {Text(result)}"),
    };

    public static Argument<Coin> Amount(string description) => new("amount") { Description = description, CustomParser = AmountOf };

    public static Option<Coin?> Coins(string name, string description) =>
        new(name) { Description = description, CustomParser = static result => AmountOf(result) };

    public static Option<Coin> RequiredCoins(string name, string description) =>
        new(name) { Description = description, Required = true, CustomParser = AmountOf };

    public static Option<Price> Price(string description) => new("--price")
    {
        Description = description,
        Required = true,
        CustomParser = static result => Domain.Quantities.Price.TryParse(Text(result), out var price) && !price.IsZero
            ? price
            : Wrong<Price>(result, $"a price is coins a kWh above 0, such as 0.1, not {Text(result)}"),
    };

    public static Option<Energy> Energy(string description) =>
        new("--energy") { Description = description, Required = true, CustomParser = EnergyOf };

    public static Option<Energy?> OptionalEnergy(string name, string description) =>
        new(name) { Description = description, CustomParser = static result => EnergyOf(result) };

    public static Option<Address?> Account(string name, string description) =>
        new(name) { Description = description, CustomParser = result => AccountOf(name, result) };

    public static Option<Address> RequiredAccount(string name, string description) =>
        new(name) { Description = description, Required = true, CustomParser = result => AccountOf(name, result) };

    public static Option<Instant?> Instant(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => OffsetDateTimePattern.Rfc3339.Parse(Text(result)) is { Success: true, Value: var read }
            ? read.ToInstant()
            : Wrong<Instant?>(result, $"{name} is an instant such as 2026-01-31T10:15:00Z, not {Text(result)}"),
    };

    public static Option<Duration?> Span(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => TrySpan(Text(result), out var span)
            ? span
            : Wrong<Duration?>(result, $"{name} is a time such as 90min, 6h or 2d, not {Text(result)}"),
    };

    public static Option<uint?> Microgrid() => new("--microgrid") { Description = "where; the microgrid of your meter by default" };

    /// <summary>A whole number of wei.</summary>
    public static BigInteger Whole(ArgumentResult result) =>
        BigInteger.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out var wei)
            ? wei
            : Wrong<BigInteger>(result, $"wei are a whole number, not {Text(result)}");

    private static Coin AmountOf(ArgumentResult result) => Coin.TryParse(Text(result), out var coins) && coins > Coin.Zero
        ? coins
        : Wrong<Coin>(result, $"an amount is coins above 0, such as 1.5, not {Text(result)}");

    private static Address AccountOf(string name, ArgumentResult result) => Address.TryParse(Text(result), out var account)
        ? account
        : Wrong<Address>(result, $"{name} is an address of 0x and 40 hexadecimal digits, not {Text(result)}");

    private static Energy EnergyOf(ArgumentResult result) => TryEnergy(Text(result), out var energy)
        ? energy
        : Wrong<Energy>(result, $"an energy is Wh or kWh above 0 with its unit, such as 500Wh or 0.5kWh, to the mWh, not {Text(result)}");

    private static bool TryEnergy(string text, out Energy energy)
    {
        energy = default;
        var (unit, places) = text.EndsWith("kWh", StringComparison.Ordinal) ? ("kWh", KilowattHourPlaces) : ("Wh", WattHourPlaces);
        if (!text.EndsWith(unit, StringComparison.Ordinal))
            return false;
        var digits = text[..^unit.Length].TrimEnd();
        const NumberStyles form = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(digits, form, CultureInfo.InvariantCulture, out var number) || digits.Length > 20)
            return false;
        var milliwattHours = number * (places == KilowattHourPlaces ? 1_000_000 : 1_000);
        if (milliwattHours <= 0 || milliwattHours > long.MaxValue || decimal.Truncate(milliwattHours) != milliwattHours)
            return false;
        energy = Domain.Quantities.Energy.FromMilliwattHours((long)milliwattHours);
        return true;
    }

    private static bool TrySpan(string text, out Duration span)
    {
        span = default;
        foreach (var (unit, one) in new[] { ("min", Duration.FromMinutes(1)), ("h", Duration.FromHours(1)), ("d", Duration.FromDays(1)) })
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && ushort.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0)
            {
                span = one * count;
                return true;
            }
        }

        return false;
    }

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static T Wrong<T>(ArgumentResult result, string fault)
    {
        result.AddError(fault);
        return default!;
    }
}
