using Busbar.Simulation.Chance;
using NodaTime;

namespace Busbar.Simulation.Houses;

/// <summary>A lift: idle lights, and trips of three quarters of a minute, most in the morning and the evening.</summary>
internal sealed class LiftProfile(ulong seed, ulong premises) : LoadProfile(seed, premises)
{
    protected override DayOfUse Make(LocalDate date, SeededGenerator chance)
    {
        var day = new DayOfUse();
        day.Run(watts: 5, fromMinute: 0, DayOfUse.Minutes);
        for (var minute = 5 * 60; minute < 23 * 60; minute++)
        {
            var busy = minute / 60 is 7 or 8 or 17 or 18 or 19;
            if (chance.NextUnit() < (busy ? 0.12 : 0.03))
                day.Run(watts: 1100, minute + chance.NextUnit(), minutes: 0.75);
        }

        return day;
    }
}

/// <summary>A water pump that fills the tank twice a day.</summary>
internal sealed class PumpProfile(ulong seed, ulong premises) : LoadProfile(seed, premises)
{
    protected override DayOfUse Make(LocalDate date, SeededGenerator chance)
    {
        var day = new DayOfUse();
        day.Run(watts: 550, (6.5 * 60) + chance.Between(-15, 15), chance.Between(35, 55));
        day.Run(watts: 550, (16.5 * 60) + chance.Between(-30, 30), chance.Between(35, 55));
        return day;
    }
}
