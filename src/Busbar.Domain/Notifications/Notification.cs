using System.Text;
using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Names a notification by its cause, so that the same cause has the same name whenever and wherever it is found.</summary>
/// <param name="Value">The keccak-256 of message, scope and cause.</param>
public readonly record struct NotificationId(Hash256 Value)
{
    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>Something that happened and that somebody should hear of.</summary>
public sealed record Notification
{
    /// <summary>The most characters of a field; longer ones are cut off.</summary>
    public const int MostCharacters = 200;

    private Notification(NotificationForm form, NotificationScope scope, string cause, Instant at, IReadOnlyDictionary<string, string> data)
    {
        (Form, Scope, Cause, At, Data) = (form, scope, cause, at, data);
        Id = new(Keccak256.Hash(Encoding.UTF8.GetBytes($"busbar notification v1\n{form.Message}\n{scope}\n{cause}")));
    }

    /// <summary>Its name.</summary>
    public NotificationId Id { get; }

    /// <summary>Message, topic and weight.</summary>
    public NotificationForm Form { get; }

    /// <summary>Whom it is about.</summary>
    public NotificationScope Scope { get; }

    /// <summary>What it comes of, in a form that is the same each time that it is found: an event's place, an interval's key.</summary>
    public string Cause { get; }

    /// <summary>When it happened.</summary>
    public Instant At { get; }

    /// <summary>What the text needs: exactly the form's fields.</summary>
    public IReadOnlyDictionary<string, string> Data { get; }

    /// <summary>Makes a notification.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="scope">Whom it is about.</param>
    /// <param name="cause">What it comes of; 1 to 300 characters.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="data">The form's fields. Control characters become blanks.</param>
    /// <exception cref="ArgumentException">A field is missing or unknown, or the cause is empty or too long.</exception>
    public static Notification Of(
        NotificationMessage message, NotificationScope scope, string cause, Instant at, params ReadOnlySpan<(string Name, string Value)> data)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentException.ThrowIfNullOrEmpty(cause);
        if (cause.Length > 300)
            throw new ArgumentException("a cause is at most 300 characters", nameof(cause));
        var form = NotificationForm.Of(message);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in data)
            fields.Add(name, Clean(value));
        if (fields.Count != form.Fields.Count || form.Fields.Any(field => !fields.ContainsKey(field.Name)))
        {
            throw new ArgumentException(
                $"{message} needs {string.Join(", ", form.Fields.Select(field => field.Name))}; it was given {string.Join(", ", fields.Keys)}",
                nameof(data));
        }

        return new(form, scope, cause, at, fields);
    }

    // Names of meters and reasons come from outside: what they hold may not end a line or turn it round.
    private static string Clean(string value)
    {
        var text = new StringBuilder(Math.Min(value.Length, MostCharacters));
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > MostCharacters)
                break;
            var isPlain = !Rune.IsControl(rune) && rune.Value is not (0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069));
            text.Append(isPlain ? rune.ToString() : " ");
        }

        return text.ToString();
    }
}
