using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Busbar.Node.Notifications.Outbound;

namespace Busbar.Node.Notifications.Mail;

/// <summary>The lines of one connection to a mail server.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private const int LongestLine = 2_048;
    private const int MostLines = 100;

    private readonly byte[] _buffer = new byte[4_096];
    private Stream _stream;
    private int _start;
    private int _end;

    private SmtpConnection(Stream stream, bool isLocal) => (_stream, IsLocal) = (stream, isLocal);

    /// <summary>Whether the server is on this machine.</summary>
    public bool IsLocal { get; }

    /// <summary>Whether others can read along.</summary>
    public bool IsEncrypted => _stream is SslStream;

    public static async Task<SmtpConnection> OpenAsync(MailOptions options, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancellation);
            var remote = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            return new(new NetworkStream(socket, ownsSocket: true), IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Encrypts from here on. What came before it unencrypted and was not read is not believed.</summary>
    public async Task EncryptAsync(MailOptions options, CancellationToken cancellation)
    {
        if (_start != _end)
            throw new SmtpException("the server spoke on before the encryption began", isFinal: false);
        var encrypted = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = encrypted;
        var settings = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (options.Authority is { } authority)
            settings.CertificateChainPolicy = TrustedAuthority.Policy(authority);
        await encrypted.AuthenticateAsClientAsync(settings, cancellation);
    }

    /// <summary>Sends a command and reads the answer.</summary>
    /// <exception cref="ArgumentException">The command holds a control character or is not ASCII: it would be two commands.</exception>
    public async Task<SmtpReply> CommandAsync(string command, CancellationToken cancellation)
    {
        if (command.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException("a command is printable ASCII", nameof(command));
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellation);
        await _stream.FlushAsync(cancellation);
        return await ReplyAsync(cancellation);
    }

    /// <summary>Sends a message's bytes with dots doubled at the beginning of lines (RFC 5321, 4.5.2), and reads the answer.</summary>
    public async Task<SmtpReply> MessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await _stream.WriteAsync(Stuffed(message.Span), cancellation);
        await _stream.FlushAsync(cancellation);
        return await ReplyAsync(cancellation);
    }

    public async Task<SmtpReply> ReplyAsync(CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await LineAsync(cancellation);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code < 200)
                throw new SmtpException("the server does not speak SMTP", isFinal: false);
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
                return new(code, lines);
            if (line[3] != '-' || lines.Count >= MostLines)
                throw new SmtpException("the server does not speak SMTP", isFinal: false);
        }
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    internal static byte[] Stuffed(ReadOnlySpan<byte> message)
    {
        var stuffed = new List<byte>(message.Length + 64);
        var atStart = true;
        foreach (var one in message)
        {
            if (atStart && one == '.')
                stuffed.Add((byte)'.');
            stuffed.Add(one);
            atStart = one == '\n';
        }

        stuffed.AddRange(atStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
        return [.. stuffed];
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (line.Length <= LongestLine)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await _stream.ReadAsync(_buffer, cancellation);
                if (_end == 0)
                    throw new SmtpException("the server closed the connection", isFinal: false);
            }

            var character = (char)_buffer[_start++];
            if (character == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(character);
        }

        throw new SmtpException("the server's line does not end", isFinal: false);
    }
}
