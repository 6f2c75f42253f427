using Busbar.Cryptography;
using Busbar.Device.Buffer;
using Busbar.Device.Link;
using Busbar.Domain.Metering;

namespace Busbar.Device.Meters;

/// <summary>How a meter works.</summary>
public sealed record MeterDeviceOptions
{
    /// <summary>The meter's own folder: key, state and buffer. Made when it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>The password of the keystore, from a file or the environment.</summary>
    public required string Password { get; init; }

    /// <summary>What guessing the password of a new keystore costs. Default <see cref="KeystoreCost.Light"/>.</summary>
    public KeystoreCost KeystoreCost { get; init; } = KeystoreCost.Light;

    /// <summary>Where signatures are to hold.</summary>
    public required SigningDomain Domain { get; init; }

    /// <summary>The address of the key that signs the community's permits; null when none is known, and then no permit is believed.</summary>
    public Address? Community { get; init; }

    /// <summary>keccak-256 of the firmware's image.</summary>
    public required Hash256 Firmware { get; init; }

    /// <summary>The community's interval. Default 15 minutes.</summary>
    public IntervalLength Length { get; init; } = IntervalLength.Default;

    /// <summary>The link, made when the meter's id is known.</summary>
    public required Func<MeterId, MeterLinkOptions> Link { get; init; }

    /// <summary>How often power is sampled, above 0. Default 1 s.</summary>
    public TimeSpan SamplePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often telemetry is sent while the link is up, above 0. Default 5 s.</summary>
    public TimeSpan TelemetryPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often registers are saved between readings, above 0: what a power cut may cost. Default 1 minute.</summary>
    public TimeSpan SavePeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the machine's clock is right, by a battery or by network time. Default true; else the meter waits for the node's time.</summary>
    public bool OwnClockIsTrusted { get; init; } = true;

    /// <summary>Readings kept while the link is down, 672 or more. Default 35 days of quarter hours.</summary>
    public int BufferCapacity { get; init; } = ReadingBuffer.DefaultCapacity;
}
