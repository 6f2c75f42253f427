namespace Busbar.Node.Microgrids;

/// <summary>What a microgrid has seen since the node was started. Written by its actor, read by anyone.</summary>
internal sealed class MicrogridCounts
{
    private long _accepted;
    private long _repeated;
    private long _refused;
    private long _closed;
    private long _corrected;

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Repeated => Interlocked.Read(ref _repeated);

    public long Refused => Interlocked.Read(ref _refused);

    public long Closed => Interlocked.Read(ref _closed);

    public long Corrected => Interlocked.Read(ref _corrected);

    public void Add(MicrogridBatch batch)
    {
        Interlocked.Add(ref _accepted, batch.Accepted.Count);
        Interlocked.Add(ref _repeated, batch.RepeatedCount);
        Interlocked.Add(ref _refused, batch.Notices.Count);
        var first = batch.Closed.Count(closed => closed.Version == 1);
        Interlocked.Add(ref _closed, first);
        Interlocked.Add(ref _corrected, batch.Closed.Count - first);
    }
}
