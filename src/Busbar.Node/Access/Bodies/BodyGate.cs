using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access.Bodies;

/// <summary>Answers a refused body before its handler runs.</summary>
internal static class BodyGate
{
    public static ValueTask<object?> RequireAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is IBodyOutcome { Refused: { } refused })
                return ValueTask.FromResult<object?>(refused);
        }

        return next(context);
    }
}
