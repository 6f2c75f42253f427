using Busbar.Cli.Running;
using Busbar.Ethereum.JsonRpc;
using Asked = Busbar.Ledger.Contracts.Demands.Events;
using Opened = Busbar.Ledger.Contracts.Channels.Events;
using Posted = Busbar.Ledger.Contracts.Board.Events;

namespace Busbar.Cli.Trade;

/// <summary>What a deed comes to, and what came of it.</summary>
internal static class DeedText
{
    /// <summary>Tells the person in front, on standard error.</summary>
    public static void Say(Deed deed)
    {
        Terminal.Say(deed.Title);
        foreach (var line in Lines(deed))
            Terminal.Say(line);
    }

    /// <summary>A line for each fact.</summary>
    public static IEnumerable<string> Lines(Deed deed)
    {
        var width = deed.Facts.Select(fact => fact.Name.Length).DefaultIfEmpty(0).Max();
        return deed.Facts.Select(fact => $"  {fact.Name.PadRight(width)}  {fact.Value}");
    }

    /// <summary>What the ledger names what is new by.</summary>
    public static IEnumerable<(string Name, string Id)> CameOf(TransactionReceipt receipt)
    {
        foreach (var log in receipt.Logs)
        {
            if (Posted.AdvertPosted.TryDecode(log, out var advert))
                yield return ("advert", advert.Id.ToString());
            if (Asked.DemandPosted.TryDecode(log, out var demand))
                yield return ("demand", demand.Id.ToString());
            if (Posted.DeliveryOpened.TryDecode(log, out var delivery))
                yield return ("delivery", delivery.Id.ToString());
            if (Opened.ChannelOpened.TryDecode(log, out var channel))
                yield return ("channel", channel.Channel.ToString());
        }
    }
}
