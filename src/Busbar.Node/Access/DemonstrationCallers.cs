using Busbar.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <summary>Shows a demonstration to everybody as an auditor sees it: what it holds is invented.</summary>
internal sealed class DemonstrationCallers(ICallerSource callers) : ICallerSource
{
    public async ValueTask<(Caller Caller, SessionHandle? Session)> OfAsync(HttpContext context, CancellationToken cancellation)
    {
        var (caller, session) = await callers.OfAsync(context, cancellation);
        return (caller with { Roles = [.. caller.Roles, Role.Auditor] }, session);
    }
}
