using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>What changes, as server-sent events: the houses at most once a second, and each new block and anchor.</summary>
internal static class LiveStream
{
    private const int NewestAnchors = 5;
    private const int RepeatAfter = 15;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static long _lastId;

    public static async Task RunAsync(NodeParts parts, NodeOptions options, HttpContext context, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        var (houses, anchors, quiet) = (-1L, -1L, 0);
        var block = (await parts.Store!.Events.HeadAsync(cancellation))?.Number ?? 0;
        try
        {
            do
            {
                // Said again though nothing changed, so that a page can tell quiet from cut off.
                if (houses != parts.Board!.Version || ++quiet >= RepeatAfter)
                {
                    (houses, quiet) = (parts.Board.Version, 0);
                    await SendAsync(context, "houses", CommunityApi.Houses(parts, options), cancellation);
                }

                if (anchors != parts.Feed!.Version)
                {
                    anchors = parts.Feed.Version;
                    block = await SendLedgerAsync(parts, options, context, block, cancellation);
                }

                await context.Response.Body.FlushAsync(cancellation);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader has gone.
            return;
        }
    }

    private static async Task<ulong> SendLedgerAsync(
        NodeParts parts, NodeOptions options, HttpContext context, ulong block, CancellationToken cancellation)
    {
        var blocks = await parts.Store!.Events.BlocksAsync(below: null, NewestAnchors, cancellation);
        foreach (var newer in blocks.Where(one => one.Number > block).Reverse())
            await SendAsync(context, "block", LedgerApi.Block(newer), cancellation);
        foreach (var microgrid in options.Community.Microgrids)
        {
            var closed = await parts.Store.Readings.ClosedBeforeAsync(microgrid.Id, before: null, NewestAnchors, cancellation);
            foreach (var anchor in (await LedgerApi.WithStatusAsync(parts, closed, cancellation)).Reverse())
                await SendAsync(context, "anchor", anchor, cancellation);
        }

        return blocks.Count > 0 ? blocks[0].Number : block;
    }

    private static async Task SendAsync(HttpContext context, string name, object data, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _lastId);
        await context.Response.WriteAsync($"id: {id}\nevent: {name}\ndata: ", cancellation);
        await JsonSerializer.SerializeAsync(context.Response.Body, data, Json, cancellation);
        await context.Response.WriteAsync("\n\n", cancellation);
    }
}
