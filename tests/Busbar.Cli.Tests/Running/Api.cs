using System.Text.Json;

namespace Busbar.Cli.Tests.Running;

/// <summary>Asks a node what it shows.</summary>
internal sealed class Api(string page) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { BaseAddress = new(page) };

    public Task<byte[]> BytesAsync(string path) => _http.GetByteArrayAsync(path);

    public async Task<JsonElement[]> ListAsync(string path)
    {
        using var document = JsonDocument.Parse(await BytesAsync(path));
        return [.. document.RootElement.EnumerateArray().Select(element => element.Clone())];
    }

    /// <summary>Asks again and again until the answer is as wanted.</summary>
    public async Task<JsonElement[]> WaitForAsync(string path, Func<JsonElement[], bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var list = await ListAsync(path);
            if (wanted(list))
                return list;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{path} does not come to what is wanted: {JsonSerializer.Serialize(list)}");
            await Task.Delay(Pause);
        }
    }

    public void Dispose() => _http.Dispose();
}
