using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Busbar.Node.Access.Bodies;

/// <summary>
/// A JSON body as a handler's parameter: read up to its bound, with unknown, doubled and wrongly typed members refused by name. A refusal
/// is answered by <see cref="BodyGate"/> before the handler runs.
/// </summary>
internal sealed class Body<T> : IBodyOutcome, IEndpointParameterMetadataProvider
    where T : class, IRequestForm
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        AllowDuplicateProperties = false,
        MaxDepth = Body.MostDepth,
    };

    private readonly T? _form;

    private Body(T? form, AccessRefused? refused) => (_form, Refused) = (form, refused);

    /// <summary>The form, checked.</summary>
    public T Form => _form ?? throw new InvalidOperationException("the body was refused");

    public AccessRefused? Refused { get; }

    public static async ValueTask<Body<T>> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            return Refuse(StatusCodes.Status415UnsupportedMediaType, "NotJson", "the body must be application/json");
        if (context.Request.ContentLength > T.MostBytes)
            return TooLarge();
        var bytes = new byte[T.MostBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
        return length > T.MostBytes ? TooLarge() : Read(bytes.AsSpan(0, length));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
    }

    internal static Body<T> Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return !Body.IsText(bytes) || JsonSerializer.Deserialize<T>(bytes, Json) is not { } form
                ? Refuse(StatusCodes.Status400BadRequest, "MalformedBody", "the body must be a JSON object")
                : form.Check() is { } refused ? new(null, refused) : new(form, null);
        }
        catch (JsonException fault)
        {
            return Refuse(StatusCodes.Status400BadRequest, "MalformedBody", Body.Malformed(fault));
        }
    }

    private static Body<T> TooLarge() =>
        Refuse(StatusCodes.Status413PayloadTooLarge, "Oversized", $"this body may have at most {T.MostBytes} bytes");

    private static Body<T> Refuse(int status, string code, string detail) => new(null, new AccessRefused(status, code, detail));
}

/// <summary>What is said of bodies, whatever their form.</summary>
internal static class Body
{
    /// <summary>How deep a body may be nested.</summary>
    public const int MostDepth = 16;

    /// <summary>What is wrong with a body: the path names the member; the exception's own text would name types of this program.</summary>
    public static string Malformed(JsonException fault)
    {
        var where = string.IsNullOrEmpty(fault.Path) || fault.Path == "$" ? "" : $" at {fault.Path[..Math.Min(fault.Path.Length, 80)]}";
        return $"the body is not the JSON that is expected here{where}: a member is unknown, doubled or of a wrong type, or it is no JSON";
    }

    /// <summary>False when a text has half a character of UTF-16 by an escape: JSON allows that, and nobody can read it (RFC 8259, 8.2).</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                    _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>A body's refusal, whatever its form.</summary>
internal interface IBodyOutcome
{
    /// <summary>Why the body was refused; null when it was taken.</summary>
    AccessRefused? Refused { get; }
}
