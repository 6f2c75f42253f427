using Busbar.Mqtt;

namespace Busbar.Device.Link;

/// <summary>How a meter's link connects and behaves.</summary>
public sealed record MeterLinkOptions
{
    /// <summary>Host, port, client id, user name and password; the will is the link's own.</summary>
    public required MqttClientOptions Connection { get; init; }

    /// <summary>Readings sent and not yet acknowledged, 1 to 64. Default 8.</summary>
    public int Window { get; init; } = 8;

    /// <summary>The first pause after a lost connection. Default 1 s; doubled each time, half of it at random.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts. Default 5 minutes.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Hears what happens. Default: nobody.</summary>
    public IMeterLinkObserver? Observer { get; init; }
}
