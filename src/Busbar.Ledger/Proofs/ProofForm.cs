using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;

namespace Busbar.Ledger.Proofs;

/// <summary>The members of a proof document as they are written.</summary>
internal sealed record ProofForm(
    string Format,
    ulong ChainId,
    string Anchors,
    string Meters,
    uint Microgrid,
    long Start,
    int Minutes,
    int Version,
    HeaderForm Header,
    LeafForm Leaf,
    ReadingForm? Reading,
    int Index,
    IReadOnlyList<SiblingForm> Siblings)
{
    public static ProofForm Of(ProofDocument proof)
    {
        var header = proof.Header;
        return new(
            ProofDocument.FormatName,
            proof.Contracts.ChainId,
            proof.Contracts.Anchors.ToString(),
            proof.Contracts.Meters.ToString(),
            header.Microgrid.Number,
            header.Start.ToUnixTimeSeconds(),
            proof.Length.Minutes,
            header.Version,
            HeaderForm.Of(header),
            LeafForm.Of(proof.Leaf),
            proof.Reading is null ? null : ReadingForm.Of(proof.Reading),
            proof.Path.Index,
            [.. proof.Path.Siblings.Select(SiblingForm.Of)]);
    }

    public ProofDocument Read()
    {
        if (!string.Equals(Format, ProofDocument.FormatName, StringComparison.Ordinal))
            throw new FormatException($"the format is not {ProofDocument.FormatName}");
        if (Header is null || Leaf is null || Siblings is null || Siblings.Any(sibling => sibling is null))
            throw new FormatException("header, leaf or siblings are missing");
        if (Minutes is not (1 or 5 or 15 or 30 or 60))
            throw new FormatException("minutes is not 1, 5, 15, 30 or 60");
        var header = Header.Read();
        if (header.Microgrid.Number != Microgrid || header.Start != ProofJson.Time(Start, "start") || header.Version != Version)
            throw new FormatException("microgrid, start and version are not those of the header");
        if (Siblings.Count > MerkleSumProof.MaximumLength)
            throw new FormatException($"more than {MerkleSumProof.MaximumLength} siblings");
        var leaf = Leaf.Read();
        var deployment = new ProofDeployment(ChainId, ProofJson.Account(Meters, "meters"), ProofJson.Account(Anchors, "anchors"));
        var siblings = Siblings.Select((sibling, i) => sibling.Read($"siblings[{i}]")).ToList();
        return new(
            deployment, IntervalLength.FromMinutes(Minutes), header, leaf, Reading?.Read(leaf), new(Index, header.Count, siblings));
    }
}

internal sealed record HeaderForm(
    uint Microgrid, long Start, int Version, string Root, int Count, string ImportSum, string ExportSum, string Transformer)
{
    public static HeaderForm Of(AnchorHeader header) => new(
        header.Microgrid.Number,
        header.Start.ToUnixTimeSeconds(),
        header.Version,
        header.Root.Hash.ToString(),
        header.Count,
        ProofJson.Text(header.Root.Sum.Import.MilliwattHours),
        ProofJson.Text(header.Root.Sum.Export.MilliwattHours),
        header.Transformer.ToString());

    public AnchorHeader Read() => new(
        new MicrogridId(Microgrid),
        ProofJson.Time(Start, "header.start"),
        ProofJson.Small(Version, 1, ushort.MaxValue, "header.version"),
        new SumNode(ProofJson.Hash(Root, "header.root"), ProofJson.Sum(ImportSum, ExportSum, "header")),
        ProofJson.Small(Count, 1, int.MaxValue, "header.count"),
        ProofJson.Hash(Transformer, "header.transformer"));
}

internal sealed record LeafForm(
    string Meter,
    string Import,
    string Export,
    IReadOnlyList<string> Bands,
    string IntervalImport,
    string IntervalExport,
    int Flags,
    string ReadingDigest,
    string Salt)
{
    public static LeafForm Of(Leaf leaf) => new(
        leaf.Meter.Key.ToString(),
        ProofJson.Text(leaf.Closing.Import.MilliwattHours),
        ProofJson.Text(leaf.Closing.Export.MilliwattHours),
        [.. Enumerable.Range(0, BandRegisters.Count).Select(band => ProofJson.Text(leaf.Closing.Bands[band].MilliwattHours))],
        ProofJson.Text(leaf.Energy.Import.MilliwattHours),
        ProofJson.Text(leaf.Energy.Export.MilliwattHours),
        (int)leaf.Flags,
        leaf.ReadingDigest.ToString(),
        leaf.Salt.ToString());

    public Leaf Read()
    {
        if (Bands is not { Count: BandRegisters.Count })
            throw new FormatException($"leaf.bands are not {BandRegisters.Count}");
        var bands = Bands.Select((band, i) => Register(band, $"leaf.bands[{i}]")).ToList();
        return new(
            new MeterId(ProofJson.Account(Meter, "leaf.meter")),
            new Registers(Register(Import, "leaf.import"), Register(Export, "leaf.export"), new(bands[0], bands[1], bands[2], bands[3])),
            ProofJson.Sum(IntervalImport, IntervalExport, "leaf.interval"),
            (LeafFlags)ProofJson.Small(Flags, 0, ushort.MaxValue, "leaf.flags"),
            ProofJson.Hash(ReadingDigest, "leaf.readingDigest"),
            ProofJson.Hash(Salt, "leaf.salt"));
    }

    private static MeterRegister Register(string? text, string member) =>
        MeterRegister.FromMilliwattHours(ProofJson.Number(text, member));
}

internal sealed record ReadingForm(uint Boot, string Sequence, long Instant, string Firmware, int Flags, string Signature)
{
    public static ReadingForm Of(SignedReading signed) => new(
        signed.Reading.Boot,
        signed.Reading.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
        signed.Reading.Instant.ToUnixTimeSeconds(),
        signed.Reading.Firmware.ToString(),
        (int)signed.Reading.Flags,
        signed.Signature.ToString());

    /// <summary>The registers are the leaf's: they are written once.</summary>
    public SignedReading Read(Leaf leaf)
    {
        if (!ulong.TryParse(
            Sequence, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sequence))
            throw new FormatException("reading.sequence is no number");
        if (!HexText.TryDecode(Signature, out var bytes) || !Cryptography.Signature.TryFromBytes(bytes, out var signature))
            throw new FormatException("reading.signature is not r, s and v");
        return new(
            new Reading(
                leaf.Meter,
                Boot,
                sequence,
                ProofJson.Time(Instant, "reading.instant"),
                leaf.Closing,
                ProofJson.Hash(Firmware, "reading.firmware"),
                (ReadingFlags)ProofJson.Small(Flags, 0, ushort.MaxValue, "reading.flags")),
            signature);
    }
}

internal sealed record SiblingForm(string Hash, string Import, string Export)
{
    public static SiblingForm Of(SumNode node) => new(
        node.Hash.ToString(), ProofJson.Text(node.Sum.Import.MilliwattHours), ProofJson.Text(node.Sum.Export.MilliwattHours));

    public SumNode Read(string member) => ProofJson.Node(Hash, Import, Export, member);
}
