using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Ledger.Deploying;

/// <summary>What a community's contracts begin with.</summary>
public sealed record DeploymentPlan
{
    /// <summary>Deploys the contracts and pays for it.</summary>
    public required PrivateKey Deployer { get; init; }

    /// <summary>Decides who regulates; the deployer when null. Never a regulator or participant.</summary>
    public Address? Owner { get; init; }

    /// <summary>The regulators in office from the first block, none twice.</summary>
    public required IReadOnlyList<Address> Regulators { get; init; }

    /// <summary>Anchors intervals; null when the regulators will appoint one later.</summary>
    public Address? Operator { get; init; }

    /// <summary>Issues and redeems coin at the cash desk; null when the regulators will appoint one later.</summary>
    public Address? Treasurer { get; init; }

    /// <summary>The coin of all balances; Ether when null. An ERC-20 that already stands on the chain.</summary>
    public Address? Coin { get; init; }

    /// <summary>A coin that is made for the community, instead of <see cref="Coin"/>; null for none.</summary>
    public CommunityCoinPlan? CommunityCoin { get; init; }

    /// <summary>When the operator's and the treasurer's appointments end.</summary>
    public Instant OperatorUntil { get; init; } = Instant.FromUnixTimeSeconds(uint.MaxValue);

    /// <summary>
    /// Keys of regulators that vote for the operator's appointment; a strict majority makes it. Empty: they vote later, each
    /// from their own machine.
    /// </summary>
    public IReadOnlyList<PrivateKey> RegulatorKeys { get; init; } = [];

    /// <summary>
    /// Takes up a deployment of this plan that was cut off: what the deployer's and the regulators' keys have sent since the chain's first block is
    /// taken as the plan's first steps. Only for a chain of one's own, whose keys do nothing before it.
    /// </summary>
    public bool IsTakenUp { get; init; }

    /// <summary>The intervals' length.</summary>
    public IntervalLength IntervalLength { get; init; } = IntervalLength.Default;

    /// <summary>First values of rules that differ from the contracts' own, by their names, such as <c>taxFirstRate</c>.</summary>
    public IReadOnlyDictionary<string, ulong> Rules { get; init; } = new Dictionary<string, ulong>(StringComparer.Ordinal);

    /// <summary>The time of the engine's first deploying block; each further one is a second later. Null: the clock's.</summary>
    public Instant? Time { get; init; }
}

/// <summary>A coin of the community's own, made and destroyed at its cash desk.</summary>
/// <param name="Name">Its name, such as <c>Hill village rupee</c>.</param>
/// <param name="Symbol">Its symbol, such as <c>HVR</c>.</param>
public sealed record CommunityCoinPlan(string Name, string Symbol);
