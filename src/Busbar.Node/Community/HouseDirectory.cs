using System.Collections.Frozen;
using System.Globalization;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Ledger.Indexing;
using Busbar.Store.Houses;

namespace Busbar.Node.Community;

/// <summary>
/// The houses of the community: what the operator wrote of them, and those that the ledger knows and nobody has named yet.
/// Thread safe; what is read is one state of all of it.
/// </summary>
internal sealed class HouseDirectory : IDisposable
{
    private readonly SqliteHouses _store;
    private readonly LedgerView _ledger;
    private readonly FrozenSet<MicrogridId> _microgrids;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private FrozenDictionary<MeterId, House> _written;
    private volatile Names? _names;

    private HouseDirectory(SqliteHouses store, LedgerView ledger, IEnumerable<MicrogridId> microgrids, IEnumerable<House> written)
    {
        _store = store;
        _ledger = ledger;
        _microgrids = microgrids.ToFrozenSet();
        _written = written.ToFrozenDictionary(house => house.Meter);
    }

    /// <summary>Opens the directory with what is on disk.</summary>
    public static async Task<HouseDirectory> OpenAsync(
        SqliteHouses store, LedgerView ledger, IEnumerable<MicrogridId> microgrids, CancellationToken cancellation) =>
        new(store, ledger, microgrids, await store.AllAsync(cancellation));

    /// <summary>All houses that have a meter or shall have one, by microgrid and name.</summary>
    public IReadOnlyList<House> All()
    {
        var written = _written;
        var unnamed = _ledger.Meters
            .Where(meter => meter.RetiredAt is null && !written.ContainsKey(meter.Meter))
            .Select(Unnamed);
        return [.. written.Values.Select(Placed).Concat(unnamed).OrderBy(house => house.Microgrid).ThenBy(house => house.Name, NaturalOrder.Instance)];
    }

    /// <summary>The house of a meter, or null.</summary>
    public House? Find(MeterId meter) =>
        _written.TryGetValue(meter, out var house) ? Placed(house) : _ledger.Find(meter) is { } registered ? Unnamed(registered) : null;

    /// <summary>
    /// What people call premises: the house, and for premises whose meter went to others the house and the last day; null when nobody named
    /// them and no meter ever stood there.
    /// </summary>
    public string? NameOf(PremisesId premises)
    {
        var written = _written;
        if (_names is not { } names || names.Of != written)
        {
            var first = written.Values.GroupBy(house => house.Premises)
                .ToFrozenDictionary(group => group.Key, group => group.Select(house => house.Name).Min(NaturalOrder.Instance)!);
            _names = names = new(written, first);
        }

        if (_ledger.LastAt(premises) is not { } last || Find(last.Meter) is not { } house)
            return names.First.GetValueOrDefault(premises);
        if (last.RetiredAt is not { } until)
            return house.Name;
        // Taken down, and the house still the same: it is to be exchanged.
        return house.Premises == premises ? house.Name : string.Create(CultureInfo.InvariantCulture, $"{house.Name} (→ {until.InUtc().Date:uuuu-MM-dd})");
    }

    /// <summary>Writes houses, all or none; on disk when it completes.</summary>
    /// <returns>What is wrong with the list; empty when it was written.</returns>
    public async Task<IReadOnlyList<HouseRefused>> PutAsync(IReadOnlyList<House> houses, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var refused = HouseRules.Check(houses, _written.Values, _microgrids, _ledger.Find);
            if (refused.Count > 0)
                return refused;
            await _store.PutAsync(houses, cancellation);
            var next = _written.ToDictionary();
            foreach (var house in houses)
                next[house.Meter] = house;
            _written = next.ToFrozenDictionary();
            return [];
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    // Whose house it is, the ledger says: who moves in has premises of their own.
    private House Placed(House house) =>
        _ledger.Find(house.Meter) is { Premises: var premises } && premises != default ? house with { Premises = premises } : house;

    private static House Unnamed(MeterRegistration meter) =>
        new(meter.Meter, meter.Meter.Key.ToString(), meter.Kind, meter.Microgrid, meter.Premises);

    private sealed record Names(FrozenDictionary<MeterId, House> Of, FrozenDictionary<PremisesId, string> First);
}
