using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Access;
using Busbar.Node.Access;
using Busbar.Node.Access.Limits;
using Busbar.Node.Api.Describing;
using Busbar.Node.Live;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>
/// What changes, as server-sent events: the sums, the houses and the changed devices that the caller may see at most once a second, and
/// each block and anchor. Every event's id is the newest block told, so that a reader who comes back misses none; one who was away for too long is told
/// to <c>reset</c>. The stream ends when the caller's rights change, and the page asks again.
/// </summary>
internal static class LiveStream
{
    // So that a page that asked for its lists just before misses nothing in between.
    private const int BlocksAtFirst = 5;

    /// <summary>What the stream is made of, for the API's description.</summary>
    public static readonly Streamed Form = new(
        "text/event-stream",
        "Events with id, event and data; data is JSON as LiveEvents has it under the event's name.",
        $"id: 41\nevent: block\ndata: {Examples.Of(typeof(BlockRow)).ToJsonString()}\n\n");

    private static readonly byte[] Empty = "{}"u8.ToArray();

    public static async Task RunAsync(
        LiveFeed feed, ICallerSource callers, RequestAccess access, HttpContext context, CancellationToken cancellation)
    {
        using var entered = feed.Limits.TryEnter(ClientKey.Of(context), access.Caller.Account);
        if (entered is null)
        {
            context.Response.Headers.RetryAfter = "60";
            var refused = Problems.Problem(
                StatusCodes.Status429TooManyRequests, "TooManyStreams", "too many event streams are open from here; close some pages");
            await refused.ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var told = ulong.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : (ulong?)null;
        // The stream is everybody's; what it tells of houses is what their own list would.
        var mine = access with { Grant = AccessTable.Rows["houses.list"].For(access.Caller), Own = access.Caller.Premises };
        var devices = access with { Grant = AccessTable.Rows["devices.list"].For(access.Caller), Own = access.Caller.Premises };
        var (number, ledger) = (0L, -1L);
        try
        {
            while (true)
            {
                var before = number;
                var frame = await feed.AfterAsync(number, cancellation);
                number = frame.Number;
                var (caller, _) = await callers.OfAsync(context, cancellation);
                if (!IsSame(caller, access.Caller))
                {
                    await SendAsync(context, told ?? 0, "session", Empty, cancellation);
                    return;
                }

                if (frame.Ledger != ledger)
                    told = await SendLedgerAsync(context, frame, told, cancellation);
                ledger = frame.Ledger;
                await SendAsync(context, told ?? 0, "now", frame.Now, cancellation);
                if (Houses(frame, mine) is { } houses)
                    await SendAsync(context, told ?? 0, "houses", houses, cancellation);
                // The page has asked for the list itself; what changes from then on is told.
                if (before > 0 && Devices(frame, devices, before) is { Length: > 0 } changed)
                    await SendAsync(context, told ?? 0, "devices", changed, cancellation);
                await context.Response.Body.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader has gone.
            return;
        }
    }

    private static async Task<ulong?> SendLedgerAsync(HttpContext context, LiveFrame frame, ulong? told, CancellationToken cancellation)
    {
        if (frame.Blocks.Count == 0)
            return told;
        var newest = frame.Blocks[^1].Number;
        if (told is { } known && (known > newest || (frame.Blocks.Count == LiveFeed.BlocksKept && known + 1 < frame.Blocks[0].Number)))
            await SendAsync(context, newest, "reset", Empty, cancellation);
        else
        {
            foreach (var block in told is { } resumed ? frame.Blocks.Where(block => block.Number > resumed) : frame.Blocks.TakeLast(BlocksAtFirst))
            {
                await SendAsync(context, block.Number, "block", block.Block, cancellation);
                foreach (var anchor in block.Anchors)
                    await SendAsync(context, block.Number, "anchor", anchor, cancellation);
            }
        }

        foreach (var anchor in frame.Waiting)
            await SendAsync(context, newest, "anchor", anchor, cancellation);
        return newest;
    }

    private static byte[]? Houses(LiveFrame frame, RequestAccess mine) => mine.Grant switch
    {
        Grant.All => frame.AllHouses,
        Grant.Own => JsonSerializer.SerializeToUtf8Bytes(
            frame.Houses.Where(house => mine.Covers(frame.Premises[house.Meter])), JsonSerializerOptions.Web),
        _ => null,
    };

    private static byte[] Devices(LiveFrame frame, RequestAccess mine, long since)
    {
        var changed = frame.Devices.Where(device => device.Changed > since && mine.Covers(device.Premises)).Select(device => device.Device).ToArray();
        if (changed.Length == 0)
            return [];
        // Copied whole: byte by byte this was most of what a watcher of all devices cost.
        var json = new byte[changed.Sum(device => device.Length + 1) + 1];
        var at = 0;
        foreach (var device in changed)
        {
            json[at] = at == 0 ? (byte)'[' : (byte)',';
            at++;
            device.CopyTo(json, at);
            at += device.Length;
        }

        json[at] = (byte)']';
        return json;
    }

    private static bool IsSame(Caller one, Caller other) =>
        one.Account == other.Account && one.Roles.SetEquals(other.Roles) && one.Premises.SetEquals(other.Premises);

    private static async Task SendAsync(HttpContext context, ulong id, string name, byte[] data, CancellationToken cancellation)
    {
        await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: "), cancellation);
        await context.Response.Body.WriteAsync(data, cancellation);
        await context.Response.WriteAsync("\n\n", cancellation);
    }
}
