using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Node.Community;

/// <summary>The keys that a node on its own engine holds. Each has its office and nothing else.</summary>
public sealed class NodeKeys : IDisposable
{
    /// <summary>Deploys the contracts and owns the council.</summary>
    public required PrivateKey Owner { get; init; }

    /// <summary>Admits members and registers meters.</summary>
    public required PrivateKey Regulator { get; init; }

    /// <summary>Anchors intervals.</summary>
    public required PrivateKey Operator { get; init; }

    /// <summary>The community's secret: salts, the order of leaves, device tokens and premises ids come from it.</summary>
    public required Hash256 Master { get; init; }

    /// <summary>The known keys of a demonstration. Never for a real community: anyone can make them.</summary>
    public static NodeKeys ForDemonstration(ulong seed)
    {
        PrivateKey Key(string office) => PrivateKey.FromSeed(Form(office, seed));
        return new()
        {
            Owner = Key("owner"),
            Regulator = Key("regulator"),
            Operator = Key("operator"),
            Master = Keccak256.Hash(Form("master", seed)),
        };
    }

    /// <summary>Derives a secret for a purpose from the master secret.</summary>
    public Hash256 Derive(string purpose) =>
        Keccak256.Hash([.. Master.ToArray(), .. System.Text.Encoding.UTF8.GetBytes(purpose)]);

    /// <summary>The id of the premises behind a meter: not to be guessed from its address, and the same after a restart.</summary>
    public PremisesId PremisesOf(MeterId meter) => new(Derive($"premises {meter}"));

    /// <inheritdoc />
    public void Dispose()
    {
        Owner.Dispose();
        Regulator.Dispose();
        Operator.Dispose();
    }

    private static byte[] Form(string office, ulong seed) =>
        System.Text.Encoding.UTF8.GetBytes($"Busbar demonstration {office} {seed}");
}
