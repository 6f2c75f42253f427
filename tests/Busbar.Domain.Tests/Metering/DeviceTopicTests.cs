using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Tests.Metering;

public sealed class DeviceTopicTests
{
    private static readonly MeterId Meter = new(Address.Parse("0xabcdef0123456789abcdef0123456789abcdef01"));

    [Fact]
    public void TryParse_EveryChannelsTopic_TheSameAgain()
    {
        foreach (var channel in Enum.GetValues<DeviceChannel>().Where(channel => channel != DeviceChannel.None))
        {
            var topic = DeviceTopic.For(Meter, channel);
            Assert.Equal($"busbar/v1/{Meter}/{channel.ToString().ToLowerInvariant()}", topic);
            Assert.True(DeviceTopic.TryParse(topic, out var meter, out var found));
            Assert.Equal((Meter, channel), (meter, found));
        }
    }

    [Theory]
    [InlineData("busbar/v1/time")]
    [InlineData("busbar/v2/0xabcdef0123456789abcdef0123456789abcdef01/reading")]
    [InlineData("busbar/v1/0xABCDEF0123456789abcdef0123456789abcdef01/reading")]
    [InlineData("busbar/v1/0xabcdef0123456789abcdef0123456789abcdef01/Reading")]
    [InlineData("busbar/v1/0xabcdef0123456789abcdef0123456789abcdef01/none")]
    [InlineData("busbar/v1/0xabcdef0123456789abcdef0123456789abcdef01/reading/x")]
    [InlineData("busbar/v1/0xabcdef0123456789abcdef0123456789abcdef01")]
    [InlineData("busbar/v1/abcdef0123456789abcdef0123456789abcdef0101/reading")]
    [InlineData("")]
    public void TryParse_AnythingElse_False(string topic) => Assert.False(DeviceTopic.TryParse(topic, out _, out _));
}
