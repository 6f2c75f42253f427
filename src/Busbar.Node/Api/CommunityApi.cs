using System.ComponentModel;
using System.Reflection;
using Busbar.Node.Community;

namespace Busbar.Node.Api;

/// <summary>The community, as anybody may know it.</summary>
internal static class CommunityApi
{
    public static readonly string Version = typeof(CommunityApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
        .InformationalVersion.Split('+')[0] ?? "0";

    public static CommunityDocument Community(NodeParts parts, NodeOptions options, NodeKeys keys)
    {
        var contracts = parts.Deployment!.Contracts;
        return new(
            options.Community.Name,
            options.Community.Zone.Id,
            options.Community.Rules.Length.Minutes,
            contracts.ChainId,
            new(
                contracts.Council.ToString(),
                contracts.Members.ToString(),
                contracts.Meters.ToString(),
                contracts.Anchors.ToString(),
                contracts.Money?.Vault.ToString(),
                contracts.Money?.Payments.ToString(),
                contracts.Money?.Billing.ToString(),
                contracts.Market?.Storage.ToString(),
                contracts.Market?.Taxes.ToString(),
                contracts.Market?.Board.ToString(),
                contracts.Market?.Demands.ToString(),
                contracts.Channels?.ToString()),
            [.. options.Community.Microgrids.Select(microgrid => new MicrogridName(microgrid.Id.Number, microgrid.Name))],
            options.IsDemonstration,
            Forms.Text(parts.Clock!.GetCurrentInstant()),
            Version,
            parts.Server!.MqttPort,
            keys.Operator.Address.ToString(),
            SetUp: true);
    }
}

/// <summary>A community.</summary>
internal sealed record CommunityDocument(
    string Name,
    [property: Description("The IANA zone of the community's civil time.")] string Zone,
    int IntervalMinutes,
    ulong ChainId,
    ContractDocument Contracts,
    IReadOnlyList<MicrogridName> Microgrids,
    [property: Description("All that is shown is invented.")] bool Demo,
    [property: Description("The node's clock.")] string Now,
    string Version,
    [property: Description("The port that devices reach MQTT on.")] int MqttPort,
    [property: Description("The address of the key that signs permits; a meter keeps to the one that it learnt first.")] string Operator,
    [property: Description("False while the node has no community: then its page sets one up, and the contracts' addresses are zero.")] bool SetUp);

/// <summary>Where the contracts stand.</summary>
internal sealed record ContractDocument(
    string Council,
    string Members,
    string Meters,
    string Anchors,
    [property: Description("Where money is kept; null in a community without money on its ledger.")] string? Vault,
    [property: Description("What is owed, and its payment; null likewise.")] string? Payments,
    [property: Description("Tariffs and bills; null likewise.")] string? Billing,
    [property: Description("What is in the stores, and whose; null in a community without a market on its ledger.")] string? Storage,
    [property: Description("What the market's tax brought; null likewise.")] string? Taxes,
    [property: Description("Adverts, and what was bought; null likewise.")] string? Board,
    [property: Description("What members ask for, and offers to it; null likewise.")] string? Demands,
    [property: Description("Payment channels; null in a community without them.")] string? Channels);

/// <summary>A microgrid.</summary>
internal sealed record MicrogridName(uint Id, string Name);
