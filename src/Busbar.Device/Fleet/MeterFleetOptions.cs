using Busbar.Domain.Metering;
using Busbar.Mqtt;

namespace Busbar.Device.Fleet;

/// <summary>How a fleet connects and works.</summary>
public sealed record MeterFleetOptions
{
    /// <summary>Where signatures are to hold.</summary>
    public required SigningDomain Domain { get; init; }

    /// <summary>How each meter connects: host, port, client id, user name and password.</summary>
    public required Func<VirtualMeter, MqttClientOptions> Connection { get; init; }

    /// <summary>How many boundaries are read and signed ahead on worker threads, 0 or more. Default 8; 0 reads each one when it is published.</summary>
    public int SignAhead { get; init; } = 8;

    /// <summary>The first boundary that will be published. Default 0.</summary>
    public int FirstBoundary { get; init; }

    /// <summary>How many connections are opened at once. Default 16.</summary>
    public int ConnectConcurrency { get; init; } = 16;

    /// <summary>How often a lost connection is tried again for one reading before its failure is the caller's. Default 8.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>Readings kept in memory for a meter that was taken off line, 1 or more; the oldest are dropped beyond it. Default 672, a week of quarter hours.</summary>
    public int BacklogLimit { get; init; } = 672;

    /// <summary>The address of the community's key, whose permits the meters obey; null for meters without a relay. Default: null.</summary>
    public Busbar.Cryptography.Address? Community { get; init; }

    /// <summary>
    /// The registers of a meter now, by its place in the fleet, asked when its time moves on; null for meters that obey no orders to
    /// deliver. Default: null.
    /// </summary>
    public Func<int, Registers>? Registers { get; init; }

    /// <summary>Told of each reading that the node refuses; called on a connection's loop, concurrently. Default: nobody.</summary>
    public Action<VirtualMeter, Protocol.RefusalNotice>? Refused { get; init; }
}
