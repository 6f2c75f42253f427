using System.Collections.Concurrent;
using Busbar.Ledger.Journal;

namespace Busbar.Store.Sqlite;

/// <summary>Connections that only read, beside the writer, each seeing the file as it was when its reading began.</summary>
internal sealed class ReaderPool(string file, int size) : IDisposable
{
    private readonly SemaphoreSlim _places = new(size, size);
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    /// <summary>Reads in one snapshot. Short work runs on the caller's thread.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            if (!_idle.TryTake(out var session))
                session = SqliteSession.OpenReader(file);
            try
            {
                session.Prepare("BEGIN").Run();
                var result = read(session);
                session.Prepare("COMMIT").Run();
                _idle.Add(session);
                return result;
            }
            catch
            {
                // A connection that failed is not asked again.
                session.Dispose();
                throw;
            }
        }
        catch (InvalidDataException damaged)
        {
            throw new StoreException($"a row of {file} is damaged: {damaged.Message}. Restore a backup", isTransient: false, damaged);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
            session.Dispose();
        _places.Dispose();
    }
}
