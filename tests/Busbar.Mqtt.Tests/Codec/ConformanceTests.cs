using System.Text;

namespace Busbar.Mqtt.Tests.Codec;

/// <summary>The normative statements of MQTT 3.1.1 that a frame alone can keep or break, by their numbers.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string, string, MqttProtocolError> Statements { get; } = new()
    {
        // CONNECT: 10 len | 00 04 MQTT | level | flags | keep-alive | client id ...
        { "3.1.2-1 another protocol name", "10 0D 0004 4D515458 04 02 003C 0001 61", MqttProtocolError.UnknownProtocolName },
        { "3.1.2-1 the name of MQTT 3.1", "10 0F 0006 4D5149736470 03 02 003C 0001 61", MqttProtocolError.UnknownProtocolName },
        { "3.1.2-2 another level", "10 0D 0004 4D515454 05 02 003C 0001 61", MqttProtocolError.UnsupportedVersion },
        { "3.1.2-3 reserved connect flag", "10 0D 0004 4D515454 04 03 003C 0001 61", MqttProtocolError.InvalidConnectFlags },
        { "3.1.2-13 will QoS without a will", "10 0D 0004 4D515454 04 0A 003C 0001 61", MqttProtocolError.InvalidConnectFlags },
        { "3.1.2-14 will QoS 3", "10 13 0004 4D515454 04 1E 003C 0001 61 0001 77 0001 62", MqttProtocolError.InvalidConnectFlags },
        { "3.1.2-15 will retain without a will", "10 0D 0004 4D515454 04 22 003C 0001 61", MqttProtocolError.InvalidConnectFlags },
        { "3.1.2-22 a password without a user name", "10 10 0004 4D515454 04 42 003C 0001 61 0001 70", MqttProtocolError.InvalidConnectFlags },
        { "3.1.2-19 user name flag without one", "10 0D 0004 4D515454 04 82 003C 0001 61", MqttProtocolError.Truncated },
        { "3.1.3-1 fields that no flag announced", "10 10 0004 4D515454 04 02 003C 0001 61 0001 62", MqttProtocolError.TrailingBytes },
        { "3.1.3-4 client id that is no UTF-8", "10 0D 0004 4D515454 04 02 003C 0001 FF", MqttProtocolError.InvalidUtf8 },
        { "3.1.3-10 will topic with a wildcard", "10 13 0004 4D515454 04 06 003C 0001 61 0001 23 0001 62", MqttProtocolError.InvalidTopicName },
        { "3.1 a good CONNECT", "10 0D 0004 4D515454 04 02 003C 0001 61", MqttProtocolError.None },
        { "3.1.3-6 a good CONNECT with an empty client id", "10 0C 0004 4D515454 04 02 003C 0000", MqttProtocolError.None },
        { "1.5.3-1 a surrogate in UTF-8", "30 07 0003 EDA080 6869", MqttProtocolError.InvalidUtf8 },
        { "1.5.3-2 U+0000", "30 05 0003 610062", MqttProtocolError.InvalidUtf8 },
        { "1.5.3-3 U+FEFF stays", "30 05 0003 EFBBBF", MqttProtocolError.None },
        { "2.2.2-2 flags of CONNECT", "11 0D 0004 4D515454 04 02 003C 0001 61", MqttProtocolError.InvalidFlags },
        { "2.2.2-2 flags of PINGREQ", "C1 00", MqttProtocolError.InvalidFlags },
        { "3.8.1-1 flags of SUBSCRIBE", "80 06 0001 0001 61 00", MqttProtocolError.InvalidFlags },
        { "3.10.1-1 flags of UNSUBSCRIBE", "A0 05 0001 0001 61", MqttProtocolError.InvalidFlags },
        { "3.6.1-1 flags of PUBREL", "60 02 0001", MqttProtocolError.InvalidFlags },
        { "2.2.1 packet type 0", "00 00", MqttProtocolError.ReservedPacketType },
        { "2.2.1 packet type 15", "F0 00", MqttProtocolError.ReservedPacketType },
        { "2.2.3 a fifth length byte", "30 FFFFFFFF 01", MqttProtocolError.MalformedLength },
        { "2.3.1-1 QoS 1 with packet id 0", "32 05 0001 61 0000", MqttProtocolError.ZeroPacketId },
        { "2.3.1-1 SUBSCRIBE with packet id 0", "82 06 0000 0001 61 00", MqttProtocolError.ZeroPacketId },
        { "2.3.1-5 QoS 0 has no packet id", "30 05 0001 61 0000", MqttProtocolError.None },
        { "3.3.1-2 duplicate flag on QoS 0", "38 03 0001 61", MqttProtocolError.DuplicateWithoutQos },
        { "3.3.1-4 QoS 3", "36 05 0001 61 0001", MqttProtocolError.InvalidQos },
        { "3.3.2-1 the topic reaches over the end", "30 03 0002 61", MqttProtocolError.Truncated },
        { "3.3.2-2 '+' in a topic name", "30 03 0001 2B", MqttProtocolError.InvalidTopicName },
        { "3.3.2-2 '#' in a topic name", "30 05 0003 612F23", MqttProtocolError.InvalidTopicName },
        { "4.7.3-1 an empty topic name", "30 02 0000", MqttProtocolError.InvalidTopicName },
        { "3.3.3 a payload of zero length", "30 03 0001 61", MqttProtocolError.None },
        { "3.4 PUBACK with more than an id", "40 03 0001 00", MqttProtocolError.TrailingBytes },
        { "3.4 PUBACK cut short", "40 01 00", MqttProtocolError.Truncated },
        { "3.8.3-3 SUBSCRIBE without a filter", "82 02 0001", MqttProtocolError.NoTopicFilter },
        { "3.8.3-4 SUBSCRIBE with QoS 3", "82 06 0001 0001 61 03", MqttProtocolError.InvalidQos },
        { "3.8.3-4 SUBSCRIBE with reserved bits", "82 06 0001 0001 61 80", MqttProtocolError.InvalidFlags },
        { "4.7.1-2 '#' before the end", "82 08 0001 0003 232F61 00", MqttProtocolError.InvalidTopicFilter },
        { "4.7.1-2 '#' beside text", "82 07 0001 0002 6123 00", MqttProtocolError.InvalidTopicFilter },
        { "4.7.1-3 '+' beside text", "82 07 0001 0002 612B 00", MqttProtocolError.InvalidTopicFilter },
        { "4.7.3-1 an empty filter", "82 05 0001 0000 00", MqttProtocolError.InvalidTopicFilter },
        { "3.10.3-2 UNSUBSCRIBE without a filter", "A2 02 0001", MqttProtocolError.NoTopicFilter },
        { "3.9.3-2 SUBACK with an unknown code", "90 03 0001 03", MqttProtocolError.InvalidSubscribeAnswer },
        { "3.2.2-4 CONNACK: a session and a refusal", "20 02 01 05", MqttProtocolError.InvalidConnectAnswer },
        { "3.2.2 CONNACK with reserved flags", "20 02 02 00", MqttProtocolError.InvalidConnectAnswer },
        { "3.2.2-6 CONNACK with an unknown code", "20 02 00 06", MqttProtocolError.InvalidConnectAnswer },
        { "3.12 PINGREQ with a body", "C0 01 00", MqttProtocolError.TrailingBytes },
        { "3.14 DISCONNECT with a body", "E0 01 00", MqttProtocolError.TrailingBytes },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public void Frame_ByStatement_HasItsVerdict(string statement, string hex, MqttProtocolError expected)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.True(expected == FrameTesting.Verdict(bytes), $"{statement}: {FrameTesting.Verdict(bytes)}");
        Assert.Equal(expected, FrameTesting.Verdict(bytes, segmentSize: 1));
    }

    [Fact]
    public void Frame_AboveTheMaximum_RefusedByItsHeaderAlone()
    {
        Assert.Equal(MqttProtocolError.PacketTooLarge, FrameTesting.Verdict([0x30, 0xFF, 0xFF, 0xFF, 0x7F], maxPacketSize: 1024));
        Assert.Equal(MqttProtocolError.PacketTooLarge, FrameTesting.Verdict([0x30, 0xFE, 0x07], maxPacketSize: 1024));
        Assert.Null(FrameTesting.Verdict([0x30, 0xFD, 0x07], maxPacketSize: 1024));
    }

    [Theory]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("a/+/c/#", "a/b/c", true)]
    [InlineData("a/b", "A/b", false)]
    [InlineData("a", "a/", false)]
    public void Matches_ExamplesOfTheStandard_AsItSays(string filter, string name, bool expected)
    {
        Assert.True(MqttTopic.IsValidFilter(filter));
        Assert.True(MqttTopic.IsValidName(name));
        Assert.Equal(expected, MqttTopic.Matches(filter, name));
    }

    [Theory]
    [InlineData("sport/tennis#", false)]
    [InlineData("sport/tennis/#/ranking", false)]
    [InlineData("sport+", false)]
    [InlineData("+/tennis/#", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    public void IsValidFilter_ExamplesOfTheStandard_AsItSays(string filter, bool expected) => Assert.Equal(expected, MqttTopic.IsValidFilter(filter));

    [Fact]
    public void IsValidName_ByLengthInBytes_EndsAt65535()
    {
        Assert.True(MqttTopic.IsValidName(new string('a', 65_535)));
        Assert.False(MqttTopic.IsValidName(new string('a', 65_536)));
        Assert.False(MqttTopic.IsValidName(new string('é', 40_000)));
        Assert.Equal(80_000, Encoding.UTF8.GetByteCount(new string('é', 40_000)));
    }
}
