using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>How quantities are written in JSON: instants in ISO 8601, energies as decimal strings that no reader rounds.</summary>
internal static class Forms
{
    public static string Text(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string? Text(Instant? instant) => instant is { } some ? Text(some) : null;

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
