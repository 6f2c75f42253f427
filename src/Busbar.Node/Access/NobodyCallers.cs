using Busbar.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <summary>Knows nobody: for a node without accounts.</summary>
internal sealed class NobodyCallers : ICallerSource
{
    public ValueTask<(Caller Caller, SessionHandle? Session)> OfAsync(HttpContext context, CancellationToken cancellation) =>
        ValueTask.FromResult<(Caller, SessionHandle?)>((Caller.Nobody, null));
}
