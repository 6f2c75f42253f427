using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
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
/// missing text, an unknown one or a wrong placeholder stops the node at its start, not a message on its way. A part of a text between
/// brackets is left out where a field in it is empty.
/// </summary>
internal sealed class NotificationTexts
{
    /// <summary>The words that are no messages: around each, and on a bill.</summary>
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["frame.more"] = [],
        ["frame.why"] = [],
        ["frame.coin"] = [],
        ["bill.title"] = [],
        ["bill.tariff"] = ["name"],
        ["bill.registers"] = [],
        ["bill.taken"] = [],
        ["bill.given"] = [],
        ["bill.slab"] = ["from", "to"],
        ["bill.band"] = ["name"],
        ["bill.fixedCharge"] = [],
        ["bill.minimumCharge"] = [],
        ["bill.tax"] = ["name", "percent"],
        ["bill.exportCredit"] = [],
        ["bill.total"] = [],
        ["bill.toPay"] = [],
        ["bill.estimated"] = [],
        ["bill.payHow"] = ["premises"],
    };

    private static readonly LocalDatePattern CivilDate = LocalDatePattern.CreateWithInvariantCulture("yyyy-MM-dd");
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
        string ValueOf(string name) => Value(name, form, told.Data, language);
        return (Fill(texts[$"{told.Message}.subject"], ValueOf), Fill(texts[$"{told.Message}.body"], ValueOf));
    }

    /// <summary>One of the words that are no messages.</summary>
    public string Word(string key, NotificationLanguage language, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
            known.Add(name, value);
        return Fill(_languages[language][key], name => known.GetValueOrDefault(name, "?"));
    }

    /// <summary>A civil date.</summary>
    public string Date(Instant instant) => CivilDate.Format(instant.InZone(_zone).Date);

    /// <summary>The civil date of the last moment before an instant.</summary>
    public string LastDate(Instant end) => Date(end - Duration.Epsilon);

    /// <summary>What is wrong with a language's texts.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> texts)
    {
        var faults = new List<string>();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, names) in Words)
            Expect(key, names);
        foreach (var message in Enum.GetValues<NotificationMessage>().Where(message => message != NotificationMessage.None))
        {
            var fields = NotificationForm.Of(message).Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var part in (string[])["subject", "body"])
                Expect($"{message}.{part}", fields);
        }

        faults.AddRange(expected.Where(key => !texts.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text)).Select(key => $"{key} is missing"));
        faults.AddRange(texts.Keys.Where(key => !expected.Contains(key)).Select(key => $"{key} is unknown"));
        return faults;

        void Expect(string key, IReadOnlyCollection<string> names)
        {
            expected.Add(key);
            if (texts.TryGetValue(key, out var text))
                faults.AddRange(Placeholders(text).Except(names, StringComparer.Ordinal).Select(name => $"{key} has no {{{name}}}"));
        }
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
        if (text.Count('[') != text.Count(']') || text.LastIndexOf('[') > text.LastIndexOf(']'))
            throw new InvalidDataException($"a bracket is not closed in: {text}");
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
    private static string Fill(string text, Func<string, string> valueOf)
    {
        var filled = new StringBuilder();
        var at = 0;
        while (text.IndexOf('[', at) is >= 0 and var open)
        {
            var close = text.IndexOf(']', open);
            FillPart(filled, text[at..open], valueOf);
            var start = filled.Length;
            if (!FillPart(filled, text[(open + 1)..close], valueOf))
                filled.Length = start;
            at = close + 1;
        }

        FillPart(filled, text[at..], valueOf);
        return filled.ToString();
    }

    private static bool FillPart(StringBuilder filled, string text, Func<string, string> valueOf)
    {
        var at = 0;
        var isWhole = true;
        while (text.IndexOf('{', at) is >= 0 and var open)
        {
            var close = text.IndexOf('}', open);
            var value = valueOf(text[(open + 1)..close]);
            isWhole &= value.Length > 0;
            filled.Append(text.AsSpan(at, open - at)).Append(value);
            at = close + 1;
        }

        filled.Append(text.AsSpan(at));
        return isWhole;
    }

    private string Value(string name, NotificationForm form, IReadOnlyDictionary<string, string> data, NotificationLanguage language)
    {
        // A notification that an older version stored may lack a field that its text has now.
        if (!data.TryGetValue(name, out var value))
            return "?";
        if (value.Length == 0)
            return value;
        switch (form.Fields.FirstOrDefault(field => field.Name == name)?.Kind)
        {
            case NotificationFieldKind.Coins when Int128.TryParse(value, CultureInfo.InvariantCulture, out var wei):
                var coin = data.GetValueOrDefault("currency", "") is { Length: > 0 } currency ? currency : _languages[language]["frame.coin"];
                return Figures.Coins(Coin.FromWei(wei), Figures.DecimalsFor(Coin.FromWei(wei)), coin, language);
            case NotificationFieldKind.Energy when long.TryParse(value, CultureInfo.InvariantCulture, out var energy):
                return Figures.KilowattHours(Energy.FromMilliwattHours(energy), 2, language);
            case { } kind when InstantPattern.ExtendedIso.Parse(value).TryGetValue(default, out var instant):
                return kind switch
                {
                    NotificationFieldKind.Instant => Civil.Format(instant.InZone(_zone).LocalDateTime),
                    NotificationFieldKind.Date => Date(instant),
                    NotificationFieldKind.LastDate => LastDate(instant),
                    _ => value,
                };
            default:
                return value;
        }
    }
}
