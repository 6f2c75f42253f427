using System.Buffers;
using System.Net.Sockets;
using Busbar.Mqtt;
using Busbar.Mqtt.Codec;

namespace Busbar.Bench.Mqtt;

/// <summary>A raw socket on which CONNECT is done.</summary>
internal static class LoadSocket
{
    /// <summary>A DISCONNECT packet.</summary>
    public static readonly ReadOnlyMemory<byte> Disconnect = new byte[] { 0xE0, 0 };

    public static Task<Socket[]> ConnectAllAsync(AckedFrameSettings settings, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(at => ConnectAsync(settings, at, cancellationToken)));

    public static async Task<Socket> ConnectAsync(AckedFrameSettings settings, int at, CancellationToken cancellationToken)
    {
        var socket = new Socket(settings.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(settings.Server, cancellationToken);
        var (clientId, userName, password) = settings.Credentials(at);
        var connect = new ArrayBufferWriter<byte>();
        PacketWriter.Connect(connect, new ConnectPacket
        {
            ClientId = clientId,
            UserName = userName,
            Password = password,
        });
        await socket.SendAsync(connect.WrittenMemory, cancellationToken);
        var answer = new byte[4];
        for (var got = 0; got < answer.Length;)
        {
            var more = await socket.ReceiveAsync(answer.AsMemory(got), cancellationToken);
            got += more > 0 ? more : throw new InvalidOperationException("the server closed the connection instead of answering CONNECT");
        }

        return answer[3] == 0 ? socket : throw new InvalidOperationException($"the server refused {clientId}: {(MqttConnectCode)answer[3]}");
    }
}
