using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Busbar.Mqtt;

/// <summary>Opens the byte stream that the options describe.</summary>
internal static class MqttTransport
{
    public static async ValueTask<Stream> OpenAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return options.OpenStream is { } open ? await open(cancellationToken) : await OpenSocketAsync(options, cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException)
        {
            throw new MqttException(MqttFailure.Unreachable, $"{options.Host}:{options.Port} cannot be reached: {failure.Message}", failure);
        }
    }

    private static async ValueTask<Stream> OpenSocketAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is null)
                return stream;
            var tls = new SslStream(stream, leaveInnerStreamOpen: false);
            stream = tls;
            await tls.AuthenticateAsClientAsync(options.Tls, cancellationToken);
            return tls;
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }
}
