using Busbar.Device.Fleet;
using Busbar.Domain.Metering;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Simulation.Community;

/// <summary>
/// A simulation as the source of a fleet's registers: its first boundary is where the simulation stands, and each further one takes
/// it an interval on when it is first asked for.
/// </summary>
/// <param name="simulation">The simulation, which nobody else may step.</param>
/// <param name="length">The length of the intervals.</param>
/// <param name="intervals">How many intervals it runs, 0 or more; there is one boundary more.</param>
public sealed class SimulatedRegisters(CommunitySimulation simulation, IntervalLength length, int intervals) : IRegisterSource
{
    private readonly Interval _first = new(simulation.Now, length);

    /// <inheritdoc />
    public int Boundaries => intervals + 1;

    /// <inheritdoc />
    public Instant InstantOf(int boundary) => _first.Start + (length.Duration * boundary);

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The boundary lies behind the simulation.</exception>
    public bool TryRead(int boundary, int meter, out Registers registers)
    {
        simulation.Step(InstantOf(boundary));
        registers = simulation.Meters[meter].Registers;
        return true;
    }
}
