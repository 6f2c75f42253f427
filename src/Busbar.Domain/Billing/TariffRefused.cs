using Busbar.Cryptography;

namespace Busbar.Domain.Billing;

/// <summary>Why a tariff is not taken. A closed set.</summary>
/// <param name="Member">Where in the tariff, such as <c>slabs[2].upTo</c>; empty for all of it. Places in lists count from 1.</param>
public abstract record TariffRefused(string Member)
{
    /// <summary>The refusal's name, stable over releases.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person: what is wrong and what is expected.</summary>
    public abstract string Detail { get; }

    /// <summary>The text is not YAML.</summary>
    public sealed record NotYaml(string Fault) : TariffRefused("")
    {
        /// <inheritdoc />
        public override string Detail => Fault;
    }

    /// <summary>The text is longer than a tariff can be.</summary>
    public sealed record Oversized(long Size, long Most) : TariffRefused("")
    {
        /// <inheritdoc />
        public override string Detail => $"{Size} bytes, at most {Most} are taken";
    }

    /// <summary>The text uses a part of YAML that a tariff has no use for.</summary>
    public sealed record NotPlain(string What) : TariffRefused("")
    {
        /// <inheritdoc />
        public override string Detail => $"a tariff is plain YAML: no {What}";
    }

    /// <summary>There is no such member.</summary>
    public sealed record UnknownMember(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "there is no such member";
    }

    /// <summary>A member that is needed is not there.</summary>
    public sealed record Missing(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "is missing";
    }

    /// <summary>Something that may be there once is there twice.</summary>
    public sealed record Twice(string Member, string Text) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => $"{Text} is there twice";
    }

    /// <summary>A value cannot be read.</summary>
    public sealed record Malformed(string Member, string Text, string Expected) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => $"{Expected}, not {Text}";
    }

    /// <summary>A value is beyond what a tariff may have.</summary>
    public sealed record OutOfRange(string Member, string Text, string Expected) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => $"{Expected}, not {Text}";
    }

    /// <summary>A list is too long.</summary>
    public sealed record TooMany(string Member, int Count, int Most) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => $"has {Count}, at most {Most} are taken";
    }

    /// <summary>The days of validity end before they begin.</summary>
    public sealed record EndsBeforeItBegins(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "is the first day on which the tariff no longer holds, so it is after validFrom";
    }

    /// <summary>Slabs or holidays are not in rising order.</summary>
    public sealed record NotAscending(string Member, string Text, string Before) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => $"{Text} is not above {Before} before it";
    }

    /// <summary>The last slab has a limit, so that the energy above it would have no price.</summary>
    public sealed record LastSlabLimited(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "the last slab has no upTo: it is for all energy above the one before";
    }

    /// <summary>A slab before the last has no limit.</summary>
    public sealed record SlabUnlimited(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "only the last slab may be without upTo";
    }

    /// <summary>The last rate band has times, so that the others would be in no band.</summary>
    public sealed record LastBandLimited(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "the last band has no when: it is for all times that the bands before it leave";
    }

    /// <summary>A rate band before the last has no times, so that those after it would never be.</summary>
    public sealed record BandUnlimited(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "only the last band may be without when";
    }

    /// <summary>All rate bands are free, which on the ledger means that there are none.</summary>
    public sealed record BandsFree(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "one of the bands costs something, or there are none";
    }

    /// <summary>A band names a season that is not there.</summary>
    public sealed record UnknownSeason(string Member, string Season) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => $"there is no season {Season}";
    }

    /// <summary>The document is not the one whose hash is on the ledger.</summary>
    public sealed record OtherDocument(Hash256 OnLedger, Hash256 Given) : TariffRefused("")
    {
        /// <inheritdoc />
        public override string Detail => $"the ledger has the document {OnLedger}, this is {Given}";
    }

    /// <summary>What is on the ledger is not what the document says.</summary>
    public sealed record LedgerDiffers(string Member) : TariffRefused(Member)
    {
        /// <inheritdoc />
        public override string Detail => "is on the ledger not as the document says";
    }
}
