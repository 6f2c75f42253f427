using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Busbar.Mqtt.Server.Tests.Wire;

/// <summary>The server on Kestrel with a real socket on a free loopback port.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelServer(WebApplication app, Harness harness, int port)
    {
        _app = app;
        Harness = harness;
        Port = port;
    }

    public Harness Harness { get; }

    public int Port { get; }

    public MqttClientOptions ClientOptions(string clientId) => new() { Port = Port, ClientId = clientId };

    public static async Task<KestrelServer> StartAsync(MqttServerOptions? options = null)
    {
        var limits = (options ?? new MqttServerOptions()) with { Port = 0 };
        var harness = new Harness(limits);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(harness.Server);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenMqtt(limits));
        var app = builder.Build();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new KestrelServer(app, harness, new Uri(address).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
