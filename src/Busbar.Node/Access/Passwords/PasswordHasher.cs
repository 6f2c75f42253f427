namespace Busbar.Node.Access.Passwords;

/// <summary>
/// Hashes on half of the processors at most, with a short queue before it: whoever sends passwords in crowds is told to come again, and
/// readings go on.
/// </summary>
internal sealed class PasswordHasher(int rounds) : IDisposable
{
    private const int MostWaiting = 32;

    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly PasswordHash _nobody = PasswordHash.Make("nobody has this password", rounds);
    private int _waiting;

    /// <summary>The hash of a new password; null when too many wait.</summary>
    public Task<PasswordHash?> MakeAsync(string password, CancellationToken cancellation) =>
        RunAsync<PasswordHash?>(() => PasswordHash.Make(password, rounds), null, cancellation);

    /// <summary>
    /// Whether a password is that of a hash; null when too many wait. Without a hash it works as long and says no, so that nobody learns
    /// from the time whether a name is known.
    /// </summary>
    public Task<bool?> CheckAsync(PasswordHash? hash, string password, CancellationToken cancellation) =>
        RunAsync<bool?>(() => (hash ?? _nobody).IsOf(password) && hash is not null, null, cancellation);

    /// <summary>Whether a hash is weaker than new ones are.</summary>
    public bool IsOutdated(PasswordHash hash) => hash.Rounds < rounds;

    public void Dispose() => _places.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, T busy, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return busy;
        }

        try
        {
            await _places.WaitAsync(cancellation);
            try
            {
                return await Task.Run(work, cancellation);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
