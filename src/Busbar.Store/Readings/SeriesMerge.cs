using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Store.Readings;

/// <summary>Joins packed points with readings not packed yet, one point for each instant.</summary>
internal static class SeriesMerge
{
    public static List<RegisterPoint> Join(List<RegisterPoint> packed, List<HotReading> hot)
    {
        hot.Sort(HotReading.InOrder);
        var ranked = new List<(RegisterPoint Point, int Rank)>(packed.Count + hot.Count);
        foreach (var point in packed)
            ranked.Add((point, 1));
        for (var i = 0; i < hot.Count; i++)
        {
            if (i + 1 == hot.Count || hot[i + 1].At != hot[i].At)
                ranked.Add((new(Instant.FromUnixTimeSeconds(hot[i].At), hot[i].Registers), hot[i].IsOnRequest ? 0 : 2));
        }

        ranked.Sort((left, right) => (left.Point.Instant, left.Rank).CompareTo((right.Point.Instant, right.Rank)));
        var joined = new List<RegisterPoint>(ranked.Count);
        foreach (var (point, _) in ranked)
        {
            if (joined.Count > 0 && joined[^1].Instant == point.Instant)
                joined[^1] = point;
            else
                joined.Add(point);
        }

        return joined;
    }
}
