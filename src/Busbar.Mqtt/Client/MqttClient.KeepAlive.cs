using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt;

/// <content>The ping that keeps a silent connection alive and finds a dead one (3.1.2.10).</content>
public sealed partial class MqttClient
{
    private sealed class KeepAlive : IDisposable
    {
        private readonly MqttClient _client;
        private readonly TimeProvider _time;
        private readonly TimeSpan _longest;
        private readonly ITimer _timer;
        private long _wrote;
        private long _read;
        private long _asked;

        public KeepAlive(MqttClient client)
        {
            _client = client;
            _time = client._time;
            _longest = client._options.KeepAlive;
            _wrote = _read = _time.GetTimestamp();
            // Looking twice in the time means that a ping leaves before the time is over.
            _timer = _time.CreateTimer(static state => ((KeepAlive)state!).Look(), this, _longest / 2, _longest / 2);
        }

        public void Wrote() => Volatile.Write(ref _wrote, _time.GetTimestamp());

        public void Read() => Volatile.Write(ref _read, _time.GetTimestamp());

        public void Answered() => Volatile.Write(ref _asked, 0);

        public void Dispose() => _timer.Dispose();

        private void Look()
        {
            var now = _time.GetTimestamp();
            var asked = Volatile.Read(ref _asked);
            if (asked != 0)
            {
                if (_time.GetElapsedTime(asked, now) >= _longest)
                    _client.End(new MqttDisconnect(MqttDisconnectReason.KeepAliveExpired));
                return;
            }

            var silent = _time.GetElapsedTime(Volatile.Read(ref _wrote), now) >= _longest / 2
                || _time.GetElapsedTime(Volatile.Read(ref _read), now) >= _longest;
            if (!silent)
                return;
            // Noted before it can leave, so that the answer cannot come before the note.
            Volatile.Write(ref _asked, Math.Max(1, now));
            lock (_client._out.Gate)
                PacketWriter.Empty(_client._out.Buffer, MqttPacketType.PingReq);
            _client.Sent();
        }
    }
}
