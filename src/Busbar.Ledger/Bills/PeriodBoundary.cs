using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Bills;

/// <summary>
/// Where a billing period begins: the closing of the bill before. The contract keeps the hash of its seven words; who makes the next
/// bill brings them.
/// </summary>
public sealed record PeriodBoundary
{
    private const int Words = 7;
    private const uint EstimatedFlag = 1;
    private const uint EndedFlag = 2;

    /// <summary>Hash of the boundary before; zero when the account begins here.</summary>
    public required Hash256 Previous { get; init; }

    /// <summary>The meter.</summary>
    public required MeterId Meter { get; init; }

    /// <summary>Number of the tariff of the period that begins.</summary>
    public required uint Tariff { get; init; }

    /// <summary>Where the premises are.</summary>
    public required MicrogridId Microgrid { get; init; }

    /// <summary>Whether nobody signed the registers.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Whether the account ends here.</summary>
    public bool IsEnd { get; init; }

    /// <summary>When the registers were read.</summary>
    public required Instant Instant { get; init; }

    /// <summary>When the period began: earlier than the registers when the meter was exchanged in it.</summary>
    public required Instant Begun { get; init; }

    /// <summary>The meter's registers.</summary>
    public required Registers Registers { get; init; }

    /// <summary>What meters counted in the period until they were exchanged: import.</summary>
    public Energy ImportBefore { get; init; }

    /// <summary>What meters counted in the period until they were exchanged: export.</summary>
    public Energy ExportBefore { get; init; }

    /// <summary>What meters counted in the period until they were exchanged: import by rate bands.</summary>
    public BandEnergies BandsBefore { get; init; }

    /// <summary>Energy credit.</summary>
    public Energy Carried { get; init; }

    /// <summary>Import a day of the latest period that ended with a signed reading.</summary>
    public Energy Usual { get; init; }

    /// <summary>Energy that the meter had bought from neighbours, as its running total.</summary>
    public Energy Bought { get; init; }

    /// <summary>Energy that the meter had sold to neighbours, as its running total.</summary>
    public Energy Sold { get; init; }

    /// <summary>Bought before that and not yet taken off: more than a period's use, or by a meter that was exchanged.</summary>
    public Energy BoughtBefore { get; init; }

    /// <summary>Sold before that and not yet taken off.</summary>
    public Energy SoldBefore { get; init; }

    /// <summary>The seven words, as the contract packs them.</summary>
    public IReadOnlyList<Hash256> ToWords()
    {
        var words = new byte[Words * Hash256.Length];
        Previous.CopyTo(words);
        Meter.Key.CopyTo(words.AsSpan(32));
        BinaryPrimitives.WriteUInt32BigEndian(words.AsSpan(52), Tariff);
        BinaryPrimitives.WriteUInt32BigEndian(words.AsSpan(56), Microgrid.Number);
        BinaryPrimitives.WriteUInt32BigEndian(words.AsSpan(60), (IsEstimated ? EstimatedFlag : 0) | (IsEnd ? EndedFlag : 0));
        Write(words, 64, Instant.ToUnixTimeSeconds(), Begun.ToUnixTimeSeconds(), Registers.Import.MilliwattHours, Registers.Export.MilliwattHours);
        var bands = Registers.Bands;
        Write(words, 96, bands.First.MilliwattHours, bands.Second.MilliwattHours, bands.Third.MilliwattHours, bands.Fourth.MilliwattHours);
        Write(words, 128, ImportBefore.MilliwattHours, ExportBefore.MilliwattHours, Carried.MilliwattHours, Usual.MilliwattHours);
        var before = BandsBefore;
        Write(words, 160, before.First.MilliwattHours, before.Second.MilliwattHours, before.Third.MilliwattHours, before.Fourth.MilliwattHours);
        Write(words, 192, Bought.MilliwattHours, Sold.MilliwattHours, BoughtBefore.MilliwattHours, SoldBefore.MilliwattHours);
        return [.. Enumerable.Range(0, Words).Select(word => new Hash256(words.AsSpan(word * Hash256.Length, Hash256.Length)))];
    }

    /// <summary>What the contract keeps: keccak-256 of the words.</summary>
    public Hash256 Hash()
    {
        Span<byte> form = stackalloc byte[Words * Hash256.Length];
        var words = ToWords();
        for (var word = 0; word < Words; word++)
            words[word].CopyTo(form[(word * Hash256.Length)..]);
        return Keccak256.Hash(form);
    }

    /// <summary>Reads seven words that an event told.</summary>
    public static PeriodBoundary Read(IReadOnlyList<Hash256> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count != Words)
            throw new ArgumentException($"a boundary has {Words} words, not {words.Count}", nameof(words));
        var form = words.SelectMany(word => word.ToArray()).ToArray();
        var flags = BinaryPrimitives.ReadUInt32BigEndian(form.AsSpan(60));
        return new()
        {
            Previous = words[0],
            Meter = new(new Address(form.AsSpan(32, Address.Length))),
            Tariff = BinaryPrimitives.ReadUInt32BigEndian(form.AsSpan(52)),
            Microgrid = new(BinaryPrimitives.ReadUInt32BigEndian(form.AsSpan(56))),
            IsEstimated = (flags & EstimatedFlag) != 0,
            IsEnd = (flags & EndedFlag) != 0,
            Instant = Instant.FromUnixTimeSeconds(Part(form, 64)),
            Begun = Instant.FromUnixTimeSeconds(Part(form, 72)),
            Registers = new(Register(form, 80), Register(form, 88), new(Register(form, 96), Register(form, 104), Register(form, 112), Register(form, 120))),
            ImportBefore = EnergyAt(form, 128),
            ExportBefore = EnergyAt(form, 136),
            Carried = EnergyAt(form, 144),
            Usual = EnergyAt(form, 152),
            BandsBefore = new(EnergyAt(form, 160), EnergyAt(form, 168), EnergyAt(form, 176), EnergyAt(form, 184)),
            Bought = EnergyAt(form, 192),
            Sold = EnergyAt(form, 200),
            BoughtBefore = EnergyAt(form, 208),
            SoldBefore = EnergyAt(form, 216),
        };
    }

    private static void Write(byte[] words, int at, long first, long second, long third, long fourth)
    {
        ReadOnlySpan<long> parts = [first, second, third, fourth];
        for (var part = 0; part < parts.Length; part++)
            BinaryPrimitives.WriteInt64BigEndian(words.AsSpan(at + (part * sizeof(long))), parts[part]);
    }

    private static long Part(byte[] form, int at) => BinaryPrimitives.ReadInt64BigEndian(form.AsSpan(at));

    private static Energy EnergyAt(byte[] form, int at) => Energy.FromMilliwattHours(Part(form, at));

    private static MeterRegister Register(byte[] form, int at) => MeterRegister.FromMilliwattHours(Part(form, at));
}
