using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Ledger.Proofs;

/// <summary>What a version's commitment on the ledger is the keccak-256 of.</summary>
/// <param name="Microgrid">Whose.</param>
/// <param name="Start">The interval's start.</param>
/// <param name="Version">1 or more.</param>
/// <param name="Root">The tree's root and sums.</param>
/// <param name="Count">How many leaves.</param>
/// <param name="Transformer">The digest of the transformer's reading at the end; zero when there was none.</param>
public sealed record AnchorHeader(MicrogridId Microgrid, Instant Start, int Version, SumNode Root, int Count, Hash256 Transformer)
{
    /// <summary>The header of a closed interval, as the contract makes it.</summary>
    public static AnchorHeader Of(ClosedInterval closed, SigningDomain domain) => new(
        closed.Microgrid,
        closed.Interval.Start,
        closed.Version,
        closed.Root,
        closed.Count,
        closed.TransformerClosing?.Reading.Digest(domain) ?? default);
}

/// <summary>
/// All that is needed to prove one reading against the chain, and nothing that the chain itself tells. Format
/// <c>busbar-proof-1</c>.
/// </summary>
/// <param name="Contracts">The deployment that it is for; only chain, meters and anchors are written.</param>
/// <param name="Length">The interval's length.</param>
/// <param name="Header">What was anchored.</param>
/// <param name="Leaf">The meter's leaf.</param>
/// <param name="Reading">The signed reading at the interval's end; null when it was estimated.</param>
/// <param name="Path">The way from the leaf to the root.</param>
public sealed record ProofDocument(
    ProofDeployment Contracts, IntervalLength Length, AnchorHeader Header, Leaf Leaf, SignedReading? Reading, MerkleSumProof Path)
{
    /// <summary>The document's format.</summary>
    public const string FormatName = "busbar-proof-1";

    /// <summary>The longest document that is read, in bytes.</summary>
    public const int LongestDocument = 64 * 1024;

    /// <summary>The document for one leaf of a closed interval.</summary>
    public static ProofDocument Create(
        ContractAddresses contracts, ClosedInterval closed, Leaf leaf, SignedReading? reading, MerkleSumProof path) => new(
            ProofDeployment.Of(contracts),
            closed.Interval.Length,
            AnchorHeader.Of(closed, contracts.SigningDomain),
            leaf,
            reading,
            path);

    /// <summary>Writes the document as UTF-8 JSON.</summary>
    public byte[] ToJson() => ProofJson.Write(this);

    /// <summary>Reads a document, strictly: every member once, nothing more, every number in range.</summary>
    /// <param name="utf8">At most <see cref="LongestDocument"/> bytes.</param>
    /// <param name="document">The document; null when refused.</param>
    /// <param name="error">What is wrong, for a person; null when it was read.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ProofDocument? document,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error) => ProofJson.TryRead(utf8, out document, out error);
}

/// <summary>The deployment that a proof is for.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Meters">Where the meters are registered.</param>
/// <param name="Anchors">Where readings are anchored.</param>
public sealed record ProofDeployment(ulong ChainId, Address Meters, Address Anchors)
{
    /// <summary>That of a community's contracts.</summary>
    public static ProofDeployment Of(ContractAddresses contracts) => new(contracts.ChainId, contracts.Meters, contracts.Anchors);

    /// <summary>What meters sign for.</summary>
    public SigningDomain SigningDomain => new(ChainId, Meters);
}
