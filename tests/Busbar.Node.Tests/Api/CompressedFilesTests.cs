using System.IO.Compression;
using System.Net;
using System.Text;
using Busbar.Node.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Tests.Api;

/// <summary>The page's files as the build laid them down, over a real socket.</summary>
public sealed class CompressedFilesTests : IAsyncLifetime
{
    private static readonly string Script = string.Concat(Enumerable.Repeat("export const watts = 230;\n", 40));

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-page-").FullName;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private WebApplication? _app;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "assets"));
        Write("index.html", "<!doctype html><title>the page</title>", (".gz", output => new GZipStream(output, CompressionLevel.Optimal)));
        Write(
            "assets/main-1.js",
            Script,
            (".br", output => new BrotliStream(output, CompressionLevel.Optimal)),
            (".gz", output => new GZipStream(output, CompressionLevel.Optimal)));
        Write("assets/plain-1.js", "1");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddProblemDetails();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        Routes.UseFrame(_app, _folder, new(https: null));
        await _app.StartAsync();
        _client.BaseAddress = new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.1, gzip;q=0.9", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity", null)]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    [InlineData("br;q=no", null)]
    [InlineData(",;,=", null)]
    public async Task Script_EncodingsTaken_SmallestOfThemServed(string accepted, string? coding)
    {
        using var answer = await AskAsync("/assets/main-1.js", accepted);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
        Assert.Equal(Script, await TextAsync(answer, coding));
    }

    [Fact]
    public async Task Script_EachForm_HasATagOfItsOwn()
    {
        var tags = new List<string>();
        foreach (var accepted in new[] { "br", "gzip", "identity" })
        {
            using var answer = await AskAsync("/assets/main-1.js", accepted);
            tags.Add(answer.Headers.ETag!.Tag);
        }

        Assert.Equal(3, tags.Distinct(StringComparer.Ordinal).Count());
        using var known = await AskAsync("/assets/main-1.js", "br", tags[0]);
        using var other = await AskAsync("/assets/main-1.js", "gzip", tags[0]);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal("Accept-Encoding", Assert.Single(known.Headers.Vary));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Page_OnlyOneFormThere_ThatServedAsThePage()
    {
        using var answer = await AskAsync("/", "br, gzip");

        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", answer.Headers.GetValues("Cache-Control").Single());
        Assert.Contains("the page", await TextAsync(answer, "gzip"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_WithoutForms_ServedAsItIs()
    {
        using var answer = await AskAsync("/assets/plain-1.js", "br, gzip");

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Empty(answer.Headers.Vary);
        Assert.Equal("1", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/assets/main-1.js.br")]
    [InlineData("/assets/main-1.js.GZ")]
    [InlineData("/index.html.gz")]
    public async Task Form_AskedForByItsOwnName_NotFound(string path)
    {
        using var answer = await AskAsync(path, "br, gzip");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Script_Head_TellsTheFormsLength()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/assets/main-1.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        using var answer = await _client.SendAsync(request);

        Assert.Equal("br", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Equal(new FileInfo(Path.Combine(_folder, "assets", "main-1.js.br")).Length, answer.Content.Headers.ContentLength);
    }

    private void Write(string name, string text, params IReadOnlyList<(string Suffix, Func<Stream, Stream> Packing)> forms)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        foreach (var (suffix, packing) in forms)
        {
            using var packed = packing(File.Create(path + suffix));
            packed.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string accepted, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await _client.SendAsync(request);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer, string? coding)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = coding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync();
    }
}
