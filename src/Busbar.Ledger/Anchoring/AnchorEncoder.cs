using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Ledger.Anchoring;

/// <summary>Makes the contract's input from closed intervals. Not for concurrent callers.</summary>
internal sealed class AnchorEncoder(ContractAddresses contracts)
{
    private const int SignedSize = Reading.Size - Hash256.Length + Signature.Length;

    // What the contract knows of a microgrid's transformer: its registers at the anchored end.
    private readonly Dictionary<MicrogridId, TransformerState?> _known = [];

    /// <summary>Asks the contract about microgrids that are not known yet.</summary>
    public async Task LearnAsync(EthereumClient client, IEnumerable<MicrogridId> microgrids, CancellationToken cancellation)
    {
        foreach (var microgrid in microgrids.Where(m => !_known.ContainsKey(m)).Distinct().ToList())
        {
            var until = await Anchors.AnchoredUntilAsync(client, contracts.Anchors, microgrid.Number, cancellationToken: cancellation);
            var (known, import, export) =
                await Anchors.TransformerRegistersAsync(client, contracts.Anchors, microgrid.Number, cancellationToken: cancellation);
            _known[microgrid] = known ? new(Instant.FromUnixTimeSeconds((long)until), null, (long)import, (long)export) : null;
        }
    }

    /// <summary>Forgets microgrids after a failure: the contract is asked again.</summary>
    public void Forget(IEnumerable<MicrogridId> microgrids)
    {
        foreach (var microgrid in microgrids)
            _known.Remove(microgrid);
    }

    /// <summary>Encodes versions in their order; what the contract will know after them is remembered.</summary>
    public byte[] Encode(IEnumerable<ClosedInterval> closed) => Anchors.EncodeAnchor([.. closed.Select(Input)]);

    private Anchors.AnchorInput Input(ClosedInterval closed)
    {
        var input = new Anchors.AnchorInput(
            closed.Microgrid.Number,
            (ulong)closed.Interval.Start.ToUnixTimeSeconds(),
            (ushort)closed.Version,
            closed.Root.Hash,
            (uint)closed.Count,
            (ulong)closed.Root.Sum.Import.MilliwattHours,
            (ulong)closed.Root.Sum.Export.MilliwattHours,
            Transformer(closed));
        if (closed.Version == 1)
            _known[closed.Microgrid] = closed.TransformerClosing is { } end ? TransformerState.Of(end.Reading) : null;
        else if (closed.TransformerClosing is not null)
            _known.Remove(closed.Microgrid);
        return input;
    }

    // A second signature costs 6,000 gas: the opening reading is left out where the contract has its registers already.
    private byte[] Transformer(ClosedInterval closed)
    {
        if (closed.TransformerClosing is not { } closing)
            return [];
        if (closed.TransformerOpening is not { } opening
            || (closed.Version == 1 && _known.GetValueOrDefault(closed.Microgrid) is { } known && known.Fits(opening.Reading)))
            return Wire(closing);
        return [.. Wire(opening), .. Wire(closing)];
    }

    /// <summary>The binary form without the domain, then r, s and v.</summary>
    private byte[] Wire(SignedReading signed)
    {
        Span<byte> form = stackalloc byte[Reading.Size];
        signed.Reading.WriteTo(contracts.SigningDomain, form);
        var wire = new byte[SignedSize];
        form[Hash256.Length..].CopyTo(wire);
        signed.Signature.WriteTo(wire.AsSpan(Reading.Size - Hash256.Length));
        return wire;
    }

    private sealed record TransformerState(Instant At, MeterId? Meter, long Import, long Export)
    {
        public static TransformerState Of(Reading reading) => new(
            reading.Instant, reading.Meter, reading.Registers.Import.MilliwattHours, reading.Registers.Export.MilliwattHours);

        public bool Fits(Reading opening)
        {
            var other = Of(opening);
            return this == (Meter is null ? other with { Meter = null } : other);
        }
    }
}
