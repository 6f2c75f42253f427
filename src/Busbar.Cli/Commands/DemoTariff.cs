using Busbar.Cli.Running;
using Busbar.Domain.Billing;
using Busbar.Node.Billing.Tariffs;

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

    /// <summary>Most pay in time; the fourth house in parts, the fifth from what it sets aside, the seventh when its lights are out.</summary>
    public static PayingHabit HabitOf(int house) => house switch
    {
        3 => PayingHabit.InParts,
        4 => PayingHabit.StandingOrder,
        6 => PayingHabit.Late,
        _ => PayingHabit.Punctual,
    };
}
