using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>How quantities are written in JSON: instants in ISO 8601, energies as decimal strings that no reader rounds.</summary>
internal static class Forms
{
    public static string Text(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string? Text(Instant? instant) => instant is { } some ? Text(some) : null;

    /// <summary>An instant of a person's time, with any offset (RFC 3339); null when it is none, or of a year before 1970 or after 2999.</summary>
    public static Instant? Read(string? text) =>
        text is not null && OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true, Value: { Year: >= 1970 and <= 2999 } value } ? value.ToInstant() : null;

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
