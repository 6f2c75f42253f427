using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>
/// What the events of our contracts say: the registered meters, the anchored intervals and their sums. Safe for concurrent
/// callers.
/// </summary>
/// <param name="contracts">Whose events count.</param>
public sealed class LedgerView(ContractAddresses contracts)
{
    private readonly Lock _lock = new();
    private readonly List<(ulong Block, ulong? RetiredIn, MeterRegistration Meter)> _meters = [];
    private readonly Dictionary<Address, int> _serving = [];
    private readonly Dictionary<PremisesId, int> _lastAt = [];
    private readonly SortedDictionary<(uint Microgrid, Instant Start, int Version), AnchoredVersion> _anchors = [];

    /// <summary>Who holds which office, who takes part, and what stands where.</summary>
    public OfficesView Offices { get; } = new(contracts);

    /// <summary>Bills, payments and balances.</summary>
    public MoneyView Money { get; } = new(contracts.Money);

    /// <summary>Adverts, demands, deliveries and stores.</summary>
    public MarketView Market { get; } = new(contracts.Market);

    /// <summary>Called after something of the market has changed, by who brings the change; neither blocks nor throws.</summary>
    public Action? MarketChanged { get; set; }

    /// <summary>Pay-as-you-go between two parties.</summary>
    public ChannelsView Channels { get; } = new(contracts.Channels);

    /// <summary>Called after something about money has changed, by who brings the change; neither blocks nor throws.</summary>
    public Action? MoneyChanged { get; set; }

    /// <summary>Every span of service of every meter, oldest first.</summary>
    public IReadOnlyList<MeterRegistration> Meters
    {
        get
        {
            lock (_lock)
                return [.. _meters.Select(m => m.Meter)];
        }
    }

    /// <summary>What stands on the ledger in all.</summary>
    public LedgerTotals Totals
    {
        get
        {
            lock (_lock)
            {
                var newest = NewestVersions().ToList();
                var energy = newest.Aggregate(default(EnergySum), (sum, a) => sum + a.Root.Sum);
                return new(energy, newest.Count, _anchors.Count - newest.Count);
            }
        }
    }

    /// <summary>The meter's registration in service, or null.</summary>
    public MeterRegistration? Find(MeterId meter)
    {
        lock (_lock)
            return _serving.TryGetValue(meter.Key, out var place) ? _meters[place].Meter : null;
    }

    /// <summary>The span of service that began last on premises, also when it has ended; null when no meter ever stood there.</summary>
    public MeterRegistration? LastAt(PremisesId premises)
    {
        lock (_lock)
            return _lastAt.TryGetValue(premises, out var place) ? _meters[place].Meter : null;
    }

    /// <summary>Newest versions of anchored intervals that start before an instant (all when null), newest first.</summary>
    public IReadOnlyList<AnchoredVersion> Anchors(MicrogridId? microgrid, Instant? before, int limit)
    {
        lock (_lock)
        {
            return
            [
                .. NewestVersions()
                    .Where(a => (microgrid is null || a.Microgrid == microgrid) && (before is null || a.Start < before))
                    .OrderByDescending(a => a.Start).ThenBy(a => a.Microgrid)
                    .Take(limit),
            ];
        }
    }

    /// <summary>
    /// What the transformers delivered and no other meter counted, by some time that intervals are put together to; intervals that
    /// nothing was held against do not count, and a time that has no other is not there.
    /// </summary>
    public IReadOnlyDictionary<T, Energy> Losses<T>(Func<Instant, T> by)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(by);
        var losses = new Dictionary<T, Energy>();
        lock (_lock)
        {
            foreach (var anchor in NewestVersions())
            {
                if (anchor.Lost is not { } lost)
                    continue;
                var key = by(anchor.Start);
                losses[key] = losses.GetValueOrDefault(key) + lost;
            }
        }

        return losses;
    }

    /// <summary>One version of an anchored interval, or null.</summary>
    public AnchoredVersion? Anchor(MicrogridId microgrid, Instant start, int version)
    {
        lock (_lock)
            return _anchors.GetValueOrDefault((microgrid.Number, start, version));
    }

    /// <summary>Everything that was anchored in a block or later, by block.</summary>
    public IReadOnlyList<AnchoredVersion> AnchoredFrom(ulong block)
    {
        lock (_lock)
            return [.. _anchors.Values.Where(anchor => anchor.Block >= block).OrderBy(anchor => anchor.Block)];
    }

    /// <summary>Takes a change in; changes come in the order of <see cref="Indexer.ChangesAsync"/>.</summary>
    public void Apply(ChainChange change)
    {
        Offices.Apply(change);
        var isMoney = Money.Apply(change);
        var isMarket = Market.Apply(change);
        Channels.Apply(change);
        lock (_lock)
        {
            switch (change)
            {
                case ChainChange.BlockAdded added:
                    foreach (var one in added.Events)
                        Apply(added.Block, one);
                    break;
                case ChainChange.BlocksTakenBack back:
                    TakeBack(back.KeptNumber);
                    break;
                default:
                    throw new ArgumentException($"unknown change {change}", nameof(change));
            }
        }

        if (isMoney)
            MoneyChanged?.Invoke();
        if (isMarket)
            MarketChanged?.Invoke();
    }

    /// <summary>A view of everything that is indexed now.</summary>
    public static async Task<LedgerView> LoadAsync(
        IEventIndex index, ContractAddresses contracts, ulong firstBlock, CancellationToken cancellation)
    {
        var view = new LedgerView(contracts);
        var reader = new ChangeReader(index, EventPlace.Start, firstBlock);
        while (await reader.NextAsync(cancellation) is { } change)
            view.Apply(change);
        return view;
    }

    private IEnumerable<AnchoredVersion> NewestVersions()
    {
        AnchoredVersion? last = null;
        foreach (var anchor in _anchors.Values)
        {
            if (last is not null && (last.Microgrid != anchor.Microgrid || last.Start != anchor.Start))
                yield return last;
            last = anchor;
        }

        if (last is not null)
            yield return last;
    }

    private void Apply(IndexedBlock block, IndexedEvent one)
    {
        if (one.Contract == contracts.Meters)
            ApplyMeters(block, one);
        else if (one.Contract == contracts.Anchors)
            ApplyAnchors(block, one, new Log { Address = one.Contract, Topics = one.Topics, Data = one.Data });
    }

    private void ApplyMeters(IndexedBlock block, IndexedEvent one)
    {
        switch (MeterEvents.Decode(one, block.Time))
        {
            case MeterEvent.Registered { Registration: var registration }:
                _serving[registration.Meter.Key] = _lastAt[registration.Premises] = _meters.Count;
                _meters.Add((block.Number, null, registration));
                break;
            case MeterEvent.Retired retired when _serving.Remove(retired.Meter.Key, out var place):
                var (began, _, meter) = _meters[place];
                _meters[place] = (began, block.Number, meter with { RetiredAt = retired.At });
                break;
        }
    }

    private void ApplyAnchors(IndexedBlock block, IndexedEvent one, Log log)
    {
        if (Contracts.Anchors.Events.Anchored.TryDecode(log, out var anchored))
        {
            var sum = new EnergySum(
                Energy.FromMilliwattHours((long)anchored.ImportSum), Energy.FromMilliwattHours((long)anchored.ExportSum));
            var version = new AnchoredVersion(
                new MicrogridId(anchored.Microgrid),
                Instant.FromUnixTimeSeconds((long)anchored.Start),
                anchored.Version,
                new SumNode(anchored.Root, sum),
                (int)anchored.Count,
                anchored.Transformer,
                block.Number,
                one.Transaction,
                BalanceOutcome.None,
                null);
            _anchors[version.Place] = version;
        }
        else if (Contracts.Anchors.Events.TryDecode(log, out var outcome))
        {
            ApplyBalance(outcome);
        }
    }

    private void ApplyBalance(Ethereum.Abi.IContractEvent outcome)
    {
        switch (outcome)
        {
            case Contracts.Anchors.Events.Balanced one:
                Set(one.Microgrid, one.Start, one.Version, BalanceOutcome.Balanced, one.Missing, one.Missing + one.Allowance);
                break;
            case Contracts.Anchors.Events.Discrepancy one:
                Set(one.Microgrid, one.Start, one.Version, BalanceOutcome.Discrepancy, one.Missing, one.Missing + one.Allowance);
                break;
            case Contracts.Anchors.Events.Unbalanced one:
                Set(one.Microgrid, one.Start, one.Version, BalanceOutcome.Unbalanced, null, null);
                break;
        }
    }

    private void Set(uint microgrid, ulong start, ushort version, BalanceOutcome outcome, BigInteger? missing, BigInteger? lost)
    {
        var place = (microgrid, Instant.FromUnixTimeSeconds((long)start), (int)version);
        if (_anchors.TryGetValue(place, out var anchor))
            _anchors[place] = anchor with { Balance = outcome, Missing = EnergyOf(missing), Lost = EnergyOf(lost) };
    }

    private static Energy? EnergyOf(BigInteger? milliwattHours) =>
        milliwattHours is { } number ? Energy.FromMilliwattHours((long)number) : null;

    private void TakeBack(ulong kept)
    {
        foreach (var place in _anchors.Where(a => a.Value.Block > kept).Select(a => a.Key).ToList())
            _anchors.Remove(place);
        _meters.RemoveAll(m => m.Block > kept);
        _serving.Clear();
        _lastAt.Clear();
        for (var i = 0; i < _meters.Count; i++)
        {
            _lastAt[_meters[i].Meter.Premises] = i;
            if (_meters[i].RetiredIn > kept)
                _meters[i] = (_meters[i].Block, null, _meters[i].Meter with { RetiredAt = null });
            if (_meters[i].RetiredIn is null)
                _serving[_meters[i].Meter.Meter.Key] = i;
        }
    }
}
