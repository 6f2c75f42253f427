using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Device.Fleet;

/// <summary>Where the registers of a fleet's meters come from: a recorded file, a simulation.</summary>
/// <remarks>
/// Asked boundary by boundary in growing order, once for each boundary and meter, never by two threads at once; so a
/// simulation may take its step when a new boundary is first asked for.
/// </remarks>
public interface IRegisterSource
{
    /// <summary>How many boundaries there are.</summary>
    int Boundaries { get; }

    /// <summary>The instant of a boundary, 0 to <see cref="Boundaries"/> - 1: where one interval ends and the next begins.</summary>
    Instant InstantOf(int boundary);

    /// <summary>The registers of a meter, by its place in the fleet; false where it gives no reading.</summary>
    bool TryRead(int boundary, int meter, out Registers registers);
}
