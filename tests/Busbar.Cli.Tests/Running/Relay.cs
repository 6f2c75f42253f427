using System.Net;
using System.Net.Sockets;

namespace Busbar.Cli.Tests.Running;

/// <summary>A port that stays the same while the node behind it comes and goes with another one each time.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private volatile int _target;

    public Relay()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The port behind it; 0 while there is none.</summary>
    public int Target
    {
        get => _target;
        set => _target = value;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
                carrying.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient())
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
                await Task.WhenAny(
                    near.GetStream().CopyToAsync(far.GetStream(), _ending.Token), far.GetStream().CopyToAsync(near.GetStream(), _ending.Token));
            }
            catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException or ArgumentOutOfRangeException)
            {
                // The side that is left sees its connection end, as with a node that died.
            }
        }
    }
}
