using System.Net.Http.Json;
using System.Text.Json;

namespace Busbar.Cli.Tests.Running;

/// <summary>Asks a node what it shows.</summary>
internal sealed class Api(string page) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { BaseAddress = new(page) };

    /// <summary>Makes the first operator's account with its code, or signs in when it was made before.</summary>
    public async Task SignInAsync(string? code)
    {
        const string name = "operator";
        const string password = "a long password for the page";
        using var answer = code is null
            ? await _http.PostAsJsonAsync("/api/v1/session/password", new { name, password })
            : await _http.PostAsJsonAsync("/api/v1/accounts", new { invitation = code, name, password });
        answer.EnsureSuccessStatusCode();
    }

    public Task<byte[]> BytesAsync(string path) => _http.GetByteArrayAsync(path);

    public async Task<JsonElement[]> ListAsync(string path)
    {
        using var document = JsonDocument.Parse(await BytesAsync(path));
        var list = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement : document.RootElement.GetProperty("items");
        return [.. list.EnumerateArray().Select(element => element.Clone())];
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
