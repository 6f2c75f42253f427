using System.CommandLine;
using System.Text.Json;
using NodaTime;

namespace Busbar.Cli.Trade;

/// <summary>The command that lists channels.</summary>
internal static class ChannelReadings
{
    public static Command List(TraderKind kind)
    {
        var limit = ReadCommand.Limit();
        return ReadCommand.Complete(
            kind,
            new Command("channels", "Your payment channels, newest first: what is locked, and the best voucher.") { limit },
            _ => true,
            (parsed, desk, cancellation) => desk.Api.GetAsync($"channels?limit={parsed.GetValue(limit)}", cancellation),
            async (page, desk, cancellation) => Lines(page, await desk.NowAsync(cancellation)));
    }

    private static IEnumerable<string> Lines(JsonElement page, Instant now) =>
        page.GetProperty("items").GetArrayLength() == 0
            ? ["no channels"]
            : [.. page.List("items").SelectMany(row => Row(row, now)), .. ReadCommand.More(page)];

    private static IEnumerable<string> Row(JsonElement row, Instant now)
    {
        var left = row.Text("phase") != "open" ? row.Text("phase")
            : row.Instant("end") > now ? $"open, energy flows for {Figures.Left(now, row.Instant("end"))}"
            : $"open, can be closed for {Figures.Left(now, row.Instant("lastClosing"))}";
        yield return row.Text("id");
        yield return $"  {row.Text("payer")} pays {row.Text("payee")}: {left}";
        yield return $"  {Figures.Coins(row.Coins("lockedWei"))} locked at {Figures.Price(row.Coins("priceWei"))}; "
            + (row.IsNull("voucherWei") ? "no voucher yet"
                : $"best voucher {Figures.Coins(row.Coins("voucherWei"))} for {Figures.Energy(row.Energy("voucherMwh"))}");
        if (row.Text("phase") == "open")
        {
            yield return row.GetProperty("closesItself").GetBoolean()
                ? "  the node closes it at its end"
                : "  the payee has not named this node as closer: channel name-closer, or close it yourself";
        }

        if (!row.IsNull("trouble"))
            yield return $"  trouble: {row.Text("trouble")}";
    }
}
