using System.Net;
using System.Net.Sockets;

namespace Busbar.Node.Notifications.Outbound;

/// <summary>
/// Where requests that people ask for may go: public addresses alone, so that nobody reaches the node's own network through it. An operator
/// can open networks by name, such as that of the house, for a home automation there.
/// </summary>
public sealed record AddressRules
{
    // The special-purpose registries of IANA (RFC 6890) and what came later.
    private static readonly IPNetwork[] Special = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Networks that are allowed besides; plain HTTP is allowed there too. None by default.</summary>
    public IReadOnlyList<IPNetwork> Opened { get; init; } = [];

    /// <summary>Allows this machine itself, over plain HTTP too. For tests and for receivers beside the node; false by default.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Whether an operator has opened an address that would be closed otherwise.</summary>
    public bool IsOpened(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        address = Plain(address);
        return (AllowLoopback && IPAddress.IsLoopback(address)) || Opened.Any(network => network.Contains(address));
    }

    /// <summary>Whether requests may go to an address.</summary>
    public bool IsAllowed(IPAddress address) => IsOpened(address) || IsPublic(Plain(address));

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(Special, network => network.Contains(address)),
        AddressFamily.InterNetworkV6 =>
            address.ScopeId == 0 && GlobalUnicast.Contains(address) && !Array.Exists(Special, network => network.Contains(address)),
        _ => false,
    };

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
