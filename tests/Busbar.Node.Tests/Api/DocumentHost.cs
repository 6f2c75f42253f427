using Busbar.Ledger.Exploring;
using Busbar.Mqtt.Server;
using Busbar.Node.Access;
using Busbar.Node.Api;
using Busbar.Node.Community;
using Busbar.Node.Live;
using Busbar.Node.Notifications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Tests.Api;

/// <summary>The node's addresses with no node behind them: enough to have the API describe itself.</summary>
internal static class DocumentHost
{
    public static async Task<string> DocumentAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        ApiServices.Add(builder.Services);
        Absent<NodeParts>(builder.Services);
        Absent<NodeOptions>(builder.Services);
        Absent<NodeKeys>(builder.Services);
        Absent<MqttServer>(builder.Services);
        Absent<LiveFeed>(builder.Services);
        Absent<Presence>(builder.Services);
        Absent<NotificationDesk>(builder.Services);
        Absent<LedgerExplorer>(builder.Services);
        Absent<ICallerSource>(builder.Services);
        Absent<AccessDesk>(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        await using var app = builder.Build();
        Routes.Map(app, webRoot: null, new(https: null), new Nobody(), authority: null);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient();
        using var answer = await client.GetAsync($"{address}/openapi/v1.json");
        // Asked without HTTP, what is wrong is thrown and not only said to have happened.
        if (!answer.IsSuccessStatusCode)
            await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        return await answer.Content.ReadAsStringAsync();
    }

    private static void Absent<T>(IServiceCollection services)
        where T : class =>
        services.AddSingleton<T>(_ => throw new InvalidOperationException($"there is no {typeof(T).Name} behind the document"));

    private sealed class Nobody : ICallerSource
    {
        public ValueTask<(Domain.Access.Caller Caller, SessionHandle? Session)> OfAsync(HttpContext context, CancellationToken cancellation) =>
            ValueTask.FromResult<(Domain.Access.Caller, SessionHandle?)>((Domain.Access.Caller.Nobody, null));
    }
}
