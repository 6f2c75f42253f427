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
        MaxDepth = 16,
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
            return JsonSerializer.Deserialize<T>(bytes, Json) is not { } form
                ? Refuse(StatusCodes.Status400BadRequest, "MalformedBody", "the body must be a JSON object")
                : form.Check() is { } refused ? new(null, refused) : new(form, null);
        }
        catch (JsonException fault)
        {
            // The path names the member; the exception's own text would name types of this program.
            var where = string.IsNullOrEmpty(fault.Path) || fault.Path == "$" ? "" : $" at {Shortened(fault.Path)}";
            return Refuse(
                StatusCodes.Status400BadRequest,
                "MalformedBody",
                $"the body is not the JSON object that is expected here{where}: "
                + "a member is unknown, doubled or of a wrong type, or it is no JSON");
        }
    }

    private static string Shortened(string path) => path.Length <= 80 ? path : path[..80];

    private static Body<T> TooLarge() =>
        Refuse(StatusCodes.Status413PayloadTooLarge, "Oversized", $"this body may have at most {T.MostBytes} bytes");

    private static Body<T> Refuse(int status, string code, string detail) => new(null, new AccessRefused(status, code, detail));
}

/// <summary>A body's refusal, whatever its form.</summary>
internal interface IBodyOutcome
{
    /// <summary>Why the body was refused; null when it was taken.</summary>
    AccessRefused? Refused { get; }
}
