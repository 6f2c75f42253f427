using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Mqtt.Server;
using Busbar.Node.Clock;
using Busbar.Node.Live;
using NodaTime;

namespace Busbar.Node.Tests.Live;

public sealed class PresenceTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 21, 12, 0);
    private static readonly MeterId Meter = new(Address.Parse("0x00000000000000000000000000000000000000aa"));

    private readonly Presence _presence = new(new SteppedClock(Now));

    [Fact]
    public void Device_OfTwoConnections_OnlineUntilBothAreGone()
    {
        Assert.False(_presence.IsOnline(Meter));
        _presence.Connected(Client(Meter.ToString()));
        _presence.Connected(Client(Meter.ToString()));
        _presence.Disconnected(Client(Meter.ToString()), MqttCloseReason.TakenOver);
        Assert.True(_presence.IsOnline(Meter));
        _presence.Disconnected(Client(Meter.ToString()), MqttCloseReason.ClientDisconnected);
        Assert.False(_presence.IsOnline(Meter));
    }

    [Fact]
    public void Device_ThatLeavesMoreOftenThanItCame_OnlineWhenItComesAgain()
    {
        _presence.Disconnected(Client(Meter.ToString()), MqttCloseReason.ConnectionLost);
        _presence.Disconnected(Client(Meter.ToString()), MqttCloseReason.ConnectionLost);
        _presence.Connected(Client(Meter.ToString()));
        Assert.True(_presence.IsOnline(Meter));
        // Whoever is no meter counts for none.
        _presence.Connected(Client("somebody"));
    }

    [Theory]
    [InlineData("{\"power\":-1.5,\"soc\":0.5}", -1.5, 0.5)]
    [InlineData("{\"power\":\"5\",\"soc\":1}", null, 1.0)]
    [InlineData("{\"deep\":{\"power\":5},\"soc\":1}", null, 1.0)]
    [InlineData("{\"power\":1e400,\"soc\":1}", null, 1.0)]
    [InlineData("{}", null, null)]
    public void Telemetry_Told_WhatCanBeReadOfIt(string payload, double? power, double? charge)
    {
        _presence.TakeTelemetry(Meter, Encoding.UTF8.GetBytes(payload));
        var told = _presence.TelemetryOf(Meter)!;
        Assert.Equal((power, charge, Now), (told.Power, told.StateOfCharge, told.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":[[[[[1]]]]]}")]
    public void Telemetry_ThatCannotBeRead_TheOneBeforeStays(string payload)
    {
        _presence.TakeTelemetry(Meter, "{\"power\":7}"u8);
        _presence.TakeTelemetry(Meter, Encoding.UTF8.GetBytes(payload));
        _presence.TakeTelemetry(Meter, Encoding.UTF8.GetBytes($"{{\"power\":8,\"x\":\"{new string('a', 5_000)}\"}}"));
        Assert.Equal(7, _presence.TelemetryOf(Meter)?.Power);
    }

    private static MqttClientInfo Client(string name) => new("a client", new Principal(name), null, CleanSession: true);

    private sealed record Principal(string Name) : IMqttPrincipal
    {
        public bool MayPublish(string topic) => false;

        public bool MaySubscribe(string filter) => false;
    }
}
