namespace Busbar.Ledger.Proofs;

/// <summary>What a proof came to. A closed set; only <see cref="Genuine"/> is good.</summary>
public abstract record ProofOutcome
{
    private ProofOutcome()
    {
    }

    /// <summary>One line for a person.</summary>
    public abstract string Explanation { get; }

    /// <summary>The reading is its meter's, and is anchored.</summary>
    /// <param name="LatestVersion">The interval's newest version; a proof of an older one stays true and says so here.</param>
    /// <param name="IsEstimated">The leaf is an estimate: anchored, but signed by no meter.</param>
    public sealed record Genuine(int LatestVersion, bool IsEstimated) : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation =>
            $"{(IsEstimated ? "an estimate, anchored" : "genuine: signed by its meter and anchored")}; the newest version is {LatestVersion}";
    }

    /// <summary>The document contradicts itself, or is for other contracts or another chain.</summary>
    /// <param name="Detail">What does not fit.</param>
    public sealed record WrongShape(string Detail) : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation => $"the proof does not fit together: {Detail}";
    }

    /// <summary>The reading is not the one that the leaf names.</summary>
    /// <param name="Detail">What differs.</param>
    public sealed record WrongReading(string Detail) : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation => $"the reading is not the leaf's: {Detail}";
    }

    /// <summary>The signature is not the meter's.</summary>
    public sealed record WrongSignature : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation => "the signature is not the meter's";
    }

    /// <summary>The path does not lead from the leaf to the root and its sums.</summary>
    public sealed record WrongRoot : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation => "the path does not lead to the anchored root and sums";
    }

    /// <summary>The chain has no such version, or another one than the header says.</summary>
    /// <param name="IsOther">Whether another commitment stands there.</param>
    public sealed record NotAnchored(bool IsOther) : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation =>
            IsOther ? "the chain has another commitment for this interval and version" : "the chain has no such interval and version";
    }

    /// <summary>The meter was no leaf of that microgrid when the interval began.</summary>
    public sealed record NotRegistered : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation => "the meter was not registered in that microgrid when the interval began";
    }

    /// <summary>All checks passed here, but the contract's own check did not: one of the two is wrong.</summary>
    /// <param name="Verdict">The contract's answer.</param>
    public sealed record ContractDisagrees(int Verdict) : ProofOutcome
    {
        /// <inheritdoc />
        public override string Explanation => $"the contract's own check answers {Verdict}";
    }
}
