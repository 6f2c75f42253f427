namespace Busbar.Domain.Notifications;

/// <summary>How much it matters. The names are stored.</summary>
public enum NotificationSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Somebody must act now; quiet hours do not hold it back.</summary>
    Critical,
}

/// <summary>The languages that texts are written in.</summary>
public enum NotificationLanguage
{
    /// <summary>English, <c>en</c>.</summary>
    English,

    /// <summary>Hindi, <c>hi</c>.</summary>
    Hindi,
}

/// <summary>Language tags.</summary>
public static class NotificationLanguages
{
    /// <summary>The tag of BCP 47.</summary>
    public static string Tag(this NotificationLanguage language) => language == NotificationLanguage.Hindi ? "hi" : "en";

    /// <summary>Reads a tag; false, and English, for a language that there are no texts in.</summary>
    public static bool TryParse(string? tag, out NotificationLanguage language)
    {
        language = tag == "hi" ? NotificationLanguage.Hindi : NotificationLanguage.English;
        return tag is "hi" or "en";
    }
}
