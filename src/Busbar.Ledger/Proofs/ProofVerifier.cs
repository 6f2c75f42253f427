using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;

namespace Busbar.Ledger.Proofs;

/// <summary>Holds a proof against the chain alone: nothing that a node says is trusted, and everything is computed here.</summary>
public static class ProofVerifier
{
    private const byte ValidVerdict = 6;
    private const int ReadingFlagsMask = 0xff;

    /// <summary>Verifies a proof.</summary>
    /// <param name="client">Any client of the chain.</param>
    /// <param name="trusted">The deployment that the asker trusts, from their own addresses file.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="EthereumRpcException">The chain cannot be read.</exception>
    public static async Task<ProofOutcome> VerifyAsync(
        EthereumClient client, ProofDeployment trusted, ProofDocument proof, CancellationToken cancellation)
    {
        if (proof.Contracts != trusted)
            return new ProofOutcome.WrongShape("it is for other contracts");
        if (await client.GetChainIdAsync(cancellation) is var chain && chain != trusted.ChainId)
            return new ProofOutcome.WrongShape($"the chain that was asked is {chain}, not {trusted.ChainId}");
        return CheckAlone(proof) ?? await CheckOnChainAsync(client, trusted, proof, cancellation);
    }

    private static ProofOutcome? CheckAlone(ProofDocument proof)
    {
        if (!proof.Length.IsBoundary(proof.Header.Start))
            return new ProofOutcome.WrongShape("the start is no boundary of intervals");
        if (CheckReading(proof) is { } wrong)
            return wrong;
        if (proof.Path.Count != proof.Header.Count || proof.Path.RootFor(proof.Leaf) is not { } root)
            return new ProofOutcome.WrongShape("the path has another shape than a tree of so many leaves");
        return root == proof.Header.Root ? null : new ProofOutcome.WrongRoot();
    }

    private static ProofOutcome? CheckReading(ProofDocument proof)
    {
        var leaf = proof.Leaf;
        var isEstimated = (leaf.Flags & LeafFlags.Estimated) != LeafFlags.None;
        if (proof.Reading is not { } signed)
        {
            return isEstimated && leaf.ReadingDigest.IsZero
                ? null
                : new ProofOutcome.WrongShape("the leaf is no estimate, and its reading is missing");
        }

        if (isEstimated)
            return new ProofOutcome.WrongReading("the leaf says that it is an estimate");
        if (signed.Reading.Instant != proof.Header.Start + proof.Length.Duration)
            return new ProofOutcome.WrongReading("it is not of the interval's end");
        if ((ushort)signed.Reading.Flags != ((ushort)leaf.Flags & ReadingFlagsMask))
            return new ProofOutcome.WrongReading("its flags are not the leaf's");
        if (!signed.IsGenuine(proof.Contracts.SigningDomain, out var digest))
            return new ProofOutcome.WrongSignature();
        return digest == leaf.ReadingDigest ? null : new ProofOutcome.WrongReading("its digest is not the leaf's");
    }

    private static async Task<ProofOutcome> CheckOnChainAsync(
        EthereumClient client, ProofDeployment trusted, ProofDocument proof, CancellationToken cancellation)
    {
        var header = Header(proof.Header);
        var committed = await Anchors.CommitmentOfAsync(
            client, trusted.Anchors, header.Microgrid, header.Start, header.Version, cancellationToken: cancellation);
        if (committed != Commitment(header))
            return new ProofOutcome.NotAnchored(IsOther: !committed.IsZero);
        var length = await Anchors.IntervalSecondsAsync(client, trusted.Anchors, header.Microgrid, cancellationToken: cancellation);
        if (length != (ulong)proof.Length.Seconds)
            return new ProofOutcome.WrongShape($"the microgrid's intervals have {length} seconds");
        var meter = await Meters.MeterAtAsync(client, trusted.Meters, proof.Leaf.Meter.Key, header.Start, cancellationToken: cancellation);
        if (meter.Microgrid != header.Microgrid
            || (MeterKind)meter.Kind is MeterKind.None or MeterKind.Transformer
            || (Commodity)meter.Commodity != Commodity.Electricity)
            return new ProofOutcome.NotRegistered();
        var verdict = await AskContractAsync(client, trusted, proof, header, cancellation);
        if (verdict != ValidVerdict)
            return new ProofOutcome.ContractDisagrees(verdict);
        var latest = await Anchors.LatestVersionAsync(client, trusted.Anchors, header.Microgrid, header.Start, cancellationToken: cancellation);
        return new ProofOutcome.Genuine(latest, proof.Reading is null);
    }

    private static Task<byte> AskContractAsync(
        EthereumClient client, ProofDeployment trusted, ProofDocument proof, Anchors.Header header, CancellationToken cancellation)
    {
        var leaf = proof.Leaf;
        var siblings = proof.Path.Siblings
            .Select(node => new Anchors.Sibling(node.Hash, (ulong)node.Sum.Import.MilliwattHours, (ulong)node.Sum.Export.MilliwattHours))
            .ToList();
        var (import, export) = ((ulong)leaf.Closing.Import.MilliwattHours, (ulong)leaf.Closing.Export.MilliwattHours);
        var bands = Enumerable.Range(0, BandRegisters.Count).Select(band => (ulong)leaf.Closing.Bands[band].MilliwattHours).ToList();
        var (taken, given) = ((ulong)leaf.Energy.Import.MilliwattHours, (ulong)leaf.Energy.Export.MilliwattHours);
        if (proof.Reading is not { } signed)
        {
            var estimate = new Anchors.Leaf(
                leaf.Meter.Key, import, export, bands, taken, given, (ushort)leaf.Flags, leaf.ReadingDigest, leaf.Salt);
            return Anchors.VerifyLeafAsync(
                client, trusted.Anchors, header, estimate, (uint)proof.Path.Index, siblings, cancellationToken: cancellation);
        }

        var read = signed.Reading;
        var reading = new Anchors.Reading(
            leaf.Meter.Key,
            read.Boot,
            read.Sequence,
            (ulong)read.Instant.ToUnixTimeSeconds(),
            import,
            export,
            bands,
            read.Firmware,
            (ushort)read.Flags);
        var extras = new Anchors.LeafExtras(taken, given, (ushort)leaf.Flags, leaf.Salt);
        return Anchors.VerifyAsync(
            client,
            trusted.Anchors,
            header,
            reading,
            signed.Signature.ToArray(),
            extras,
            (uint)proof.Path.Index,
            siblings,
            cancellationToken: cancellation);
    }

    private static Anchors.Header Header(AnchorHeader header) => new(
        header.Microgrid.Number,
        (ulong)header.Start.ToUnixTimeSeconds(),
        (ushort)header.Version,
        header.Root.Hash,
        (uint)header.Count,
        (ulong)header.Root.Sum.Import.MilliwattHours,
        (ulong)header.Root.Sum.Export.MilliwattHours,
        header.Transformer);

    // keccak256(abi.encode(header)): eight words.
    private static Hash256 Commitment(Anchors.Header header)
    {
        // Behind the selector of any function that takes a header stands exactly its encoding.
        var encoded = Anchors.EncodeIsAnchored(header);
        return Keccak256.Hash(encoded.AsSpan(sizeof(uint)));
    }
}
