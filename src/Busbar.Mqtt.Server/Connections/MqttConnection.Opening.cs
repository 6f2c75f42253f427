using System.Security.Cryptography;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server;

/// <content>From the first byte to CONNACK.</content>
internal sealed partial class MqttConnection
{
    private async Task<bool> OpenAsync(Action handshakeDone)
    {
        try
        {
            if (await ReadConnectAsync() is not { } connect)
                return false;
            // The answer to CONNECT is the host's work from here on: its slowness is not the client's silence.
            _paused = true;
            var (code, present) = await AdmitAsync(connect);
            if (code != MqttConnectCode.Accepted)
            {
                Answer(new ConnAckPacket(false, code));
                Close(code == MqttConnectCode.ServerUnavailable ? MqttCloseReason.TooManyClients : MqttCloseReason.Refused);
                return false;
            }

            _longestSilence = connect.KeepAliveSeconds == 0 ? _server.Options.LongestSilence : TimeSpan.FromSeconds(connect.KeepAliveSeconds * 1.5);
            Volatile.Write(ref _heard, _server.Time.GetTimestamp());
            _paused = false;
            Answer(new ConnAckPacket(present, code));
        }
        finally
        {
            handshakeDone();
        }

        _server.Log.Connected(_client!.ClientId, _client.Principal.Name, _client.Remote);
        _server.Events.Connected(_client);
        _lane.Serve(_session!);
        return true;
    }

    private void Answer(ConnAckPacket packet)
    {
        _lane.Answer(packet, static (to, answer) => PacketWriter.ConnAck(to, answer));
        _lane.Pump();
    }

    private async Task<ConnectPacket?> ReadConnectAsync()
    {
        while (true)
        {
            var read = await _input.ReadAsync();
            if (IsClosing)
                return null;
            var buffer = read.Buffer;
            if (_frames.TryRead(ref buffer, out var frame, out var error))
            {
                ConnectPacket? packet = null;
                // Anything before CONNECT is a breach (MQTT-3.1.0-1).
                error = frame.Type == MqttPacketType.Connect ? ConnectPacket.Decode(frame.Body, out packet) : MqttProtocolError.UnexpectedPacket;
                if (error == MqttProtocolError.None)
                {
                    _input.AdvanceTo(buffer.Start);
                    return packet;
                }
            }

            if (error != MqttProtocolError.None)
            {
                // The only breach that is answered before the end (MQTT-3.1.2-2).
                if (error == MqttProtocolError.UnsupportedVersion)
                {
                    Answer(new ConnAckPacket(false, MqttConnectCode.UnacceptableVersion));
                    Close(MqttCloseReason.Refused);
                }

                Fail(error);
                return null;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted)
                continue;
            Close(MqttCloseReason.ConnectionLost);
            return null;
        }
    }

    private async Task<(MqttConnectCode Code, bool Present)> AdmitAsync(ConnectPacket connect)
    {
        var clientId = connect.ClientId;
        if (clientId.Length == 0)
        {
            if (!connect.CleanSession)
                return (Refuse(MqttConnectCode.IdentifierRejected, clientId, "an empty client id needs a clean session"), false);
            clientId = "auto-" + RandomNumberGenerator.GetHexString(20, lowercase: true);
        }

        // Not the array itself: a null one would turn into an empty password.
        var password = connect.Password is { } bytes ? new ReadOnlyMemory<byte>(bytes) : default(ReadOnlyMemory<byte>?);
        var credentials = new MqttCredentials(clientId, connect.UserName, password, _transport.RemoteEndPoint);
        var verdict = await _server.AuthenticateAsync(credentials, _closing.Token);
        if (verdict is MqttAuthentication.Refused refused)
            return (Refuse(refused.Code, clientId, refused.Reason), false);
        if (verdict is not MqttAuthentication.Accepted { Principal: { } principal })
            return (Refuse(MqttConnectCode.ServerUnavailable, clientId, "the authenticator gave no verdict"), false);
        if (connect.Will is { } will && (will.Qos == MqttQos.ExactlyOnce || !principal.MayPublish(will.Topic)))
            return (Refuse(MqttConnectCode.NotAuthorized, clientId, "its will may not be published"), false);
        var (code, session, present) = await _server.Sessions.AttachAsync(this, clientId, principal.Name, connect.CleanSession, _closing.Token);
        if (session is null)
            return (Refuse(code, clientId, code == MqttConnectCode.IdentifierRejected ? "the client id is another principal's" : "no room for another client"), false);
        _session = session;
        _will = connect.Will;
        _client = new MqttClientInfo(clientId, principal, _transport.RemoteEndPoint, connect.CleanSession);
        return (code, present);
    }

    private MqttConnectCode Refuse(MqttConnectCode code, string clientId, string reason)
    {
        // A refusal that says "accepted" would be the authenticator's mistake, and is no way in.
        var told = code == MqttConnectCode.Accepted ? MqttConnectCode.NotAuthorized : code;
        _server.Log.Refused(clientId, _transport.RemoteEndPoint, told, reason);
        return told;
    }
}
