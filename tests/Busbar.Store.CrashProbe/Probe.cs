using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.CrashProbe;

/// <summary>
/// Appends and packs without end until it is killed; says on standard output what has been acknowledged. The test that kills
/// it knows from the records alone which others belong to the same append.
/// </summary>
public static class Probe
{
    public const int Writers = 8;
    private const int PayloadSize = 64;

    private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    public static JournalName Journal(int writer) => JournalName.Microgrid((uint)(1 + (writer % 2)));

    public static async Task<int> Main(string[] arguments)
    {
        await using var store = await SqliteStore.OpenAsync(arguments[0], TimeProvider.System, null, CancellationToken.None);
        var first = int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture);
        var owners = new[] { await store.Journal.TakeOverAsync(Journal(0), default), await store.Journal.TakeOverAsync(Journal(1), default) };
        await Console.Out.WriteLineAsync($"epoch {owners[0].Epoch} {owners[1].Epoch}");
        var writing = Enumerable.Range(0, Writers).Select(writer => AppendAsync(store, owners[writer % 2], writer, first));
        await Task.WhenAll([.. writing, PackAsync(store)]);
        return 0;
    }

    /// <summary>The records of one append: each says whose it is, which append, its place and how many there are.</summary>
    public static JournalRecord[] Records(int writer, int number)
    {
        var count = 1 + ((number + writer) % 7);
        var records = new JournalRecord[count];
        for (var i = 0; i < count; i++)
        {
            var payload = new byte[PayloadSize];
            BinaryPrimitives.WriteInt32BigEndian(payload, writer);
            BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(4), number);
            BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(8), i);
            BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(12), count);
            records[i] = new(RecordKind.Message, 1, At(number), payload);
        }

        return records;
    }

    public static (int Writer, int Number, int Index, int Count) Parse(ReadOnlySpan<byte> payload) => (
        BinaryPrimitives.ReadInt32BigEndian(payload),
        BinaryPrimitives.ReadInt32BigEndian(payload[4..]),
        BinaryPrimitives.ReadInt32BigEndian(payload[8..]),
        BinaryPrimitives.ReadInt32BigEndian(payload[12..]));

    /// <summary>The reading that comes with an append.</summary>
    public static SignedReading Reading(int writer, int number)
    {
        var key = new byte[Address.Length];
        key[^1] = (byte)(1 + writer);
        var registers = new Registers(MeterRegister.FromMilliwattHours(number * 1000L), MeterRegister.Zero);
        var reading = new Reading(new(new Address(key)), 1, (ulong)number, At(number), registers, Hash256.Zero, ReadingFlags.ClockSet);
        return new(reading, new Signature(Hash256.Zero, Hash256.Zero, number % 2));
    }

    private static Instant At(int number) => Start + Duration.FromMinutes(15L * number);

    private static async Task AppendAsync(SqliteStore store, JournalOwnership owner, int writer, int first)
    {
        for (var number = first; ; number++)
        {
            var accepted = new StoreChange.ReadingAccepted(new((uint)(1 + (writer % 2))), Reading(writer, number), At(number));
            var position = await store.Journal.AppendAsync(new(owner, Records(writer, number), [accepted]), CancellationToken.None);
            Console.Out.WriteLine($"ack {writer} {number} {position}");
        }
    }

    private static async Task PackAsync(SqliteStore store)
    {
        while (true)
        {
            await store.PackAsync(Start + Duration.FromDays(3650), CancellationToken.None);
            await Task.Yield();
        }
    }
}
