using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.BadInput;

/// <summary>What a server answered.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>
/// HTTP/1.1 as bytes on a socket, so that a test can send what no client library would. Opens a new connection when the server has
/// closed the one before. For one caller at a time.
/// </summary>
internal sealed class RawConnection(int port) : IDisposable
{
    private Socket? _socket;
    private BufferedStream? _stream;

    /// <summary>Sends a request and reads its answer; of an event stream the head alone.</summary>
    public async Task<RawAnswer> AskAsync(ReadOnlyMemory<byte> request)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        if (_stream is null)
            await OpenAsync(late.Token);
        try
        {
            await _stream!.WriteAsync(request, late.Token);
            await _stream.FlushAsync(late.Token);
        }
        catch (IOException)
        {
            // The server may refuse before it has read all; its answer is still there to read.
        }

        return await ReadAsync(late.Token);
    }

    /// <summary>Sends bytes and does not wait for an answer.</summary>
    public async Task SendAsync(string text)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        if (_stream is null)
            await OpenAsync(late.Token);
        await _stream!.WriteAsync(Encoding.Latin1.GetBytes(text), late.Token);
        await _stream.FlushAsync(late.Token);
    }

    /// <summary>Reads the next answer.</summary>
    public async Task<RawAnswer> ReadAsync(CancellationToken cancellation)
    {
        var status = await LineAsync(cancellation);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var line = await LineAsync(cancellation); line.Length > 0; line = await LineAsync(cancellation))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var code = int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture);
        var isStream = headers.GetValueOrDefault("Content-Type") == "text/event-stream";
        var body = isStream || code is 204 or 304 ? [] : await BodyAsync(headers, cancellation);
        if (isStream || headers.GetValueOrDefault("Connection") == "close")
            Close();
        return new(code, headers, body);
    }

    public void Dispose() => Close();

    private async Task OpenAsync(CancellationToken cancellation)
    {
        _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        _stream = new(new NetworkStream(_socket, ownsSocket: true), 16 * 1024);
    }

    private void Close()
    {
        _stream?.Dispose();
        _socket?.Dispose();
        (_stream, _socket) = (null, null);
    }

    private async Task<byte[]> BodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        if (headers.TryGetValue("Content-Length", out var length))
            return await BytesAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        if (headers.GetValueOrDefault("Transfer-Encoding") != "chunked")
            return [];
        var body = new List<byte>();
        while (int.Parse(await LineAsync(cancellation), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.AddRange(await BytesAsync(size, cancellation));
            await LineAsync(cancellation);
        }

        await LineAsync(cancellation);
        return [.. body];
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        await _stream!.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream!.ReadAsync(one, cancellation) == 1)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        Close();
        throw new EndOfStreamException($"the server closed the connection after '{line}'");
    }
}
