using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Who is told, besides choice.</summary>
[Flags]
public enum NotificationAudience
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The households, participant or account that the scope names.</summary>
    Concerned = 1,

    /// <summary>Their guests too.</summary>
    Guests = 2,

    /// <summary>The operators.</summary>
    Operators = 4,

    /// <summary>The owner and the regulators.</summary>
    Regulators = 8,
}

/// <summary>How a field of a text is written out.</summary>
public enum NotificationFieldKind
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>An instant (ISO 8601, UTC), shown in the community's civil time.</summary>
    Instant,

    /// <summary>An instant, of which the civil date is shown.</summary>
    Date,

    /// <summary>The first instant after something, of which the last civil date is shown.</summary>
    LastDate,

    /// <summary>Wei, shown as coins; what a coin is called is the field <c>currency</c>.</summary>
    Coins,

    /// <summary>Milliwatt-hours, shown as kilowatt-hours.</summary>
    Energy,
}

/// <summary>A field of a text.</summary>
/// <param name="Name">Its name in the text, between braces.</param>
/// <param name="Kind">How it is written.</param>
public sealed record NotificationField(string Name, NotificationFieldKind Kind);

/// <summary>What belongs to a message always: topic, weight, audience, fields.</summary>
public sealed record NotificationForm
{
    private static readonly Dictionary<char, NotificationFieldKind> Marks = new()
    {
        ['@'] = NotificationFieldKind.Instant,
        ['#'] = NotificationFieldKind.Date,
        ['<'] = NotificationFieldKind.LastDate,
        ['$'] = NotificationFieldKind.Coins,
        ['~'] = NotificationFieldKind.Energy,
    };

    private static readonly string[] OfBill =
    [
        "house", "premises", "number", "version", "start#", "end<", "amount$", "toPay$", "credit$", "settled$", "due#", "deadline#",
        "imported~", "exported~", "currency",
    ];

    private static readonly string[] OfPayment =
        ["house", "premises", "amount$", "owed$", "credit$", "account", "time@", "block", "transaction", "currency"];

    private static readonly Dictionary<NotificationMessage, NotificationForm> Forms = All().ToDictionary(form => form.Message);

    private NotificationForm(
        NotificationMessage message, NotificationTopic topic, NotificationSeverity severity, NotificationAudience audience, string page)
    {
        (Message, Topic, Severity, Audience, Page) = (message, topic, severity, audience, page);
    }

    /// <summary>The message.</summary>
    public NotificationMessage Message { get; }

    /// <summary>What it is chosen by.</summary>
    public NotificationTopic Topic { get; }

    /// <summary>How much it matters.</summary>
    public NotificationSeverity Severity { get; }

    /// <summary>Who is told.</summary>
    public NotificationAudience Audience { get; }

    /// <summary>The path of the page that shows more, with fields between braces.</summary>
    public string Page { get; }

    /// <summary>What its data must hold, neither more nor less.</summary>
    public IReadOnlyList<NotificationField> Fields { get; private init; } = [];

    /// <summary>How long after its first try it is still worth telling. Default a day.</summary>
    public Duration GoodFor { get; private init; } = Duration.FromDays(1);

    /// <summary>The form of a message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none such.</exception>
    public static NotificationForm Of(NotificationMessage message) =>
        Forms.TryGetValue(message, out var form) ? form : throw new ArgumentOutOfRangeException(nameof(message), message, "no such message");

    /// <summary>The path of the page that shows more of one notification.</summary>
    /// <param name="data">Its fields.</param>
    public string PageOf(IReadOnlyDictionary<string, string> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var page = Page;
        foreach (var field in Fields.Where(field => page.Contains('{' + field.Name + '}', StringComparison.Ordinal)))
            page = page.Replace('{' + field.Name + '}', Uri.EscapeDataString(data.GetValueOrDefault(field.Name, "")), StringComparison.Ordinal);
        return page;
    }

    private static NotificationForm[] All()
    {
        const NotificationAudience Household = NotificationAudience.Concerned;
        const NotificationAudience Operators = NotificationAudience.Operators;
        const NotificationAudience Regulators = NotificationAudience.Regulators;
        const NotificationSeverity Information = NotificationSeverity.Information;
        const NotificationSeverity Warning = NotificationSeverity.Warning;
        const NotificationSeverity Critical = NotificationSeverity.Critical;
        return
        [
            New(NotificationMessage.MeterSilent, NotificationTopic.MeterSilent, Warning, Household | Operators, "/devices", "meter", "minutes", "since@"),
            New(NotificationMessage.MeterHeard, NotificationTopic.MeterSilent, Information, Household | Operators, "/devices", "meter", "heard@"),
            New(NotificationMessage.ReadingRefused, NotificationTopic.ReadingRefused, Warning, Operators, "/devices", "meter", "reason", "detail", "time@"),
            New(NotificationMessage.AnchorFailed, NotificationTopic.AnchorFailed, Warning, Operators | Regulators, "/ledger", "microgrid", "start@", "version", "reason"),
            New(NotificationMessage.MemberAdmitted, NotificationTopic.Membership, Information, Household | Operators | Regulators, "/community", "member", "role"),
            New(NotificationMessage.MemberChanged, NotificationTopic.Membership, Information, Household | Operators | Regulators, "/community", "member", "role"),
            New(NotificationMessage.MemberRemoved, NotificationTopic.Membership, Warning, Household | Operators | Regulators, "/community", "member"),
            New(NotificationMessage.RuleProposed, NotificationTopic.RuleChanged, Information, Household | Operators | Regulators, "/community", "rule", "value", "until@"),
            New(NotificationMessage.RuleChanged, NotificationTopic.RuleChanged, Information, Household | Operators | Regulators, "/community", "rule", "value", "from@"),
            New(NotificationMessage.AccessRequested, NotificationTopic.AccessRequest, Warning, Household | Regulators, "/community", "who", "what", "reason"),
            New(NotificationMessage.AdvisoryIssued, NotificationTopic.Advisory, Critical, Household | Operators | Regulators, "/devices", "firmware", "until@"),
            New(NotificationMessage.GuestInvited, NotificationTopic.GuestInvited, Information, Household, "/guests", "host", "guest", "premises"),
            New(
                NotificationMessage.RelayNotFollowing, NotificationTopic.Supply, Warning, Operators, "/devices",
                "meter", "permit", "relay", "reason", "time@"),
            New(
                NotificationMessage.PermitEnding, NotificationTopic.Supply, Warning, Household, "/bills/{premises}",
                "house", "premises", "owed$", "until@", "days", "currency") with { GoodFor = Duration.FromHours(12) },
            New(
                NotificationMessage.PrepaidEnding, NotificationTopic.Supply, Warning, Household, "/bills/{premises}",
                "house", "premises", "until@", "days") with { GoodFor = Duration.FromHours(12) },
            New(
                NotificationMessage.SupplyEnded, NotificationTopic.Supply, Warning, Household, "/bills/{premises}",
                "house", "premises", "meter", "owed$", "time@", "currency"),
            New(
                NotificationMessage.SupplyBack, NotificationTopic.Supply, Information, Household, "/bills/{premises}",
                "house", "premises", "meter", "time@"),
            New(
                NotificationMessage.BillIssued, NotificationTopic.Bills, Information, Household, "/bills/{premises}/{number}",
                [.. OfBill]) with { GoodFor = Duration.FromDays(3) },
            New(
                NotificationMessage.BillCorrected, NotificationTopic.Bills, Information, Household, "/bills/{premises}/{number}",
                [.. OfBill, "before$"]) with { GoodFor = Duration.FromDays(3) },
            New(
                NotificationMessage.ArrearsBooked, NotificationTopic.Bills, Information, Household, "/bills/{premises}/{number}",
                "house", "premises", "number", "amount$", "deadline#", "currency") with { GoodFor = Duration.FromDays(3) },
            New(
                NotificationMessage.PaymentReceived, NotificationTopic.Bills, Information, Household, "/bills/{premises}", [.. OfPayment]),
            New(
                NotificationMessage.CreditPaidOut, NotificationTopic.Bills, Information, Household, "/bills/{premises}", [.. OfPayment]),
            New(
                NotificationMessage.ObjectionAnswered, NotificationTopic.Bills, Information, Household, "/bills/{premises}/{number}",
                "house", "premises", "number", "credit$", "kept$", "toPay$", "deadline#", "block", "transaction", "currency"),
            .. OfTrade(),
            New(
                NotificationMessage.SafetyAlarm, NotificationTopic.Safety, Critical, Household | NotificationAudience.Guests | Operators, "/home",
                "kind", "place", "time@"),
            New(NotificationMessage.EmailConfirmation, NotificationTopic.Account, Critical, Household, "/settings", "code")
                with { GoodFor = Duration.FromHours(1) },
            New(NotificationMessage.Test, NotificationTopic.Account, Critical, Household, "/settings", "time@")
                with { GoodFor = Duration.FromMinutes(10) },
        ];
    }

    private static NotificationForm[] OfTrade()
    {
        const NotificationAudience Household = NotificationAudience.Concerned;
        const NotificationSeverity Information = NotificationSeverity.Information;
        const NotificationSeverity Warning = NotificationSeverity.Warning;
        const NotificationTopic Offers = NotificationTopic.Offers;
        const NotificationTopic Trades = NotificationTopic.Trades;
        const string Advert = "/market/adverts/{advert}";
        const string Demand = "/market/demands/{demand}";
        const string Delivery = "/market/deliveries/{delivery}";

        // An advert lives three hours: what comes later is of no use.
        var life = Duration.FromHours(3);
        return
        [
            New(NotificationMessage.AdvertPosted, Offers, Information, Household, Advert, "advert", "account", "microgrid", "energy~", "price$", "until@") with { GoodFor = life },
            New(NotificationMessage.DemandPosted, Offers, Information, Household, Demand, "demand", "account", "microgrid", "energy~", "price$", "until@") with { GoodFor = life },
            New(NotificationMessage.OfferMade, Trades, Information, Household, Demand, "demand", "account", "energy~", "price$"),
            New(NotificationMessage.OfferAccepted, Trades, Information, Household, Delivery, "delivery", "account", "energy~", "share$", "until@"),
            New(NotificationMessage.DemandTaken, Trades, Information, Household, Delivery, "delivery", "account", "energy~", "share$", "until@"),
            New(NotificationMessage.EnergySold, Trades, Information, Household, Delivery, "delivery", "account", "energy~", "share$", "until@"),
            New(NotificationMessage.DeliveryReceived, Trades, Information, Household, Delivery, "delivery", "energy~", "bought~", "paid$", "back$"),
            New(NotificationMessage.DeliveryPaid, Trades, Information, Household, Delivery, "delivery", "energy~", "sold~", "share$"),
            New(NotificationMessage.DeliveryDisputed, Trades, Warning, Household, Delivery, "delivery", "energy~", "claimed~", "until@"),
            New(NotificationMessage.DeliveryExpired, Trades, Warning, Household, Delivery, "delivery", "energy~", "bought~"),
            New(NotificationMessage.AdvertExpired, Trades, Information, Household, Advert, "advert", "energy~"),
            New(NotificationMessage.DemandExpired, Trades, Information, Household, Demand, "demand", "energy~", "locked$"),
        ];
    }

    // The mark at the end of a name says its kind.
    private static NotificationForm New(
        NotificationMessage message, NotificationTopic topic, NotificationSeverity severity, NotificationAudience audience, string page,
        params ReadOnlySpan<string> fields)
    {
        var list = new List<NotificationField>();
        foreach (var field in fields)
        {
            var isMarked = Marks.TryGetValue(field[^1], out var kind);
            list.Add(new(isMarked ? field[..^1] : field, kind));
        }

        return new(message, topic, severity, audience, page) { Fields = list };
    }
}
