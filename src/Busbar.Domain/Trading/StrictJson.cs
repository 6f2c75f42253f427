using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>
/// A flat JSON object with strings and numbers alone, each name once, nothing after it. What a name is asked for and does not hold makes
/// the whole unsound, and the first such fault is told.
/// </summary>
internal sealed class StrictJson
{
    // As of readings: the last whole second that people's calendars have.
    private const ulong LastSecond = 253_402_300_799;

    private readonly Dictionary<string, byte[]> _members = new(StringComparer.Ordinal);

    private StrictJson()
    {
    }

    /// <summary>What is wrong; null when nothing is so far.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads an object; its <see cref="Fault"/> tells when the bytes are none.</summary>
    public static StrictJson Read(ReadOnlySpan<byte> payload, int maximumSize)
    {
        var read = new StrictJson();
        if (payload.Length > maximumSize)
        {
            read.Fault = $"{payload.Length} bytes, at most {maximumSize} are taken";
            return read;
        }

        try
        {
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 2 });
            read.Fault = read.Take(ref json);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            read.Fault = "not a flat JSON object";
        }

        return read;
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public string Text(string name) => Value(name, static (ref Utf8JsonReader json, out string value) =>
    {
        value = json.TokenType == JsonTokenType.String ? json.GetString()! : "";
        return json.TokenType == JsonTokenType.String;
    }) ?? "";

    public ulong Number(string name) =>
        Value(name, static (ref Utf8JsonReader json, out ulong value) => WireJson.TryReadInteger(ref json, out value));

    public long Amount(string name)
    {
        var value = Number(name);
        if (value > long.MaxValue)
            Spoil(name);
        return (long)Math.Min(value, long.MaxValue);
    }

    public Instant Second(string name)
    {
        var value = Number(name);
        if (value > LastSecond)
            Spoil(name);
        return Instant.FromUnixTimeSeconds((long)Math.Min(value, LastSecond));
    }

    public Hash256 Hash(string name) => Value(name, static (ref Utf8JsonReader json, out Hash256 value) =>
    {
        Span<byte> bytes = stackalloc byte[Hash256.Length];
        var isHash = WireJson.TryReadHex(ref json, bytes);
        value = isHash ? new(bytes) : default;
        return isHash;
    });

    public MeterId Meter(string name) => Value(name, static (ref Utf8JsonReader json, out MeterId value) =>
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        var isAddress = WireJson.TryReadHex(ref json, bytes);
        value = isAddress ? new(new(bytes)) : default;
        return isAddress;
    });

    public Signature Signature(string name) => Value(name, static (ref Utf8JsonReader json, out Signature value) =>
    {
        Span<byte> bytes = stackalloc byte[Cryptography.Signature.Length];
        value = default;
        return WireJson.TryReadHex(ref json, bytes) && Cryptography.Signature.TryFromBytes(bytes, out value);
    });

    /// <summary>A name of an enumeration, as it is spelled, or in small letters; its default, zero, is not taken.</summary>
    public T Name<T>(string name, bool small = false)
        where T : struct, Enum
    {
        var text = Text(name);
        foreach (var value in Enum.GetValues<T>())
        {
            var spelled = small ? value.ToString().ToLowerInvariant() : value.ToString();
            if (!EqualityComparer<T>.Default.Equals(value, default) && text == spelled)
                return value;
        }

        Spoil(name);
        return default;
    }

    /// <summary>Says that names are left over that nobody asked for.</summary>
    public void AllowOnly(ReadOnlySpan<string> names)
    {
        foreach (var name in _members.Keys)
        {
            if (!names.Contains(name))
                Fault ??= $"unknown name {(name.Length > 32 ? name[..32] + "…" : name)}";
        }
    }

    private string? Take(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return "not a JSON object";
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
                return $"{(name.Length > 32 ? name[..32] + "…" : name)} is not what it must be";
            byte[] value = json.TokenType == JsonTokenType.String ? [(byte)'"', .. json.ValueSpan, (byte)'"'] : json.ValueSpan.ToArray();
            if (!_members.TryAdd(name, value))
                return $"{name} is given twice";
        }

        return json.TokenType != JsonTokenType.EndObject || json.Read() ? "bytes after the object" : null;
    }

    private T? Value<T>(string name, Reading<T> read)
    {
        if (!_members.TryGetValue(name, out var bytes))
        {
            Fault ??= $"{name} is missing";
            return default;
        }

        var json = new Utf8JsonReader(bytes);
        if (json.Read() && read(ref json, out var value))
            return value;
        Spoil(name);
        return default;
    }

    private void Spoil(string name) => Fault ??= $"{name} is not what it must be";

    private delegate bool Reading<T>(ref Utf8JsonReader json, out T value);
}
