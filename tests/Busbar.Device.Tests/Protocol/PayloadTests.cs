using System.Text;
using Busbar.Device.Protocol;
using Busbar.Device.Tests.Testing;
using NodaTime;

namespace Busbar.Device.Tests.Protocol;

public class PayloadTests
{
    [Fact]
    public void Topics_OfAMeter_AreInSmallLetters()
    {
        var topics = new MeterTopics(TestReadings.Meter);
        var root = $"busbar/v1/{TestReadings.Meter.Key.ToLowerHex()}/";

        Assert.Equal(
            [root + "reading", root + "telemetry", root + "event", root + "state", root + "command", root + "refused", root + "permit", root + "calendar"],
            new[] { topics.Reading, topics.Telemetry, topics.Event, topics.State, topics.Command, topics.Refused, topics.Permit, topics.Calendar });
    }

    [Fact]
    public void Encode_Telemetry_HasWhatWasMeasuredAndNothingElse()
    {
        var telemetry = new MeterTelemetry
        {
            At = Instant.FromUnixTimeMilliseconds(1_700_000_000_123),
            Power = -12.5,
            Voltage = double.NaN,
            StateOfCharge = 1.0 / 3,
        };

        Assert.Equal("""{"at":1700000000123,"power":-12.5,"soc":0.333333}""", Encoding.UTF8.GetString(telemetry.Encode()));
        Assert.Equal("{}", Encoding.UTF8.GetString(new MeterTelemetry().Encode()));
    }

    [Theory]
    [InlineData("""{"sequence":"7","reason":"SequenceGap","detail":"x","expected":"6"}""", 7UL, "SequenceGap", 6UL)]
    [InlineData("""{"sequence":7,"reason":"SequenceGap","expected":6,"new":{}}""", 7UL, "SequenceGap", 6UL)]
    [InlineData("""{"sequence":null,"reason":"Malformed","detail":"x"}""", null, "Malformed", null)]
    [InlineData("""{"sequence":"-7","reason":"ClockOff"}""", null, "ClockOff", null)]
    public void TryDecode_Refusal_ReadsIt(string payload, ulong? sequence, string reason, ulong? expected)
    {
        var notice = RefusalNotice.TryDecode(Encoding.UTF8.GetBytes(payload))!;

        Assert.Equal((sequence, reason, expected), (notice.Sequence, notice.Reason, notice.Expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"reason":1}""")]
    [InlineData("""{"reason":"x" """)]
    [InlineData("""{"reason":{"a":{"b":{"c":{"d":1}}}}}""")]
    public void TryDecode_NoRefusal_Null(string payload) => Assert.Null(RefusalNotice.TryDecode(Encoding.UTF8.GetBytes(payload)));
}
