using System.Text;

namespace Busbar.Cli.Tests.Browser;

/// <summary>Everything that the live stream tells somebody, letter for letter.</summary>
internal sealed class LiveText : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly StreamReader _reader;
    private readonly StringBuilder _heard = new();

    private LiveText(HttpClient http, StreamReader reader) => (_http, _reader) = (http, reader);

    /// <summary>What came so far.</summary>
    public string Heard => _heard.ToString();

    /// <summary>Listens as somebody with this cookie, or as nobody in particular.</summary>
    public static async Task<LiveText> OpenAsync(Uri page, string? cookie)
    {
        var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = page };
        if (cookie is not null)
            http.DefaultRequestHeaders.Add("Cookie", cookie);
        return new(http, new(await http.GetStreamAsync("api/v1/live")));
    }

    /// <summary>Reads on to the end of the frame that has a text.</summary>
    public async Task HearAsync(string text)
    {
        using var late = new CancellationTokenSource(Patience);
        var found = false;
        while (!found || Heard is not [.., '\n', '\n'])
        {
            var line = await _reader.ReadLineAsync(late.Token) ?? throw new InvalidOperationException($"the stream ended without {text}:\n{Heard}");
            _heard.Append(line).Append('\n');
            found |= line.Contains(text, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _http.Dispose();
    }
}
