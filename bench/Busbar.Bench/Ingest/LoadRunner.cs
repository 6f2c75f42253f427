using Busbar.Bench.Running;

namespace Busbar.Bench.Ingest;

/// <summary>The benchmark's side of the load's process.</summary>
internal sealed class LoadRunner : IAsyncDisposable
{
    private readonly ChildProcess _child = ChildProcess.Start(LoadChild.Kind);

    /// <summary>Connects; the load waits for <see cref="GoAsync"/>.</summary>
    public async Task PrepareAsync(LoadOrder order, CancellationToken cancellation)
    {
        await _child.TellAsync(order, cancellation);
        if (await _child.HearAsync<string>(cancellation) != "ready")
            throw new InvalidOperationException("the load's process is not ready");
    }

    public async Task<LoadReport> GoAsync(CancellationToken cancellation)
    {
        await _child.TellAsync("go", cancellation);
        return await _child.HearAsync<LoadReport>(cancellation);
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
