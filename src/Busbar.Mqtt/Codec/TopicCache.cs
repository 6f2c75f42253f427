using System.Text;

namespace Busbar.Mqtt.Codec;

/// <summary>
/// Remembers the last few topics of a connection, so that a repeated topic costs a comparison: no checking again, no new string. Eight
/// are enough for a meter's; a client with more pays for a string each time. Not thread safe.
/// </summary>
internal sealed class TopicCache
{
    private const int Capacity = 8;
    private const int LongestKept = 256;
    private readonly (byte[] Utf8, string Text)[] _known = new (byte[], string)[Capacity];
    private int _count;
    private int _next;
    private int _last;

    /// <summary>The topic name as text, or null with the rule that it breaks.</summary>
    public string? Get(ReadOnlySpan<byte> utf8, out MqttProtocolError error)
    {
        error = MqttProtocolError.None;
        if (_count > 0 && utf8.SequenceEqual(_known[_last].Utf8))
            return _known[_last].Text;
        for (var i = 0; i < _count; i++)
        {
            if (!utf8.SequenceEqual(_known[i].Utf8))
                continue;
            _last = i;
            return _known[i].Text;
        }

        return Add(utf8, out error);
    }

    private string? Add(ReadOnlySpan<byte> utf8, out MqttProtocolError error)
    {
        error = FieldReader.IsText(utf8) ? MqttProtocolError.None : MqttProtocolError.InvalidUtf8;
        if (error != MqttProtocolError.None)
            return null;
        var text = Encoding.UTF8.GetString(utf8);
        if (!MqttTopic.IsValidName(text))
        {
            error = MqttProtocolError.InvalidTopicName;
            return null;
        }

        if (utf8.Length > LongestKept)
            return text;
        _known[_next] = (utf8.ToArray(), text);
        _last = _next;
        _next = (_next + 1) % Capacity;
        _count = Math.Min(_count + 1, Capacity);
        return text;
    }
}
