using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Supply;

namespace Busbar.Node.Supply;

/// <summary>What a meter tells of its supply, on <c>state</c> and <c>event</c>. Nothing of it is signed; it is for watching alone.</summary>
internal sealed record SupplyTold
{
    private const int MaximumSize = 2048;

    // A meter that claims to hold a permit beyond any that a node could issue hurts nobody but would use the numbers up.
    private const ulong MostSequence = long.MaxValue;

    /// <summary>The event's name; null on <c>state</c>.</summary>
    public string? Event { get; private set; }

    /// <summary>Whether the meter says that it is there; null on <c>event</c>.</summary>
    public bool? IsOnline { get; private set; }

    /// <summary>What the relay reads back; null where the meter told none.</summary>
    public RelayState? Relay { get; private set; }

    /// <summary>The reason, of the relay's state or of a refusal.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The same in words, with a refusal.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>The newest permit that the meter believes; null when it has none.</summary>
    public ulong? Permit { get; private set; }

    /// <summary>The reason of a relay's state.</summary>
    public SupplyReason SupplyReason => Enum.TryParse<SupplyReason>(Reason, out var reason) && Enum.IsDefined(reason) ? reason : SupplyReason.None;

    /// <summary>Reads a payload; null when it cannot be read. Names that it does not know are for others.</summary>
    public static SupplyTold? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaximumSize)
            return null;
        try
        {
            var told = new SupplyTold();
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                    continue;
                var name = json.GetString();
                if (json.Read())
                    told.Take(name, ref json);
            }

            return told;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Take(string? name, ref Utf8JsonReader json)
    {
        if (name == "online" && json.TokenType is JsonTokenType.True or JsonTokenType.False)
            IsOnline = json.GetBoolean();
        if (json.TokenType != JsonTokenType.String)
            return;
        var text = json.GetString()!;
        switch (name)
        {
            case "event":
                Event = text;
                break;
            case "relay":
                Relay = text switch { "closed" => RelayState.Closed, "open" => RelayState.Open, _ => RelayState.None };
                break;
            case "reason":
                Reason = text;
                break;
            case "detail":
                Detail = text;
                break;
            case "permit" or "newest":
                Permit = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence <= MostSequence
                    ? sequence
                    : null;
                break;
        }
    }
}
