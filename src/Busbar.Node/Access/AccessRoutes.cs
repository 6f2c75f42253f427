using Busbar.Node.Access.Bodies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>All addresses of accounts, sessions, invitations and guests.</summary>
internal static class AccessRoutes
{
    /// <summary>Maps them under the API's root; needs an <see cref="AccessDesk"/> among the app's services.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Access");
        group.AddEndpointFilter(BodyGate.RequireAsync);
        SessionApi.Map(group);
        AccountApi.Map(group);
        NodeAccountsApi.Map(group);
        PasskeyApi.Map(group);
        InvitationApi.Map(group);
        GuestApi.Map(group);
    }
}
