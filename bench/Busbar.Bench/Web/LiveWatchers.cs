using System.Net;
using System.Net.Sockets;

namespace Busbar.Bench.Web;

/// <summary>
/// Clients of the live stream, each on a connection of its own. They come from several addresses of this machine, because the node lets one
/// address have no more than 200 streams.
/// </summary>
internal sealed class LiveWatchers : IAsyncDisposable
{
    private const int FromOneAddress = 200;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<HttpClient> _clients = [];
    private readonly List<Task> _reading = [];
    private long _events;
    private long _bytes;

    /// <summary>Events and bytes delivered so far, over all.</summary>
    public (long Events, long Bytes) Delivered => (Interlocked.Read(ref _events), Interlocked.Read(ref _bytes));

    /// <summary>Opens the streams, and waits until each has told an event.</summary>
    public static async Task<LiveWatchers> OpenAsync(Uri page, int count, CancellationToken cancellation)
    {
        var watchers = new LiveWatchers();
        var first = new List<Task>();
        for (var number = 0; number < count; number++)
        {
            if (number % FromOneAddress == 0)
                watchers._clients.Add(From(new IPAddress([127, 0, 0, (byte)(2 + (number / FromOneAddress))])));
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            first.Add(told.Task);
            watchers._reading.Add(watchers.ReadAsync(watchers._clients[^1], new(page, "api/v1/live"), told, watchers._stopping.Token));
            // A few at a time: a thousand at once would be refused by the backlog and not by the node.
            if (number % 50 == 49)
                await Task.WhenAll(first).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellation);
        }

        await Task.WhenAll(first).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellation);
        return watchers;
    }

    /// <exception cref="InvalidOperationException">A stream has ended though it was wanted.</exception>
    public void CheckAllOpen()
    {
        if (_reading.FirstOrDefault(one => one.IsCompleted) is { } ended)
            throw new InvalidOperationException("the node ended a live stream", ended.Exception);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients)
            client.Dispose();
        _stopping.Dispose();
    }

    private static HttpClient From(IPAddress source) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, token) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(source, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async Task ReadAsync(HttpClient client, Uri address, TaskCompletionSource told, CancellationToken stopping)
    {
        try
        {
            using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stopping);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(stopping);
            var buffer = new byte[8 * 1024];
            var isLineEmpty = false;
            while (await body.ReadAsync(buffer, stopping) is var read and > 0)
            {
                var events = 0;
                foreach (var one in buffer.AsSpan(0, read))
                {
                    if (one == (byte)'\n' && isLineEmpty)
                        events++;
                    isLineEmpty = one == (byte)'\n';
                }

                Interlocked.Add(ref _bytes, read);
                if (events > 0)
                    told.TrySetResult();
                Interlocked.Add(ref _events, events);
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            told.TrySetException(exception);
            throw;
        }
    }
}
