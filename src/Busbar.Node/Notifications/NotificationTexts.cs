using System.Reflection;
using System.Text;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Notifications;

/// <summary>The words around every text.</summary>
/// <param name="More">The link to the page.</param>
/// <param name="Why">Why this came.</param>
internal sealed record NotificationFrame(string More, string Why);

/// <summary>
/// The texts of all messages in all languages, from one file for each language. Every file is held against the forms when it is read: a
/// missing text, an unknown one or a wrong placeholder stops the node at its start, not a message on its way.
/// </summary>
internal sealed class NotificationTexts
{
    private static readonly LocalDateTimePattern Civil = LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd HH:mm");

    private readonly Dictionary<NotificationLanguage, IReadOnlyDictionary<string, string>> _languages = [];
    private readonly DateTimeZone _zone;

    /// <summary>Reads and checks all languages.</summary>
    /// <param name="zone">The zone in which times are written.</param>
    public NotificationTexts(DateTimeZone zone)
    {
        _zone = zone;
        foreach (var language in Enum.GetValues<NotificationLanguage>())
        {
            var texts = Load(language);
            if (Faults(texts) is { Count: > 0 } faults)
                throw new InvalidDataException($"the texts in {language} are not whole: {string.Join("; ", faults)}");
            _languages.Add(language, texts);
        }
    }

    public NotificationFrame Frame(NotificationLanguage language) => new(_languages[language]["frame.more"], _languages[language]["frame.why"]);

    /// <summary>Subject and body of a notification.</summary>
    public (string Subject, string Body) Write(ToldNotification told, NotificationLanguage language)
    {
        var texts = _languages[language];
        var form = NotificationForm.Of(told.Message);
        return (Fill(texts[$"{told.Message}.subject"], form, told.Data), Fill(texts[$"{told.Message}.body"], form, told.Data));
    }

    /// <summary>What is wrong with a language's texts.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> texts)
    {
        var faults = new List<string>();
        var expected = new HashSet<string>(StringComparer.Ordinal) { "frame.more", "frame.why" };
        foreach (var message in Enum.GetValues<NotificationMessage>().Where(message => message != NotificationMessage.None))
        {
            var fields = NotificationForm.Of(message).Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var part in (string[])["subject", "body"])
            {
                var key = $"{message}.{part}";
                expected.Add(key);
                if (texts.TryGetValue(key, out var text))
                    faults.AddRange(Placeholders(text).Where(name => !fields.Contains(name)).Select(name => $"{key} has no {{{name}}}"));
            }
        }

        faults.AddRange(expected.Where(key => !texts.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text)).Select(key => $"{key} is missing"));
        faults.AddRange(texts.Keys.Where(key => !expected.Contains(key)).Select(key => $"{key} is unknown"));
        return faults;
    }

    /// <summary>A language's texts as they are written.</summary>
    public static IReadOnlyDictionary<string, string> Load(NotificationLanguage language)
    {
        var name = $"Busbar.Node.Notifications.Texts.{language.Tag()}.json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidDataException($"{name} is not part of the program");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream) ?? throw new InvalidDataException($"{name} is empty");
    }

    /// <summary>The names between braces.</summary>
    public static IEnumerable<string> Placeholders(string text)
    {
        var at = 0;
        while (text.IndexOf('{', at) is >= 0 and var open)
        {
            var close = text.IndexOf('}', open);
            if (close < 0)
                throw new InvalidDataException($"a brace is not closed in: {text}");
            yield return text[(open + 1)..close];
            at = close + 1;
        }
    }

    // What is filled in is never looked at for placeholders again.
    private string Fill(string text, NotificationForm form, IReadOnlyDictionary<string, string> data)
    {
        var filled = new StringBuilder();
        var at = 0;
        while (text.IndexOf('{', at) is >= 0 and var open)
        {
            var close = text.IndexOf('}', open);
            filled.Append(text.AsSpan(at, open - at)).Append(Value(text[(open + 1)..close], form, data));
            at = close + 1;
        }

        return filled.Append(text.AsSpan(at)).ToString();
    }

    private string Value(string name, NotificationForm form, IReadOnlyDictionary<string, string> data)
    {
        // A notification that an older version stored may lack a field that its text has now.
        if (!data.TryGetValue(name, out var value))
            return "?";
        var isInstant = form.Fields.Any(field => field.Name == name && field.Kind == NotificationFieldKind.Instant);
        return isInstant && InstantPattern.ExtendedIso.Parse(value).TryGetValue(default, out var instant)
            ? Civil.Format(instant.InZone(_zone).LocalDateTime)
            : value;
    }
}
