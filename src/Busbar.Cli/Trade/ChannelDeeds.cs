using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;
using Contract = Busbar.Ledger.Contracts.Channels;

namespace Busbar.Cli.Trade;

/// <summary>Payment channels (<c>docs/channels.md</c>).</summary>
internal static class ChannelDeeds
{
    private static readonly Duration UsualLife = Duration.FromHours(24);

    public static IReadOnlyList<DeedVerb> All() => [Open(), TopUp(), Extend(), Close(), Forgo(), NameCloser(), Reclaim()];

    private static DeedVerb Open()
    {
        var payee = TradeArguments.RequiredAccount("--payee", "who is paid");
        var price = TradeArguments.Price("of a kWh, coins such as 0.1; part of the channel for good");
        var locked = TradeArguments.RequiredCoins("--lock", "how many coins are locked in it");
        var signer = TradeArguments.Account("--signer", "whose vouchers count, such as your meter's; your own by default");
        var end = new EndOptions(UsualLife);
        return new(
            "open", "Opens a channel to somebody who sells.", [payee, price, locked, signer, .. end.Options],
            async (parsed, desk, cancellation) =>
            {
                var (each, coins) = (parsed.GetRequiredValue(price), parsed.GetRequiredValue(locked));
                var until = end.Read(parsed, await desk.NowAsync(cancellation));
                var page = await desk.Api.GetAsync("channels?limit=1", cancellation);
                return new(
                    $"Open a channel to {parsed.GetRequiredValue(payee)}",
                    page.Account("contract"),
                    Contract.EncodeOpen(
                        parsed.GetRequiredValue(payee),
                        parsed.GetValue(signer) ?? default,
                        each.WeiPerKilowattHour,
                        (ulong)until.ToUnixTimeSeconds(),
                        (UInt128)coins.Wei))
                {
                    Facts =
                    [
                        ("locked", Figures.Coins(coins)),
                        ("price", $"{each} coins a kWh"),
                        ("energy flows until", InstantPattern.ExtendedIso.Format(until)),
                        ("at worst lost", "nothing but time: what is not closed with a voucher comes back 24 hours after the end"),
                    ],
                };
            });
    }

    private static DeedVerb TopUp()
    {
        var amount = TradeArguments.Amount("how many coins more, such as 1.5");
        return Of("top-up", "Locks more in a channel of yours.", [amount], (parsed, page, row, _) => new(
            "Lock more in a channel", page, Contract.EncodeTopUp(Terms(row), (UInt128)parsed.GetRequiredValue(amount).Wei))
        {
            Facts = [("locked so far", Figures.Coins(row.Coins("lockedWei"))), ("more", Figures.Coins(parsed.GetRequiredValue(amount)))],
        });
    }

    private static DeedVerb Extend()
    {
        var end = new EndOptions(UsualLife);
        return Of("extend", "Puts the end of a channel of yours off; counted from now on.", end.Options, (parsed, page, row, now) => new(
            "Put the end of a channel off", page, Contract.EncodeExtend(Terms(row), (ulong)end.Read(parsed, now).ToUnixTimeSeconds()))
        {
            Facts = [("end so far", row.Text("end")), ("new end", InstantPattern.ExtendedIso.Format(end.Read(parsed, now)))],
        });
    }

    private static DeedVerb Close() =>
        Of("close", "Closes a channel that pays you, with the best voucher that your node has.", [], (_, page, row, _) =>
        {
            if (row.IsNull("voucherSignature"))
            {
                throw new CommandFailure(
                    "the node has no voucher of this channel that is yours to close with; forgo gives the payer everything back");
            }

            var total = row.Coins("voucherWei");
            var voucher = new SignedVoucher(
                new(Terms(row, out _), total, row.Energy("voucherMwh")), Signature.FromBytes(HexText.Decode(row.Text("voucherSignature"))));
            var paid = total < row.Coins("lockedWei") ? total : row.Coins("lockedWei");
            return new(
                "Close a channel",
                page,
                Contract.EncodeClose(
                    Terms(row),
                    (BigInteger)total.Wei,
                    (ulong)voucher.Voucher.Energy.MilliwattHours,
                    voucher.Signature.R,
                    voucher.ShortProof))
            {
                Facts =
                [
                    ("you get", $"{Figures.Coins(paid)} for {Figures.Energy(voucher.Voucher.Energy)}; once, for good"),
                    ("the payer gets back", Figures.Coins(row.Coins("lockedWei") - paid)),
                ],
            };
        });

    private static DeedVerb Forgo() =>
        Of("forgo", "Gives everything in a channel that pays you back to the payer.", [], (_, page, row, _) => new(
            "Give everything back", page, Contract.EncodeForgo(Terms(row)))
        {
            Facts = [("you get", "nothing"), ("the payer gets back", Figures.Coins(row.Coins("lockedWei")))],
        });

    private static DeedVerb Reclaim() =>
        Of("reclaim", "Takes everything of a channel back that nobody closed in time.", [], (_, page, row, now) => new(
            "Take everything back", page, Contract.EncodeReclaim(Terms(row)))
        {
            Facts =
            [
                ("you get back", Figures.Coins(row.Coins("lockedWei"))),
                ("from then on", $"{row.Text("lastClosing")}, {Figures.Left(now, row.Instant("lastClosing"))}"),
            ],
        });

    private static DeedVerb NameCloser()
    {
        var closer = TradeArguments.Account("--closer", "who; this node by default");
        var end = new Option<bool>("--no-longer") { Description = "take the name back" };
        return new(
            "name-closer", "Names who closes the channels that pay you: once, and your node does it by itself.", [closer, end],
            async (parsed, desk, cancellation) =>
            {
                var page = await desk.Api.GetAsync("channels?limit=1", cancellation);
                var (who, may) = (parsed.GetValue(closer) ?? page.Account("closer"), !parsed.GetValue(end));
                return new(
                    may ? $"Let {who} close the channels that pay you" : $"Let {who} no longer close the channels that pay you",
                    page.Account("contract"),
                    Contract.EncodeNameCloser(who, may));
            });
    }

    private static DeedVerb Of(
        string name, string description, IReadOnlyList<Symbol> symbols, Func<ParseResult, Address, JsonElement, Instant, Deed> deed)
    {
        var channel = TradeArguments.Id("channel", "the channel");
        return new(name, description, [channel, .. symbols], async (parsed, desk, cancellation) =>
        {
            var page = await desk.Api.GetAsync("channels?limit=1", cancellation);
            var row = await desk.Api.GetAsync($"channels/{parsed.GetRequiredValue(channel)}", cancellation);
            return deed(parsed, page.Account("contract"), row, await desk.NowAsync(cancellation)) with
            {
                Refusal = row.Text("phase") == "open" ? null : "NotOpen",
            };
        });
    }

    private static Contract.Terms Terms(JsonElement row)
    {
        Terms(row, out var terms);
        return new(terms.Payer, terms.Payee, terms.Signer, terms.Price.WeiPerKilowattHour, (ulong)terms.Opened.ToUnixTimeSeconds());
    }

    private static ChannelId Terms(JsonElement row, out ChannelTerms terms)
    {
        var price = Price.FromWeiPerKilowattHour(UInt128.Parse(row.Text("priceWei"), CultureInfo.InvariantCulture));
        terms = new(row.Account("payer"), row.Account("payee"), row.Account("signer"), price, row.Instant("opened"));
        return terms.Id;
    }
}
