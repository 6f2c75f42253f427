using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>How a register at an interval's boundary is known.</summary>
internal enum PointSource : byte
{
    Unknown = 0,
    Estimated = 1,
    Measured = 2,
}

/// <summary>A meter's registers at a boundary between two intervals.</summary>
/// <param name="Source">Measured, estimated, or not known.</param>
/// <param name="Registers">The registers.</param>
/// <param name="Digest">The digest of the signed reading; zero when estimated.</param>
/// <param name="Flags">The flags of the reading.</param>
/// <param name="AfterReset">The registers began anew since the boundary before.</param>
internal readonly record struct BoundaryPoint(
    PointSource Source, Registers Registers, Hash256 Digest, ReadingFlags Flags, bool AfterReset);

/// <summary>The points of one meter over a window of consecutive boundaries; a boundary is counted in interval lengths since 1970.</summary>
internal sealed class BoundaryWindow
{
    private readonly List<BoundaryPoint> _points = [];
    private long _first;

    public long First => _first;

    public int Count => _points.Count;

    public BoundaryPoint this[long boundary]
    {
        get => boundary >= _first && boundary < _first + _points.Count ? _points[(int)(boundary - _first)] : default;
        set
        {
            if (_points.Count == 0)
                _first = boundary;
            if (boundary < _first)
            {
                _points.InsertRange(0, Enumerable.Repeat(default(BoundaryPoint), (int)(_first - boundary)));
                _first = boundary;
            }

            while (_first + _points.Count <= boundary)
                _points.Add(default);
            _points[(int)(boundary - _first)] = value;
        }
    }

    /// <summary>
    /// Where the energy up to a boundary is spread from: the newest measured boundary before it, or, when that is forgotten, the
    /// oldest that is estimated, since what lies before it is final.
    /// </summary>
    public long? SpreadFrom(long boundary)
    {
        long? oldest = null;
        for (var at = Math.Min(boundary, _first + _points.Count) - 1; at >= _first; at--)
        {
            if (this[at].Source == PointSource.Measured)
                return at;
            if (this[at].Source == PointSource.Estimated)
                oldest = at;
        }

        return oldest;
    }

    /// <summary>
    /// Lifts the estimates after a measured boundary that it has overtaken, since a register never goes back; what is closed already
    /// and was not even estimated stands where the measured one does.
    /// </summary>
    /// <param name="boundary">The measured boundary.</param>
    /// <param name="closed">The newest boundary that is closed.</param>
    /// <returns>The last boundary that was lifted, or the given one.</returns>
    public long LiftEstimatesAfter(long boundary, long closed)
    {
        var least = this[boundary].Registers;
        var at = boundary;
        while (this[at + 1] is var next
            && next.Source == PointSource.Estimated ? !next.Registers.NotBelow(least) : next.Source == PointSource.Unknown && at < closed)
            this[++at] = new(PointSource.Estimated, next.Registers.NotLessThan(least), default, ReadingFlags.None, AfterReset: false);
        return at;
    }

    /// <summary>Lets the estimates after a boundary go on from registers that began anew there, instead of from the estimate that stood there.</summary>
    /// <returns>The last boundary that was moved, or the given one.</returns>
    public long MoveEstimatesAfter(long boundary, in Registers estimate)
    {
        var anew = this[boundary].Registers;
        var at = boundary;
        while (this[at + 1] is { Source: PointSource.Estimated } next)
            this[++at] = next with { Registers = next.Registers.After(anew, estimate) };
        return at;
    }

    /// <summary>Forgets what lies before a boundary.</summary>
    public void ForgetBefore(long boundary)
    {
        var gone = (int)Math.Clamp(boundary - _first, 0, _points.Count);
        _points.RemoveRange(0, gone);
        _first += gone;
    }
}
