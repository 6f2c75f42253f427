using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Trading;
using Stored = Busbar.Ledger.Contracts.Storage.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>What is in the stores, and whose it is. Not safe for concurrent callers: its view is.</summary>
internal sealed class StoreBook
{
    private readonly SortedDictionary<uint, StoreLevel> _levels = [];
    private readonly Dictionary<(uint Microgrid, Address Seller), (Energy Free, Energy Committed)> _credits = [];

    public List<StoreDeposit> Deposits { get; } = [];

    public void Clear()
    {
        _levels.Clear();
        _credits.Clear();
        Deposits.Clear();
    }

    public IReadOnlyList<StoreLevel> Levels() => [.. _levels.Values];

    public IReadOnlyList<StoreCredit> Credits() =>
    [
        .. _credits.Select(one => new StoreCredit(new(one.Key.Microgrid), one.Key.Seller, one.Value.Free, one.Value.Committed))
            .OrderBy(one => one.Microgrid.Number).ThenBy(one => one.Seller),
    ];

    public StoreCredit Credit(MicrogridId microgrid, Address seller)
    {
        var (free, committed) = _credits.GetValueOrDefault((microgrid.Number, seller));
        return new(microgrid, seller, free, committed);
    }

    /// <summary>Puts free credit on sale (positive), or frees it again (negative).</summary>
    public void Commit(MicrogridId microgrid, Address seller, Energy energy)
    {
        var (free, committed) = _credits.GetValueOrDefault((microgrid.Number, seller));
        _credits[(microgrid.Number, seller)] = (free - energy, committed + energy);
    }

    /// <summary>Takes delivered energy from what is committed.</summary>
    public void Deliver(MicrogridId microgrid, Address seller, Energy energy)
    {
        var (free, committed) = _credits.GetValueOrDefault((microgrid.Number, seller));
        _credits[(microgrid.Number, seller)] = (free, committed - energy);
    }

    public void Apply(IContractEvent said, LedgerPlace place)
    {
        switch (said)
        {
            case Stored.StoreOpened opened:
                Level(opened.Microgrid, opened.Meter, opened.Store.MeasuredAt, opened.Store.Level);
                break;
            case Stored.StoreMeasured measured:
                Level(measured.Microgrid, measured.Meter, measured.Store.MeasuredAt, measured.Store.Level);
                break;
            case Stored.Deposited deposited:
                _credits[(deposited.Microgrid, deposited.Seller)] = (MilliwattHours(deposited.Credit.Free), MilliwattHours(deposited.Credit.Committed));
                Deposits.Add(
                    new(new(deposited.Microgrid), deposited.Seller, MilliwattHours(deposited.Energy), MilliwattHours(deposited.Credited), place));
                break;
        }
    }

    private void Level(uint microgrid, Address meter, ulong measuredAt, ulong level) =>
        _levels[microgrid] = new(new(microgrid), new(meter), LedgerTime.Of(measuredAt), MilliwattHours(level));

    private static Energy MilliwattHours(ulong value) => Energy.FromMilliwattHours((long)value);
}
