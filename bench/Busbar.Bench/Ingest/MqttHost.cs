using Busbar.Mqtt.Server;
using Busbar.Node.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Busbar.Bench.Ingest;

/// <summary>The node's MQTT door on any free port, with any sink behind it.</summary>
internal sealed class MqttHost : IAsyncDisposable, IMqttConnectionEvents
{
    private readonly WebApplication _app;
    private readonly MqttServer _mqtt;

    private MqttHost(IPublishSink sink)
    {
        // How fast one connection may publish is what a deployment decides; here it is what is measured.
        var options = new MqttServerOptions { Port = 0, MaxPublishesPerSecond = 0 };
        _mqtt = new MqttServer(
            options, new MeterAuthenticator(LoadMeter.Tokens), sink, this, TimeProvider.System, NullLogger<MqttServer>.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_mqtt);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMqtt(options));
        _app = builder.Build();
    }

    public int Port { get; private set; }

    public static async Task<MqttHost> StartAsync(IPublishSink sink, CancellationToken cancellation)
    {
        var host = new MqttHost(sink);
        await host._app.StartAsync(cancellation);
        var addresses = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        host.Port = new Uri(addresses.Single()).Port;
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _mqtt.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    void IMqttConnectionEvents.Connected(MqttClientInfo client)
    {
    }

    void IMqttConnectionEvents.Disconnected(MqttClientInfo client, MqttCloseReason reason)
    {
    }
}
