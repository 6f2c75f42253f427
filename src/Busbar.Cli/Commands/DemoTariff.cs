using Busbar.Cli.Running;
using Busbar.Domain.Billing;
using Busbar.Node.Billing.Tariffs;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary>What the demonstration's village pays for its electricity, and how.</summary>
internal static class DemoTariff
{
    private const string Resource = "Busbar.Cli.demo-village.yaml";

    /// <summary>The tariff of samples/tariffs/demo-village.yaml, which the program carries.</summary>
    public static Tariff Load()
    {
        using var stream = typeof(DemoTariff).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the program was built without {Resource}");
        using var text = new MemoryStream();
        stream.CopyTo(text);
        var (tariff, faults) = TariffFile.Read(text.ToArray());
        return tariff ?? throw new InvalidOperationException($"{Resource}: {faults[0]}");
    }

    /// <summary>
    /// The same for a demonstration that somebody watches, in which a day is minutes: the bill of a single day has the charges of a whole
    /// period, and whoever has not paid it is without supply before noon.
    /// </summary>
    public static Tariff LoadForWatching() =>
        Load() with { Due = Duration.FromHours(8), Grace = Duration.FromHours(3), Period = Duration.Zero };

    /// <summary>What <see cref="LoadForWatching"/> needs of the ledger's rules.</summary>
    public static IReadOnlyDictionary<string, ulong> RulesForWatching { get; } =
        new Dictionary<string, ulong>(StringComparer.Ordinal) { ["graceDays"] = 0 };

    /// <summary>Most pay in time; the fourth house in parts, the fifth from what it sets aside, the seventh when its lights are out.</summary>
    /// <param name="house">The house's place, from 0.</param>
    /// <param name="isWatched">Whether somebody is there who can pay for the seventh; then it waits for them.</param>
    public static PayingHabit HabitOf(int house, bool isWatched) => house switch
    {
        3 => PayingHabit.InParts,
        4 => PayingHabit.StandingOrder,
        6 => isWatched ? PayingHabit.ByVisitor : PayingHabit.Late,
        _ => PayingHabit.Punctual,
    };
}
