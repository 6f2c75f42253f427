using System.Collections.Frozen;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using Busbar.Domain.Access;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>Says of every operation how it refuses, what its parameters are, and what its bodies look like.</summary>
internal static class ApiOperations
{
    private const string Json = "application/json";

    private static readonly FrozenSet<string> HereBeforeTheSetUp = ["community.read", "setup.read", "setup.start"];

    public static async Task RefineAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var row = metadata.OfType<AccessRow>().Last();
        var document = context.Document!;
        operation.Summary ??= metadata.OfType<MethodInfo>().FirstOrDefault()?.GetCustomAttribute<DescriptionAttribute>()?.Description;
        operation.Description = Access(row);
        if (row.Endpoint == "rpc")
        {
            RpcSchemas.Complete(operation, document);
            return;
        }

        ParameterForms.Refine(operation, context);
        foreach (var response in context.Description.SupportedResponseTypes)
        {
            if (operation.Responses![response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture)] is OpenApiResponse found)
                Complete(found, response.Type, metadata);
        }

        if (metadata.OfType<IAcceptsMetadata>().LastOrDefault() is { RequestType: { } type }
            && operation.RequestBody is OpenApiRequestBody { Content: { } content } body && content.TryGetValue(Json, out var taken))
        {
            body.Required = true;
            taken.Example = Examples.Of(type);
        }

        if (metadata.OfType<Taken>().LastOrDefault() is { } own)
        {
            document.AddComponent(own.Body.Name, await context.GetOrCreateSchemaAsync(own.Body, null, cancellation));
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = own.MediaTypes.ToDictionary(
                    media => media,
                    media => new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(own.Body.Name, document),
                        Example = media == Json ? Examples.Of(own.Body) : null,
                    },
                    StringComparer.Ordinal),
            };
        }

        if (metadata.OfType<Streamed>().LastOrDefault() is { } streamed)
        {
            var events = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = streamed.Text },
                Example = JsonValue.Create(streamed.Example),
            };
            operation.Responses!["200"] = new OpenApiResponse
            {
                Description = "OK",
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [streamed.MediaType] = events },
            };
        }

        foreach (var group in Refused(operation, context, row).DistinctBy(one => one.Code, StringComparer.Ordinal).GroupBy(one => one.Status).OrderBy(group => group.Key))
        {
            operation.Responses![group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] =
                ProblemSchema.Refer(group.Key, [.. group], document);
        }
    }

    private static void Complete(OpenApiResponse response, Type? type, IList<object> metadata)
    {
        response.Description = "OK";
        if (response.Content is not { } content || type is null || type == typeof(void))
            return;
        if (content.TryGetValue(Json, out var given))
            given.Example = metadata.OfType<OwnExample>().LastOrDefault() is { } own
                ? JsonNode.Parse(own.Make().GetRawText())
                : Examples.Of(type);
    }

    private static string Access(AccessRow row) => row.Anyone == Grant.All
        ? $"Row `{row.Endpoint}` of the access table: for everybody."
        : $"Row `{row.Endpoint}` of the access table: for "
            + string.Join(", ", Enum.GetValues<Role>().Where(role => row[role] != Grant.None)
                .Select(role => row[role] == Grant.Own ? $"{role} (its own)" : role.ToString())) + ".";

    private static IEnumerable<ProblemCode> Refused(OpenApiOperation operation, OpenApiOperationTransformerContext context, AccessRow row)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isSafe = HttpMethods.IsGet(context.Description.HttpMethod!);
        var codes = new List<string>();
        if (row.Anyone == Grant.None)
            codes.AddRange(row.Account == Grant.None ? ["SignInFirst", "NotAllowed"] : ["SignInFirst"]);
        if (!isSafe && !row.IgnoresSession)
            codes.AddRange(["ForeignOrigin", "CsrfToken", "NotByHttp"]);
        if (metadata.OfType<IAcceptsMetadata>().Any(one => one.RequestType is not null))
        {
            var isChecked = metadata.OfType<IAcceptsMetadata>().Last().RequestType!.IsAssignableTo(typeof(IRequestForm));
            codes.AddRange(isChecked ? ["MalformedBody", "InvalidField"] : ["BadRequest"]);
            codes.AddRange(["Oversized", "NotJson"]);
        }

        if (operation.Parameters?.Any(one => one.Schema?.Type?.HasFlag(JsonSchemaType.Integer) == true) == true)
            codes.Add("BadRequest");
        codes.AddRange(["WrongHost", "NodeFault"]);
        if (!HereBeforeTheSetUp.Contains(row.Endpoint))
            codes.Add("NotSetUp");
        return [.. metadata.OfType<Refusals>().SelectMany(one => one.Codes), .. codes.Select(code => ProblemCodes.All[code])];
    }
}

/// <summary>An answer that is no JSON object: what it is, and an example.</summary>
internal sealed record Streamed(string MediaType, string Text, string Example);

/// <summary>A body that the handler reads itself.</summary>
internal sealed record Taken(Type Body, params string[] MediaTypes);

/// <summary>The example of an answer whose type does not tell what is in it.</summary>
internal sealed record OwnExample(Func<System.Text.Json.JsonElement> Make);
