using System.Net;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node;

/// <summary>How a node is run.</summary>
public sealed record NodeOptions
{
    /// <summary>Where everything is kept; made when missing; one node at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The community.</summary>
    public required CommunityDescription Community { get; init; }

    /// <summary>The chain's EIP-155 number. Default 35303 (on no list of public chains).</summary>
    public ulong ChainId { get; init; } = 35_303;

    /// <summary>The time of the chain's first block; used when the data folder is new.</summary>
    public required Instant Genesis { get; init; }

    /// <summary>The address of page, API and MQTT. Default: loopback only.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of page and API; 0 for any free one. Default 8080.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>The port of MQTT; 0 for any free one. Default 1883.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>The clock is moved by <see cref="BusbarNode.AdvanceAsync"/> instead of going by itself.</summary>
    public Clock.SteppedClock? SteppedClock { get; init; }

    /// <summary>The clock of a node that is not stepped.</summary>
    public required IClock SystemClock { get; init; }

    /// <summary>The built app; null to serve the API alone.</summary>
    public string? WebRoot { get; init; }

    /// <summary>The engine's binary; null to find it.</summary>
    public string? EngineBinary { get; init; }

    /// <summary>Invented data: the page says so.</summary>
    public bool IsDemonstration { get; init; }
}
