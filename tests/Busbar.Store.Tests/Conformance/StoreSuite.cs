using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Store.Tests.Conformance;

/// <summary>What every suite needs: a fresh store, and things to put into it.</summary>
public abstract class StoreSuite : IAsyncLifetime
{
    protected static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    protected static readonly MicrogridId Grid = new(1);

    protected IOpenStore Store { get; private set; } = null!;

    protected static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public async Task DisposeAsync() => await Store.DisposeAsync();

    protected abstract Task<IOpenStore> OpenAsync();

    protected static MeterId Meter(int number) => new(new Address(Bytes(Address.Length, number)));

    protected static Hash256 Hash(int number) => new(Bytes(Hash256.Length, number));

    protected static JournalRecord Record(int number, int length = 40) =>
        new(RecordKind.Message, 1, Noon + Duration.FromMilliseconds(number), Bytes(length, number));

    protected static SignedReading Reading(
        int meter, Instant instant, long import, long export = 0, ulong sequence = 0, ReadingFlags flags = ReadingFlags.ClockSet,
        BandRegisters bands = default, uint boot = 1, int firmware = 1)
    {
        var number = sequence == 0 ? (ulong)instant.ToUnixTimeSeconds() : sequence;
        var registers = new Registers(MeterRegister.FromMilliwattHours(import), MeterRegister.FromMilliwattHours(export), bands);
        var signature = new Signature(Hash((int)(import % 251) + meter), Hash((int)(number % 241)), (int)(number % 2));
        return new(new(Meter(meter), boot, number, instant, registers, Hash(firmware), flags), signature);
    }

    protected static ClosedInterval Closed(Instant start, int version = 1, uint microgrid = 1, IReadOnlyList<EstimatedLeaf>? estimates = null) =>
        new(new(microgrid), new Interval(start, IntervalLength.Default), version, new(Hash(version), Sum(100 * version, 7)), 3, null, null, estimates ?? []);

    protected static EnergySum Sum(long import, long export) => new(Energy.FromMilliwattHours(import), Energy.FromMilliwattHours(export));

    protected Task<JournalOwnership> OwnAsync(string name = "microgrid/1") => Store.Journal.TakeOverAsync(new(name), None);

    protected async Task<long> AppendAsync(JournalOwnership owner, params JournalRecord[] records) =>
        await Store.Journal.AppendAsync(new(owner, records, []), None);

    protected async Task ApplyAsync(params StoreChange[] changes) =>
        await Store.Journal.AppendAsync(new(await OwnAsync("changes"), [], changes), None);

    protected Task AcceptAsync(params SignedReading[] readings) =>
        ApplyAsync([.. readings.Select(reading => new StoreChange.ReadingAccepted(Grid, reading, reading.Reading.Instant))]);

    protected async Task<List<JournalEntry>> AllAsync(string name, long from = 0)
    {
        var entries = new List<JournalEntry>();
        await foreach (var entry in Store.Journal.ReadAsync(new(name), from, None))
            entries.Add(entry);
        return entries;
    }

    protected static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = unchecked((byte)((i * 31) + (seed * 17) + (seed >> 8)));
        return bytes;
    }
}
