using System.Globalization;
using System.Numerics;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.Abi;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Ledger.Exploring;

/// <summary>Puts decoded ABI values into words. What a number means is known by the name that our contracts give it.</summary>
/// <param name="nameOf">The name of an address that is one of ours, or null.</param>
internal sealed class ValueWriter(Func<Address, string?> nameOf)
{
    private const int LongestList = 128;

    private static readonly string[] Instants =
        ["start", "end", "until", "instant", "executableAt", "effectiveAt", "standsUntil", "expiredAt"];

    private static readonly string[] Energies =
        ["importSum", "exportSum", "importRegister", "exportRegister", "opening", "closing", "missing", "allowance"];

    private static readonly string[] Names = ["name", "names", "rule"];

    private static readonly Dictionary<string, Func<int, string?>> Choices = new(StringComparer.Ordinal)
    {
        ["kind"] = number => Enum.GetName((MeterKind)number),
        ["commodity"] = number => Enum.GetName((Commodity)number),
        ["role"] = number => At(["None", "Consumer", "Producer", "Prosumer"], number),
        ["office"] = number => At(["None", "Operator", "Sequencer", "Authority", "Treasurer"], number),
        ["subject"] = number => At(["None", "Rule", "Directory"], number),
    };

    /// <summary>A value with its name; <paramref name="owner"/> is what it is a value of.</summary>
    public DecodedValue Write(string owner, string name, AbiType type, object value)
    {
        switch (type.Kind)
        {
            case AbiKind.Address:
                var address = (Address)value;
                return new(name, type.Name, address.ToString(), ValueHint.Address) { Label = nameOf(address) };
            case AbiKind.Bool:
                return new(name, type.Name, (bool)value ? "true" : "false", ValueHint.Flag);
            case AbiKind.String:
                return new(name, type.Name, (string)value, ValueHint.Text);
            case AbiKind.Bytes:
                return new(name, type.Name, HexText.Encode((byte[])value), ValueHint.Bytes);
            case AbiKind.FixedBytes:
                return Fixed(name, type, (byte[])value);
            case AbiKind.Array or AbiKind.FixedArray:
                var elements = (object[])value;
                return new(name, type.Name, "", ValueHint.List)
                {
                    Members = [.. elements.Take(LongestList).Select((element, place) => Element(owner, name, place, type.Element!, element))],
                    Omitted = Math.Max(0, elements.Length - LongestList),
                };
            case AbiKind.Tuple:
                var members = (object[])value;
                return new(name, type.Name, "", ValueHint.Group)
                {
                    Members = [.. type.Components.Zip(members, (member, one) => Write(owner, member.Name, member.Type, one))],
                };
            default:
                return Number(owner, name, type, (BigInteger)value);
        }
    }

    /// <summary>An indexed value of variable length: only its hash is logged.</summary>
    public static DecodedValue Hashed(string name, AbiType type, Hash256 topic) => new(name, type.Name, topic.ToString(), ValueHint.Hash);

    private DecodedValue Element(string owner, string list, int place, AbiType type, object element) =>
        Write(owner, list, type, element) with { Name = place.ToString(CultureInfo.InvariantCulture) };

    private static DecodedValue Number(string owner, string name, AbiType type, BigInteger value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        if (Choices.TryGetValue(name, out var choice) && type is { Kind: AbiKind.UInt, Size: 8 })
            return new(name, type.Name, text, ValueHint.Choice) { Label = choice((int)value) };
        var hint = Hint(owner, name);
        return new(name, type.Name, text, hint) { Label = hint == ValueHint.Instant ? Time(value) : null };
    }

    private static ValueHint Hint(string owner, string name) => name switch
    {
        _ when Instants.Contains(name, StringComparer.Ordinal) => ValueHint.Instant,
        _ when Energies.Contains(name, StringComparer.Ordinal) => ValueHint.MilliwattHours,
        "intervalSeconds" => ValueHint.Seconds,
        "lossFixed" => ValueHint.Milliwatts,
        "lossQuadratic" => ValueHint.MicrowattsPerSquareKilowatt,
        "tolerance" => ValueHint.BasisPoints,

        // "Now" and "needed" are of many kinds; where a time is meant the error says so.
        "now" => ValueHint.Instant,
        "needed" when owner is "TooEarly" or "IntervalNotNext" or "WrongInstant" => ValueHint.Instant,
        _ => ValueHint.Number,
    };

    private static DecodedValue Fixed(string name, AbiType type, byte[] bytes) =>
        type.Size == Hash256.Length && Names.Contains(name, StringComparer.Ordinal) && Word(bytes) is { } word
            ? new(name, type.Name, word, ValueHint.Name)
            : new(name, type.Name, HexText.Encode(bytes), type.Size == Hash256.Length ? ValueHint.Hash : ValueHint.Bytes);

    // Letters and digits from the left, zeros to the end: how Solidity keeps a name in bytes32.
    private static string? Word(byte[] bytes)
    {
        var length = Array.IndexOf(bytes, (byte)0);
        length = length < 0 ? bytes.Length : length;
        return length > 0 && !bytes.AsSpan(length).ContainsAnyExcept((byte)0) && bytes.AsSpan(0, length).ToArray().All(b => char.IsAsciiLetterOrDigit((char)b))
            ? Encoding.ASCII.GetString(bytes, 0, length)
            : null;
    }

    private static string? Time(BigInteger seconds) =>
        seconds >= 0 && seconds <= Instant.MaxValue.ToUnixTimeSeconds()
            ? InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeSeconds((long)seconds))
            : null;

    private static string? At(string[] words, int number) => number < words.Length ? words[number] : null;
}
