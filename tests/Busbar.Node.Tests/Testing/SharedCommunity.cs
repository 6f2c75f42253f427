namespace Busbar.Node.Tests.Testing;

/// <summary>One community for all tests of a class, started by the first that asks, so that a skipped class starts nothing.</summary>
public abstract class SharedCommunity : IAsyncLifetime
{
    private Task<TestCommunity>? _started;

    public Task<TestCommunity> CommunityAsync() => _started ??= BeginAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // One that did not start has left nothing, and its tests have told why.
        if (_started is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }

    protected abstract Task<TestCommunity> BeginAsync();
}
