using Busbar.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <summary>Tells who makes a request.</summary>
internal interface ICallerSource
{
    /// <summary>The caller with the session, or nobody; never throws for what a request carries.</summary>
    ValueTask<(Caller Caller, SessionHandle? Session)> OfAsync(HttpContext context, CancellationToken cancellation);
}
