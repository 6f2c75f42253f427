using System.Text;
using Busbar.Device.Protocol;
using Busbar.Mqtt;

namespace Busbar.Node.Tests.Testing;

/// <summary>A meter's MQTT connection to a node, listening for refusals.</summary>
public sealed class TestConnection : IAsyncDisposable
{
    /// <summary>Far longer than anything here takes: a test that waits so long has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestMeter _meter;
    private readonly TestCommunity _community;

    private TestConnection(TestMeter meter, TestCommunity community, MqttClient client)
    {
        (_meter, _community) = (meter, community);
        Client = client;
    }

    public MqttClient Client { get; }

    public static async Task<TestConnection> OpenAsync(TestMeter meter, TestCommunity community)
    {
        var client = await MqttClient.ConnectAsync(OptionsFor(meter, community), TimeProvider.System);
        var codes = await client.SubscribeAsync([new(meter.Topic("refused"), MqttQos.AtLeastOnce)]);
        Assert.Equal([MqttSubscribeCode.GrantedAtLeastOnce], codes);
        return new(meter, community, client);
    }

    public static MqttClientOptions OptionsFor(TestMeter meter, TestCommunity community) => new()
    {
        Port = community.Node.MqttPort,
        ClientId = meter.Name,
        UserName = meter.Id.ToString(),
        Password = Encoding.ASCII.GetBytes(community.Node.Tokens.For(meter.Id)),
        AnswerTimeout = Patience,
    };

    /// <summary>Publishes a payload as a reading and waits for its acknowledgement.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> payload) =>
        Client.PublishAsync(_meter.Topic("reading"), payload).WaitAsync(Patience);

    /// <summary>Reads at a boundary, publishes, and waits for the acknowledgement.</summary>
    public Task ReadAsync(int boundary) => SendAsync(_meter.Seal(_meter.Read(boundary), _community.Domain));

    /// <summary>Waits for the next refusal.</summary>
    public async Task<RefusalNotice> RefusalAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        var message = await Client.Messages.ReadAsync(late.Token);
        Assert.Equal(_meter.Topic("refused"), message.Topic);
        return RefusalNotice.TryDecode(message.Payload.Span) ?? throw new InvalidOperationException("the notice is none");
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
