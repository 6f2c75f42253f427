using Busbar.Simulation.Chance;
using NodaTime;

namespace Busbar.Simulation.Houses;

/// <summary>
/// A mountain household: fridge, lights, television, telephone chargers, router, a fan in summer, now and then an iron. Its appliances
/// are drawn once; each day is stretched to the household's daily energy, give or take.
/// </summary>
internal sealed class HouseholdProfile : LoadProfile
{
    private const double DailySpread = 0.08;

    private readonly double _wattHoursPerDay;
    private readonly double _fridge;
    private readonly int _lights;
    private readonly double _television;
    private readonly int _telephones;
    private readonly double _wakes;
    private readonly double _sleeps;

    public HouseholdProfile(ulong seed, ulong premises, double wattHoursPerDay)
        : base(seed, premises)
    {
        var chance = SeededGenerator.For(seed, premises, -1);
        _wattHoursPerDay = wattHoursPerDay;
        _fridge = chance.Between(60, 90);
        _lights = 3 + chance.Below(4);
        _television = chance.Between(45, 80);
        _telephones = 2 + chance.Below(3);
        _wakes = chance.Between(5.25, 6.75) * 60;
        _sleeps = chance.Between(21.25, 23.25) * 60;
    }

    protected override DayOfUse Make(LocalDate date, SeededGenerator chance)
    {
        var day = new DayOfUse();
        day.Cycle(_fridge, onMinutes: 18, offMinutes: 36, chance);
        day.Run(watts: 6, fromMinute: 0, DayOfUse.Minutes);
        for (var light = 0; light < _lights; light++)
        {
            var dusk = (17.25 * 60) + chance.Between(-20, 60);
            day.Run(watts: 9, _wakes + chance.Between(-10, 20), chance.Between(30, 80));
            day.Run(watts: 9, dusk, Math.Max(20, (_sleeps - dusk) * chance.Between(0.5, 1)));
        }

        day.Run(_television, (18.5 * 60) + chance.Between(-30, 45), chance.Between(110, 200));
        for (var telephone = 0; telephone < _telephones; telephone++)
            day.Run(watts: 8, chance.Between(17 * 60, _sleeps), chance.Between(70, 130));
        if (date.Month is >= 5 and <= 9)
            day.Run(watts: 38, (11 * 60) + chance.Between(-45, 45), chance.Between(150, 300));
        if (chance.NextUnit() < 0.2)
            day.Run(watts: 450, chance.Between(8 * 60, 11 * 60), chance.Between(6, 14));
        day.ScaleTo(_wattHoursPerDay * (1 + (DailySpread * chance.NextNormal() / 2)));
        return day;
    }
}
