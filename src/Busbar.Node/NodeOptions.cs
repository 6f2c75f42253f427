using System.Net;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node;

/// <summary>How a node is run.</summary>
public sealed record NodeOptions
{
    /// <summary>Where everything is kept; made when missing; one node at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The community.</summary>
    public required CommunityDescription Community { get; init; }

    /// <summary>The chain's EIP-155 number. Default 35303 (on no list of public chains).</summary>
    public ulong ChainId { get; init; } = 35_303;

    /// <summary>The time of the chain's first block; used when the data folder is new.</summary>
    public required Instant Genesis { get; init; }

    /// <summary>The address of page and API. Default: loopback only; any other needs <see cref="Https"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The address of MQTT. Default: loopback only.</summary>
    public IPAddress MqttAddress { get; init; } = IPAddress.Loopback;

    /// <summary>How people are told things outside the page.</summary>
    public Notifications.NotificationOptions Notifications { get; init; } = new();

    /// <summary>HTTPS for page and API; null for plain HTTP on this machine alone.</summary>
    public HttpsOptions? Https { get; init; }

    /// <summary>The port of page and API; 0 for any free one. Default 8080.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>The port of MQTT; 0 for any free one. Default 1883.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>The clock is moved by <see cref="BusbarNode.AdvanceAsync"/> instead of going by itself.</summary>
    public Clock.SteppedClock? SteppedClock { get; init; }

    /// <summary>The clock of a node that is not stepped.</summary>
    public required IClock SystemClock { get; init; }

    /// <summary>The built app; null to serve the API alone.</summary>
    public string? WebRoot { get; init; }

    /// <summary>The engine's binary; null to find it.</summary>
    public string? EngineBinary { get; init; }

    /// <summary>
    /// What the treasurer of a new engine has: there is no other Ether on it. The cash desk issues it against money received, and takes it back.
    /// </summary>
    public static Coin TreasuryStock { get; } = Coin.FromCoins(1_000_000_000);

    /// <summary>Who has how much Ether before the engine's first block; null for the treasury's stock alone.</summary>
    public IReadOnlyDictionary<Address, Coin>? Allotted { get; init; }

    /// <summary>
    /// First values of rules on a new engine, where they are to differ from the contracts' own, by their names, such as <c>graceDays</c>.
    /// </summary>
    public IReadOnlyDictionary<string, ulong> FirstRules { get; init; } = new Dictionary<string, ulong>(StringComparer.Ordinal);

    /// <summary>What the ledger says of supply; null for a community that bills nobody.</summary>
    internal Supply.ISupplyFacts? SupplyFacts { get; init; }

    /// <summary>Awaited before page and MQTT open: a set-up that stands behind the same doors leaves them.</summary>
    internal Func<ValueTask>? DoorsOpening { get; init; }

    /// <summary>Invented data: the page says so.</summary>
    public bool IsDemonstration { get; init; }

    /// <summary>
    /// Wallets whose keys a demonstration tells to everybody who asks, so that a visitor can act as a household. No other node starts with
    /// any.
    /// </summary>
    public IReadOnlyList<TestWallet> TestWallets { get; init; } = [];
}

/// <summary>A wallet that belongs to whoever wants to try it out.</summary>
/// <param name="Name">Whose it would be, for people.</param>
/// <param name="Key">Its key, which is no secret; not disposed of by the node.</param>
public sealed record TestWallet(string Name, PrivateKey Key);

/// <summary>How page and API are served to other machines.</summary>
public sealed record HttpsOptions
{
    /// <summary>The port; 0 for any free one. Default 8443.</summary>
    public int Port { get; init; } = 8443;

    /// <summary>The names and addresses that people reach the node by, one or more. Requests for any other are refused.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>A certificate in PEM with its chain; null for one by the home's own authority.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key in PEM, unencrypted, readable by its owner only.</summary>
    public string? CertificateKeyFile { get; init; }
}
