using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Channels;
using Busbar.Device.Meters;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Cli.Devices;

/// <summary>A meter that pays with its own key for what flows to it through a channel.</summary>
internal sealed class MeterPayer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly ChannelPayer _payer;

    private MeterPayer(HttpClient http, ChannelPayer payer) => (_http, _payer) = (http, payer);

    /// <summary>Takes the channel up, or up again.</summary>
    /// <param name="device">The meter, which is the channel's signer.</param>
    /// <param name="community">Where its contracts are.</param>
    /// <param name="node">The payee's node.</param>
    /// <param name="id">Which channel.</param>
    /// <param name="limit">The most that it promises.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CommandFailure">It cannot pay through it; the message says why.</exception>
    public static async Task<MeterPayer> OpenAsync(
        MeterDevice device, MeterCommunity community, Uri node, ChannelId id, Coin limit, CancellationToken cancellation)
    {
        if (community.Channels is not { } text || !Address.TryParse(text, out var contract))
            throw new CommandFailure("this community has no payment channels on its ledger");
        var http = Http.ClientFor(node);
        http.Timeout = Patience;
        try
        {
            var channel = await ChannelOnLedger.FindAsync(new(new JsonRpcClient(http, new Uri(node, "/rpc"))), contract, id, cancellation);
            var open = await channel.LookAsync(cancellation) ?? throw new CommandFailure($"channel {id} is closed on the ledger");
            var session = device.OpenPayer(open, new(community.ChainId, contract), limit);
            var payer = new ChannelPayer(session, new HttpPayeeDoor(http, node), channel.LookAsync, () => device.PayerSituation, TimeProvider.System)
            {
                Told = Say,
            };
            return new(http, payer);
        }
        catch (ArgumentException)
        {
            http.Dispose();
            throw new CommandFailure(
                $"channel {id} is not signed by this meter, {device.Id}: open one with the meter as its signer");
        }
        catch (InvalidDataException damaged)
        {
            http.Dispose();
            throw new CommandFailure(damaged.Message);
        }
        catch (Exception away) when (away is HttpRequestException or EthereumRpcException)
        {
            http.Dispose();
            throw new CommandFailure($"the node at {node} cannot be asked about the channel ({away.Message}); start it, then this meter again");
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Pays until the channel is over, and says so.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task RunAsync(CancellationToken cancellation) => Terminal.Say($"paying has ended: {await _payer.RunAsync(cancellation)}");

    public void Dispose() => _http.Dispose();

    private static void Say(PayerNews news)
    {
        if (news.Trouble is { } trouble)
            Terminal.Say($"nothing is paid for now: {trouble}");
        else if (news.Paid is { } paid)
            Terminal.Say($"paid {paid.Total} coins for {paid.Energy} in all");
    }
}
