using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access.Limits;

/// <summary>Where a request comes from, as limits count it.</summary>
internal static class ClientKey
{
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>An IPv4 address, or the /64 of an IPv6 address: one home has as many of those as it likes.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "local";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}
