namespace Busbar.Bench.Ingest;

/// <summary>What the load's process is asked to do.</summary>
/// <param name="Port">The server's port on this machine.</param>
/// <param name="Connections">How many meters connect.</param>
/// <param name="Window">Messages of one connection that may wait for their acknowledgement.</param>
internal sealed record LoadOrder(int Port, int Connections, int Window)
{
    /// <summary>Before what is measured.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>How long is measured; a load of <see cref="Readings"/> ends with them.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>Messages a second over all connections; as many as the windows allow when null.</summary>
    public int? PerSecond { get; init; }

    /// <summary>The device token of each meter; those of <see cref="LoadMeter.Tokens"/> when null.</summary>
    public IReadOnlyList<string>? Tokens { get; init; }

    /// <summary>Readings that each meter sends, signed before the load begins; without end and unsigned when null.</summary>
    public SignedReadings? Readings { get; init; }
}

/// <summary>The readings that each meter signs.</summary>
/// <param name="First">The number of the first one, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="StartSeconds">The instant of number 0, Unix seconds; each next one is a quarter of an hour later.</param>
/// <param name="ChainId">The signing domain's chain.</param>
/// <param name="Meters">The signing domain's contract.</param>
internal sealed record SignedReadings(int First, int Count, long StartSeconds, ulong ChainId, string Meters);

/// <summary>What the load's process saw.</summary>
/// <param name="Acknowledged">Acknowledgements within the measured time.</param>
/// <param name="Seconds">The measured time.</param>
/// <param name="P50">Milliseconds from sending to acknowledgement, median.</param>
/// <param name="P99">The same for 99 of a hundred.</param>
/// <param name="All">Acknowledgements of the whole run, warm-up and end included.</param>
internal sealed record LoadReport(long Acknowledged, double Seconds, double P50, double P99, long All)
{
    public double PerSecond => Acknowledged / Seconds;
}
