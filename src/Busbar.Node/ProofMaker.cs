using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Proofs;
using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Node;

/// <summary>Makes the proof of a reading: its interval's tree is built anew from the stored readings and estimates.</summary>
public sealed class ProofMaker
{
    private readonly IReadingStore _readings;
    private readonly ContractAddresses _contracts;
    private readonly Hash256 _master;
    private readonly Func<MicrogridId, IReadOnlyList<MeterRegistration>> _meters;

    internal ProofMaker(
        IReadingStore readings,
        ContractAddresses contracts,
        Hash256 master,
        Func<MicrogridId, IReadOnlyList<MeterRegistration>> meters)
    {
        _readings = readings;
        _contracts = contracts;
        _master = master;
        _meters = meters;
    }

    /// <summary>The proof of a meter's leaf, or null when there is no such interval, version or leaf.</summary>
    /// <param name="microgrid">The meter's microgrid.</param>
    /// <param name="meter">The meter.</param>
    /// <param name="start">The interval's start.</param>
    /// <param name="version">Which version; the newest when null.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ProofDocument?> ProveAsync(
        MicrogridId microgrid, MeterId meter, Instant start, int? version, CancellationToken cancellation) =>
        (await IntervalAsync(microgrid, start, version, cancellation))?.Of(meter);

    /// <summary>The proofs of all leaves of an interval, whose tree is built once; null when there is no such interval or version.</summary>
    /// <param name="microgrid">Whose.</param>
    /// <param name="start">The interval's start.</param>
    /// <param name="version">Which version; the newest when null.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task<IntervalProofs?> IntervalAsync(MicrogridId microgrid, Instant start, int? version, CancellationToken cancellation)
    {
        if (await _readings.ClosedAsync(microgrid, start, version, cancellation) is not { } closed)
            return null;
        var closing = (await _readings.ReadingsAtAsync(microgrid, closed.Interval.End, cancellation)).ToDictionary(signed => signed.Reading.Meter);
        var leaves = await LeavesAsync(closed, closing, cancellation);
        return new(_contracts, closed, leaves, closing, Tree(closed, leaves));
    }

    /// <summary>The tree of an interval for drawing, or null when there is no such interval or version.</summary>
    /// <param name="microgrid">Whose.</param>
    /// <param name="start">The interval's start.</param>
    /// <param name="version">Which version; the newest when null.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<TreeOutline?> OutlineAsync(MicrogridId microgrid, Instant start, int? version, CancellationToken cancellation)
    {
        if (await _readings.ClosedAsync(microgrid, start, version, cancellation) is not { } closed)
            return null;
        var closing = (await _readings.ReadingsAtAsync(microgrid, closed.Interval.End, cancellation)).ToDictionary(signed => signed.Reading.Meter);
        return Tree(closed, await LeavesAsync(closed, closing, cancellation)).Outline();
    }

    private static MerkleSumTree Tree(ClosedInterval closed, List<Leaf> leaves)
    {
        var tree = MerkleSumTree.Build(leaves);
        return tree.Root == closed.Root
            ? tree
            : throw new InvalidOperationException($"the readings stored for {closed.Interval} do not make its root; restore the store from a backup");
    }

    private async Task<List<Leaf>> LeavesAsync(
        ClosedInterval closed, Dictionary<MeterId, SignedReading> closing, CancellationToken cancellation)
    {
        var opening = (await _readings.ReadingsAtAsync(closed.Microgrid, closed.Interval.Start, cancellation))
            .ToDictionary(signed => signed.Reading.Meter);
        var estimates = closed.Estimates.ToDictionary(leaf => leaf.Meter);
        MeterId[] meters = [.. _meters(closed.Microgrid).Where(meter => meter.HasLeafIn(closed.Interval)).Select(meter => meter.Meter)];
        var order = LeafOrder.Permute(_master, closed.Microgrid, closed.Interval, closed.Version, meters);
        return [.. order.Select(place => LeafOf(closed, meters[place], opening, closing, estimates))];
    }

    private Leaf LeafOf(
        ClosedInterval closed,
        MeterId meter,
        Dictionary<MeterId, SignedReading> opening,
        Dictionary<MeterId, SignedReading> closing,
        Dictionary<MeterId, EstimatedLeaf> estimates)
    {
        var salt = MeterSecret.Derive(_master, meter).Salt(closed.Interval, closed.Version);
        if (estimates.TryGetValue(meter, out var estimate))
            return new(meter, estimate.Closing, estimate.Energy, estimate.Flags, estimate.ReadingDigest, salt);
        var end = closing[meter].Reading;
        var (import, export) = end.Since(opening[meter].Reading.Registers);
        var flags = (LeafFlags)((int)end.Flags & 0xff);
        return new(meter, end.Registers, new(import, export), flags, end.Digest(_contracts.SigningDomain), salt);
    }
}
