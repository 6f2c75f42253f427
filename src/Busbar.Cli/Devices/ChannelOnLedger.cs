using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Channels;

namespace Busbar.Cli.Devices;

/// <summary>A payment channel as the ledger has it, asked through a node's JSON-RPC: a device believes nobody's word for what it pays.</summary>
internal sealed class ChannelOnLedger
{
    private readonly EthereumClient _client;
    private readonly Address _contract;
    private readonly ChannelTerms _terms;

    private ChannelOnLedger(EthereumClient client, Address contract, ChannelTerms terms) => (_client, _contract, _terms) = (client, contract, terms);

    /// <summary>Finds the opening of a channel.</summary>
    /// <param name="client">The node's JSON-RPC.</param>
    /// <param name="contract">The address of <c>Channels</c>.</param>
    /// <param name="id">Which channel.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CommandFailure">It was never opened there.</exception>
    public static async Task<ChannelOnLedger> FindAsync(EthereumClient client, Address contract, ChannelId id, CancellationToken cancellation)
    {
        var filter = new LogFilter
        {
            From = BlockTag.Earliest,
            Addresses = [contract],
            Topics = [[Contract.Events.ChannelOpened.Topic], [id.Value]],
        };
        foreach (var log in await client.GetLogsAsync(filter, cancellation))
        {
            if (!Contract.Events.TryDecode(log, out var one) || one is not Contract.Events.ChannelOpened opened)
                continue;
            if (await client.GetBlockAsync(BlockTag.At(log.BlockNumber), cancellationToken: cancellation) is not { } block)
                continue;
            var terms = new ChannelTerms(
                opened.Payer,
                opened.Payee,
                opened.Signer,
                Price.FromWeiPerKilowattHour(opened.Price),
                Instant.FromUnixTimeSeconds((long)block.Timestamp));
            // The id is the hash of all that: a node that tells other terms tells another channel's.
            if (terms.Id == id)
                return new(client, contract, terms);
        }

        throw new CommandFailure($"channel {id} was never opened in {contract}; busbar trade channels lists those that were");
    }

    /// <summary>What is locked and when it ends; null when the channel is over.</summary>
    public async Task<OpenChannel?> LookAsync(CancellationToken cancellation)
    {
        var known = await Contract.ChannelOfAsync(_client, _contract, _terms.Id.Value, BlockTag.Latest, cancellation);
        return known.End == 0 ? null : new(_terms, Coin.FromWei(known.Amount), Instant.FromUnixTimeSeconds((long)known.End));
    }
}
