using System.Globalization;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Community;

/// <summary>What a list of houses must keep to before it becomes part of the directory.</summary>
public static class HouseRules
{
    /// <summary>The most houses in one list.</summary>
    public const int MostAtOnce = 2_000;

    /// <summary>All that is wrong with a list; empty when it may be taken whole.</summary>
    /// <param name="houses">What is to be written, in the order of its lines.</param>
    /// <param name="known">The directory as it is.</param>
    /// <param name="microgrids">The community's microgrids.</param>
    /// <param name="registered">What the ledger says of a meter, or null.</param>
    public static IReadOnlyList<HouseRefused> Check(
        IReadOnlyList<House> houses,
        IReadOnlyCollection<House> known,
        IReadOnlySet<MicrogridId> microgrids,
        Func<MeterId, MeterRegistration?> registered)
    {
        if (houses.Count > MostAtOnce)
            return [new HouseRefused.TooMany(MostAtOnce + 1, MostAtOnce)];
        var refused = new List<HouseRefused>();
        var written = houses.Select(house => house.Meter).ToHashSet();
        var meters = new HashSet<MeterId>();
        var names = known.Where(house => !written.Contains(house.Meter)).Select(house => house.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var place = 0; place < houses.Count; place++)
        {
            var (house, line) = (houses[place], place + 1);
            if (!IsName(house.Name) || house.Name.Length == 0)
                refused.Add(new HouseRefused.BadName(line, "name"));
            else if (!names.Add(house.Name))
                refused.Add(new HouseRefused.NameTaken(line, house.Name));
            if (!IsName(house.District))
                refused.Add(new HouseRefused.BadName(line, "district"));
            if (!IsName(house.Feeder))
                refused.Add(new HouseRefused.BadName(line, "feeder"));
            if (!meters.Add(house.Meter))
                refused.Add(new HouseRefused.MeterTwice(line, house.Meter));
            if (!microgrids.Contains(house.Microgrid))
                refused.Add(new HouseRefused.UnknownMicrogrid(line, house.Microgrid));
            if (registered(house.Meter) is { } there && (there.Microgrid != house.Microgrid || there.Kind != house.Kind))
                refused.Add(new HouseRefused.RegisteredOtherwise(line, house.Meter, there.Microgrid, there.Kind));
        }

        return refused;
    }

    private static bool IsName(string text) =>
        text.Length <= House.LongestName && text.Trim().Length == text.Length && text.EnumerateRunes().All(IsPrinting);

    /// <summary>Whether people can see a character.</summary>
    public static bool IsPrinting(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
