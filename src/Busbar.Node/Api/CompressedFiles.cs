using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Busbar.Node.Api;

/// <summary>
/// Serves the page's files in the compressed forms that its build laid beside them (<c>name.br</c>, <c>name.gz</c>) to whoever takes
/// them (RFC 9110, 12.5.3). Nothing is compressed while somebody waits, and no answer that holds a secret is compressed at all.
/// Thread safe.
/// </summary>
/// <param name="files">The page's files.</param>
internal sealed class CompressedFiles(IFileProvider files) : IContentTypeProvider
{
    // The smaller form first.
    private static readonly (string Suffix, string Coding)[] Forms = [(".br", "br"), (".gz", "gzip")];

    private readonly FileExtensionContentTypeProvider _types = new();

    /// <summary>Asks the static files for the best form; before them in the line.</summary>
    public async Task ChooseAsync(HttpContext context, RequestDelegate next)
    {
        var asked = context.Request.Path;
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (!isRead || asked.Value is not { } path || !TryGetContentType(path, out _))
        {
            await next(context);
            return;
        }

        if (CodingOf(path) is not null)
        {
            // A form is no file of its own: what it is depends on the name without the suffix.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var there = Array.FindAll(Forms, form => files.GetFileInfo(path + form.Suffix).Exists);
        if (there.Length > 0 && files.GetFileInfo(path).Exists)
        {
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (Best(context.Request.Headers.AcceptEncoding, there) is { } suffix)
                context.Request.Path = path + suffix;
        }

        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Path = asked;
        }
    }

    /// <summary>Says which form an answer has.</summary>
    public static void Mark(StaticFileResponseContext prepared)
    {
        if (CodingOf(prepared.File.Name) is { } coding)
            prepared.Context.Response.Headers.ContentEncoding = coding;
    }

    /// <summary>The type of what is in the form.</summary>
    public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType) =>
        _types.TryGetContentType(CodingOf(subpath) is null ? subpath : Path.ChangeExtension(subpath, null), out contentType);

    private static string? CodingOf(string name) =>
        Array.Find(Forms, form => name.EndsWith(form.Suffix, StringComparison.OrdinalIgnoreCase)).Coding;

    private static string? Best(StringValues accepted, (string Suffix, string Coding)[] forms)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var wanted))
            return null;
        var rated = forms.Select(form => (form.Suffix, Quality: Quality(wanted, form.Coding))).Where(form => form.Quality > 0).ToArray();
        return rated.Length == 0 ? null : rated.MaxBy(form => form.Quality).Suffix;
    }

    private static double Quality(IList<StringWithQualityHeaderValue> wanted, string coding)
    {
        var named = wanted.FirstOrDefault(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            ?? wanted.FirstOrDefault(one => one.Value == "*");
        return named is null ? 0 : named.Quality ?? 1;
    }
}
