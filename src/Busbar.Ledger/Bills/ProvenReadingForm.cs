using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Proofs;
using Contract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Ledger.Bills;

/// <summary>Makes the contract's proven reading of a proof.</summary>
public static class ProvenReadingForm
{
    private const int FormSize = Reading.Size - Hash256.Length;
    private const int SiblingSize = Hash256.Length + (2 * sizeof(ulong));

    /// <summary>The registers of the proof's leaf with what proves them; an estimate when the proof has no reading.</summary>
    public static Contract.ProvenReading Of(ProofDocument proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var (header, leaf) = (proof.Header, proof.Leaf);
        return new(
            proof.Reading is { } signed ? Signed(signed, proof.Contracts.SigningDomain) : Estimated(proof),
            (ushort)header.Version,
            header.Root.Hash,
            (uint)header.Count,
            (ulong)header.Root.Sum.Import.MilliwattHours,
            (ulong)header.Root.Sum.Export.MilliwattHours,
            header.Transformer,
            new((ulong)leaf.Energy.Import.MilliwattHours, (ulong)leaf.Energy.Export.MilliwattHours, (ushort)leaf.Flags, leaf.Salt),
            (uint)proof.Path.Index,
            Siblings(proof.Path));
    }

    /// <summary>The same for the contract that keeps the stores.</summary>
    public static Contracts.Storage.ProvenReading ForStorage(ProofDocument proof)
    {
        var form = Of(proof);
        var extras = form.Extras;
        return new(
            form.Wire,
            form.Version,
            form.Root,
            form.Count,
            form.ImportSum,
            form.ExportSum,
            form.Transformer,
            new(extras.IntervalImport, extras.IntervalExport, extras.Flags, extras.Salt),
            form.Index,
            form.Siblings);
    }

    private static byte[] Signed(SignedReading signed, SigningDomain domain)
    {
        Span<byte> form = stackalloc byte[Reading.Size];
        signed.Reading.WriteTo(domain, form);
        var wire = new byte[FormSize + Signature.Length];
        form[Hash256.Length..].CopyTo(wire);
        signed.Signature.WriteTo(wire.AsSpan(FormSize));
        return wire;
    }

    // Meter, instant and registers alone count; the rest of the form stays zero.
    private static byte[] Estimated(ProofDocument proof)
    {
        var form = new byte[FormSize];
        var leaf = proof.Leaf;
        leaf.Meter.Key.CopyTo(form);
        BinaryPrimitives.WriteInt64BigEndian(form.AsSpan(32), (proof.Header.Start + proof.Length.Duration).ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(form.AsSpan(40), leaf.Closing.Import.MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(form.AsSpan(48), leaf.Closing.Export.MilliwattHours);
        for (var band = 0; band < BandRegisters.Count; band++)
            BinaryPrimitives.WriteInt64BigEndian(form.AsSpan(56 + (band * sizeof(long))), leaf.Closing.Bands[band].MilliwattHours);
        return form;
    }

    private static byte[] Siblings(MerkleSumProof path)
    {
        var packed = new byte[path.Siblings.Count * SiblingSize];
        for (var i = 0; i < path.Siblings.Count; i++)
        {
            var sibling = path.Siblings[i];
            var into = packed.AsSpan(i * SiblingSize, SiblingSize);
            sibling.Hash.CopyTo(into);
            BinaryPrimitives.WriteInt64BigEndian(into[Hash256.Length..], sibling.Sum.Import.MilliwattHours);
            BinaryPrimitives.WriteInt64BigEndian(into[(Hash256.Length + sizeof(long))..], sibling.Sum.Export.MilliwattHours);
        }

        return packed;
    }
}
