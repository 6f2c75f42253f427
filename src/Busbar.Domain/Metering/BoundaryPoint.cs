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

    /// <summary>The newest boundary before the given one whose register is known.</summary>
    public long? LastKnownBefore(long boundary)
    {
        for (var at = Math.Min(boundary, _first + _points.Count) - 1; at >= _first; at--)
        {
            if (this[at].Source != PointSource.Unknown)
                return at;
        }

        return null;
    }

    /// <summary>Forgets what lies before a boundary.</summary>
    public void ForgetBefore(long boundary)
    {
        var gone = (int)Math.Clamp(boundary - _first, 0, _points.Count);
        _points.RemoveRange(0, gone);
        _first += gone;
    }
}
