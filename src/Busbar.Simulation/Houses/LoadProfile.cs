using Busbar.Simulation.Chance;
using NodaTime;

namespace Busbar.Simulation.Houses;

/// <summary>What a premises draws over time, made day by day from a seed. Not thread safe.</summary>
internal abstract class LoadProfile(ulong seed, ulong premises)
{
    private DayOfUse _use = new();
    private LocalDate? _day;

    /// <summary>The power drawn in the minute that begins at a civil time, W, 0 or more.</summary>
    public double Watts(LocalDateTime civil)
    {
        if (_day != civil.Date)
        {
            _day = civil.Date;
            var days = Period.DaysBetween(new LocalDate(2000, 1, 1), civil.Date);
            _use = Make(civil.Date, SeededGenerator.For(seed, premises, days));
        }

        return _use[(civil.Hour * 60) + civil.Minute];
    }

    /// <summary>Makes one day.</summary>
    protected abstract DayOfUse Make(LocalDate date, SeededGenerator chance);
}
