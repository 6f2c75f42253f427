namespace Busbar.Ledger.Journal;

/// <summary>The store failed: its disk, its file or its server.</summary>
public class StoreException : Exception
{
    /// <summary>A failure, told so that a person knows what to do.</summary>
    /// <param name="message">What happened, what was not done, and what to do.</param>
    /// <param name="isTransient">Whether the same call may succeed later.</param>
    /// <param name="inner">The cause.</param>
    public StoreException(string message, bool isTransient, Exception? inner = null)
        : base(message, inner) => IsTransient = isTransient;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; }
}

/// <summary>A journal has another owner by now; the late one may write nothing.</summary>
public sealed class JournalFencedException : StoreException
{
    /// <summary>Tells the epochs.</summary>
    public JournalFencedException(JournalName journal, long epoch, long current)
        : base($"journal {journal} has been taken over (epoch {epoch}, now {current}); nothing was written", isTransient: false)
    {
    }
}

/// <summary>A record on disk is not what was written.</summary>
public sealed class JournalDamagedException : StoreException
{
    /// <summary>Tells where.</summary>
    public JournalDamagedException(JournalName journal, long position, string detail, Exception? inner = null)
        : base($"journal {journal} is damaged from record {position} on: {detail}", isTransient: false, inner)
    {
        Journal = journal;
        Position = position;
    }

    /// <summary>Which journal.</summary>
    public JournalName Journal { get; }

    /// <summary>The first record that cannot be trusted.</summary>
    public long Position { get; }
}
