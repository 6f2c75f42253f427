namespace Busbar.Mqtt.Server;

/// <summary>Says how long a connection is to be left unread so that its messages stay within a rate: one second's worth may come at once.</summary>
internal sealed class PublishRate(int perSecond, TimeProvider time)
{
    private double _tokens = perSecond;
    private long _filled = time.GetTimestamp();

    /// <summary>Takes a message from the allowance; false when it is used up and the connection is to wait.</summary>
    public bool Take() => perSecond == 0 || --_tokens > 0;

    /// <summary>How long to wait until the allowance is a tenth of a second's worth again.</summary>
    public TimeSpan Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(perSecond, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
        _filled = now;
        var enough = Math.Max(1, perSecond / 10.0);
        return _tokens >= enough ? TimeSpan.Zero : TimeSpan.FromSeconds((enough - _tokens) / perSecond);
    }
}
