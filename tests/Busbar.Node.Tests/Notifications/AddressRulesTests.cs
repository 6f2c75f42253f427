using System.Net;
using Busbar.Node.Notifications.Outbound;

namespace Busbar.Node.Tests.Notifications;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("2606:4700::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:0:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("ff02::1", false)]
    public void IsAllowed_PublicAddressesAlone(string address, bool expected) =>
        Assert.Equal(expected, new AddressRules().IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public void IsAllowed_OpenedNetwork_AndNoOther()
    {
        var rules = new AddressRules { Opened = [IPNetwork.Parse("192.168.1.0/24")] };

        Assert.True(rules.IsAllowed(IPAddress.Parse("192.168.1.7")));
        Assert.True(rules.IsAllowed(IPAddress.Parse("::ffff:192.168.1.7")));
        Assert.False(rules.IsAllowed(IPAddress.Parse("192.168.2.7")));
        Assert.False(rules.IsAllowed(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("https://example.org/hook", true)]
    [InlineData("https://example.org:8443/hook?a=b", true)]
    [InlineData("http://example.org/hook", false)]
    [InlineData("ftp://example.org/hook", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://user:password@example.org/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:169.254.169.254]/", false)]
    [InlineData("https://example.org/#x", false)]
    public void Fault_BeforeConnecting(string address, bool isFine) =>
        Assert.Equal(isFine, OutboundClient.Fault(new(), new Uri(address)) is null);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8 10.0.0.1")]
    [InlineData("fd00::1")]
    public async Task Send_NameThatLeadsInside_IsRefusedWhenConnecting(string resolved)
    {
        IPAddress[] addresses = [.. resolved.Split(' ').Select(IPAddress.Parse)];
        using var client = new OutboundClient(new(), resolve: (_, _) => Task.FromResult(addresses));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://hooks.example.org/");

        await Assert.ThrowsAsync<OutboundRefusedException>(() => client.SendAsync(request, default));
    }

    [Fact]
    public async Task Send_PlainHttpOutsideTheOpenedNetworks_IsRefusedWhenConnecting()
    {
        using var client = new OutboundClient(
            new() { Opened = [IPNetwork.Parse("192.168.1.0/24")] }, resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8")]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://hooks.example.org/");

        await Assert.ThrowsAsync<OutboundRefusedException>(() => client.SendAsync(request, default));
    }
}
