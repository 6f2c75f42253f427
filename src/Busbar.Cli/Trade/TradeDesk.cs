using System.Text.Json;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Cli.Trade;

/// <summary>Where a trader acts.</summary>
/// <param name="ChainId">The chain's number.</param>
/// <param name="Vault">The contract that holds the money; null where there is none.</param>
internal sealed record TradeGround(ulong ChainId, Address? Vault)
{
    /// <summary>As the node tells it.</summary>
    public static TradeGround Of(JsonElement community) => new(
        community.GetProperty("chainId").GetUInt64(),
        community.GetProperty("contracts").TextOrNull("vault") is { } vault ? Address.Parse(vault) : null);
}

/// <summary>What a verb is planned with.</summary>
/// <param name="api">The node; signed in where there is a key.</param>
/// <param name="ground">Where it acts.</param>
/// <param name="account">Who acts; null for nobody in particular.</param>
internal sealed class TradeDesk(NodeApi api, TradeGround ground, Address? account)
{
    private JsonElement? _community;

    public NodeApi Api => api;

    public Address? Account => account;

    /// <summary>The contract that holds the money.</summary>
    public Address Vault => ground.Vault ?? throw new CommandFailure("this community has no money on its ledger");

    /// <summary>A contract by its name in <c>GET /community</c>.</summary>
    public async Task<Address> ContractAsync(string name, CancellationToken cancellation) =>
        (await CommunityAsync(cancellation)).GetProperty("contracts").TextOrNull(name) is { } address
            ? Address.Parse(address)
            : throw new CommandFailure("this community has no market on its ledger");

    /// <summary>The node's clock, which the ledger follows.</summary>
    public async Task<Instant> NowAsync(CancellationToken cancellation) => (await CommunityAsync(cancellation)).Instant("now");

    /// <summary>The microgrid that is given, else that of the trader's meter, else the first.</summary>
    public async Task<uint> MicrogridAsync(uint? given, CancellationToken cancellation) =>
        given ?? (await TraderAsync(cancellation) is { } trader && !trader.IsNull("microgrid")
            ? trader.GetProperty("microgrid").GetUInt32()
            : 1);

    /// <summary>How the account stands in the market; null for nobody.</summary>
    public async Task<JsonElement?> TraderAsync(CancellationToken cancellation)
    {
        var market = await api.GetAsync("market", cancellation);
        return market.IsNull("trader") ? null : market.GetProperty("trader");
    }

    private async Task<JsonElement> CommunityAsync(CancellationToken cancellation) =>
        _community ??= await api.GetAsync("community", cancellation);
}
