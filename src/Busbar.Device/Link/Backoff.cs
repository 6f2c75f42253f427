namespace Busbar.Device.Link;

/// <summary>
/// Pauses between attempts: doubled each time up to a longest, half of each at random, so that a street of meters does not come back
/// all at once after a power cut.
/// </summary>
internal sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private readonly Func<double> _chance;
    private TimeSpan _next;

    /// <param name="first">The first pause.</param>
    /// <param name="longest">The longest pause.</param>
    /// <param name="chance">Gives numbers from 0 up to but without 1.</param>
    public Backoff(TimeSpan first, TimeSpan longest, Func<double> chance)
    {
        _first = first;
        _longest = longest;
        _chance = chance;
        _next = first;
    }

    public TimeSpan Next()
    {
        var pause = (_next / 2) + (_next / 2 * _chance());
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return pause;
    }

    public void Reset() => _next = _first;
}
