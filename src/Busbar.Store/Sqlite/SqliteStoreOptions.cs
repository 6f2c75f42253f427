using Busbar.Store.Notifications;

namespace Busbar.Store.Sqlite;

/// <summary>How a store on SQLite behaves. The defaults suit a small computer.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>How many appends may wait for the disk; further ones wait for a place. 1 to 65,536; 1,024 by default.</summary>
    public int QueueLength { get; init; } = 1024;

    /// <summary>When a group commit is closed even though more appends wait, in bytes of records. 4 MiB by default.</summary>
    public int GroupBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many refused messages are kept; beyond it the oldest go, and are counted. 100,000 by default.</summary>
    public int QuarantineLimit { get; init; } = 100_000;

    /// <summary>How many readers work at the same time; further ones wait. 1 to 64; 4 by default.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Page cache of the writer in bytes. 32 MiB by default.</summary>
    public int CacheBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Size of the write-ahead log at which it is moved into the database. 32 MiB by default.</summary>
    public int WalBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many notifications may wait, and how long they are kept.</summary>
    public NotificationBounds Notifications { get; init; } = new();

    /// <summary>The most pages that the file may have, so that tests can fill a disk.</summary>
    internal int? MaximumPages { get; init; }

    internal void Validate()
    {
        Within(QueueLength, 1, 65_536, nameof(QueueLength));
        Within(GroupBytes, 4096, 256 * 1024 * 1024, nameof(GroupBytes));
        Within(QuarantineLimit, 1, 100_000_000, nameof(QuarantineLimit));
        Within(Readers, 1, 64, nameof(Readers));
        Within(CacheBytes, 1024 * 1024, int.MaxValue, nameof(CacheBytes));
        Within(WalBytes, 1024 * 1024, 1024 * 1024 * 1024, nameof(WalBytes));
        Notifications.Validate();
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"must be {least} to {most}");
    }
}
