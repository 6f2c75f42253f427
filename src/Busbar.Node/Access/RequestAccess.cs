using System.Collections.Frozen;
using System.Reflection;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <summary>What the gate found out about a request; handlers take it as a parameter.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Grant">How far this endpoint is theirs; never <see cref="Grant.None"/> in a handler.</param>
/// <param name="Session">The session that the caller came with; null for one who has none.</param>
/// <param name="Own">
/// The premises that count as the caller's own here: those where it is a guest only if guests may use the endpoint.
/// </param>
internal sealed record RequestAccess(Caller Caller, Grant Grant, SessionHandle? Session, FrozenSet<PremisesId> Own)
{
    /// <summary>Whether what belongs to a premises may be shown.</summary>
    public bool Covers(PremisesId premises) => Grant == Grant.All || (Grant == Grant.Own && Own.Contains(premises));

    /// <summary>How minimal APIs bind it.</summary>
    public static ValueTask<RequestAccess?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<RequestAccess>());
}

/// <summary>A session as the gate needs it.</summary>
/// <param name="Id">Names the session in the store; no secret.</param>
/// <param name="Csrf">What an unsafe request must carry in <c>X-Busbar-Csrf</c>.</param>
internal sealed record SessionHandle(string Id, string Csrf);
