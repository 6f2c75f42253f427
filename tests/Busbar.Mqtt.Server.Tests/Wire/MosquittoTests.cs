using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Busbar.Mqtt.Server.Tests.Wire;

/// <summary>Against programs that others wrote: their client with our server, our client with their server.</summary>
public sealed class MosquittoTests
{
    [MosquittoFact]
    public async Task Server_TheirPublisher_AcknowledgedAndRouted()
    {
        await using var server = await KestrelServer.StartAsync();
        await using var subscriber = await MqttClient.ConnectAsync(server.ClientOptions("s"), TimeProvider.System);
        await subscriber.SubscribeAsync([new("t/#")]);

        await RunAsync("mosquitto_pub", "-V", "mqttv311", "-p", $"{server.Port}", "-q", "1", "-t", "t/1", "-m", "hello", "-r", "-u", "me", "-P", "word");

        var message = await subscriber.Messages.ReadAsync().AsTask().WaitAsync(Harness.Patience);
        Assert.Equal(("t/1", "hello", MqttQos.AtLeastOnce), (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.Qos));
        Assert.Equal(1, server.Harness.Server.Statistics.Retained);
    }

    [MosquittoFact]
    public async Task Server_TheirSubscriber_GetsRetainedAndLive()
    {
        await using var server = await KestrelServer.StartAsync();
        server.Harness.Server.Publish("t/kept", "first"u8, MqttQos.AtLeastOnce, retain: true);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(
            new MqttAuthentication.Accepted(new TestPrincipal("p") { Subscribing = _ => asked.TrySetResult() || true }));
        var hearing = RunAsync("mosquitto_sub", "-V", "mqttv311", "-p", $"{server.Port}", "-q", "1", "-t", "t/+", "-C", "2", "-v", "-i", "them", "-c");
        await asked.Task.WaitAsync(Harness.Patience);
        // The right was asked for; the subscription itself is a moment away.
        while (server.Harness.Server.Publish("t/live", "second"u8, MqttQos.AtLeastOnce) == 0)
            await Task.Yield();

        Assert.Equal("t/kept first\nt/live second\n", await hearing);
    }

    [MosquittoFact]
    public async Task Server_TheirClientWithTheWrongPassword_IsToldSo()
    {
        await using var server = await KestrelServer.StartAsync();
        server.Harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(new MqttAuthentication.Refused(MqttConnectCode.BadCredentials, "test"));

        var said = await RunAsync("mosquitto_pub", "-V", "mqttv311", "-p", $"{server.Port}", "-t", "a", "-m", "b");

        Assert.Contains("user name or password", said, StringComparison.OrdinalIgnoreCase);
    }

    [MosquittoFact]
    public async Task Client_TheirBroker_PublishesSubscribesAndGoesOn()
    {
        await using var broker = await Broker.StartAsync();
        var options = new MqttClientOptions { Port = broker.Port, ClientId = "ours", CleanSession = false, KeepAlive = TimeSpan.FromSeconds(5) };
        await using (var client = await MqttClient.ConnectAsync(options, TimeProvider.System))
        {
            Assert.False(client.SessionPresent);
            await client.SubscribeAsync([new("t/#"), new("u/+", MqttQos.AtMostOnce)]);
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.PublishAsync("t/1", Encoding.UTF8.GetBytes($"{i}")))).WaitAsync(Harness.Patience);
            for (var i = 0; i < 200; i++)
                Assert.Equal($"{i}", Encoding.UTF8.GetString((await client.Messages.ReadAsync().AsTask().WaitAsync(Harness.Patience)).Payload.Span));
            await client.UnsubscribeAsync(["u/+"]);
        }

        await using (var other = await MqttClient.ConnectAsync(options with { ClientId = "other", CleanSession = true }, TimeProvider.System))
            await other.PublishAsync("t/2", "while away"u8.ToArray()).WaitAsync(Harness.Patience);
        await using var again = await MqttClient.ConnectAsync(options, TimeProvider.System);

        Assert.True(again.SessionPresent);
        Assert.Equal("t/2", (await again.Messages.ReadAsync().AsTask().WaitAsync(Harness.Patience)).Topic);
    }

    [MosquittoFact]
    public async Task Client_TheirBrokerDies_EndedAndWillWasRegistered()
    {
        await using var broker = await Broker.StartAsync();
        var options = new MqttClientOptions { Port = broker.Port, ClientId = "ours", Will = new MqttWill("w", "gone"u8.ToArray(), MqttQos.AtLeastOnce) };
        await using var watcher = await MqttClient.ConnectAsync(options with { ClientId = "watcher", Will = null }, TimeProvider.System);
        await watcher.SubscribeAsync([new("w")]);
        await using var first = await MqttClient.ConnectAsync(options, TimeProvider.System);
        await using var second = await MqttClient.ConnectAsync(options, TimeProvider.System);
        Assert.Equal("w", (await watcher.Messages.ReadAsync().AsTask().WaitAsync(Harness.Patience)).Topic);

        await broker.DisposeAsync();

        Assert.NotEqual(MqttDisconnectReason.Closed, (await second.Ended.WaitAsync(Harness.Patience)).Reason);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Harness.Patience);
            return string.Concat(said);
        }
        finally
        {
            process.Kill();
        }
    }

    private sealed class Broker(Process process, int port, string configuration) : IAsyncDisposable
    {
        public int Port => port;

        public static async Task<Broker> StartAsync()
        {
            var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var configuration = Path.GetTempFileName();
            await File.WriteAllTextAsync(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\n");
            var process = Process.Start(new ProcessStartInfo(MosquittoFactAttribute.Broker!, ["-c", configuration]) { UseShellExecute = false, RedirectStandardError = true })!;
            // The broker says "running" when it listens; its standard error is read on so that it never blocks.
            while (await process.StandardError.ReadLineAsync().WaitAsync(Harness.Patience) is { } line && !line.Contains("running", StringComparison.Ordinal))
            {
            }

            _ = process.StandardError.ReadToEndAsync();
            return new Broker(process, port, configuration);
        }

        public async ValueTask DisposeAsync()
        {
            if (process.HasExited)
                return;
            process.Kill();
            await process.WaitForExitAsync();
            File.Delete(configuration);
        }
    }
}

/// <summary>A fact that needs mosquitto and its clients.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MosquittoFactAttribute : FactAttribute
{
    public MosquittoFactAttribute()
    {
        if (Broker is null || Find("mosquitto_pub") is null || Find("mosquitto_sub") is null)
            Skip = "needs mosquitto, mosquitto_pub and mosquitto_sub (Debian: mosquitto, mosquitto-clients)";
    }

    public static string? Broker { get; } = Find("mosquitto");

    private static string? Find(string program) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin"
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
