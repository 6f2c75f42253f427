using System.Buffers.Binary;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <summary>How the chain began: the first record of the engine's journal.</summary>
/// <param name="Id">Random, so that a snapshot of another journal is never taken for one of this.</param>
/// <param name="ChainId">The chain's number.</param>
/// <param name="Time">The first block's time, Unix seconds.</param>
/// <param name="Engine">The engine and its version, such as <c>anvil/v1.7.1</c>.</param>
/// <param name="Hardfork">The rules of the EVM.</param>
/// <param name="BlockGasLimit">The most gas of a block.</param>
internal sealed record GenesisRecord(string Id, ulong ChainId, long Time, string Engine, string Hardfork, ulong BlockGasLimit)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Who has how many wei before the first block: <c>address=wei</c>, by address, a space between; null for nobody.</summary>
    public string? Allotted { get; init; }

    public JournalRecord ToRecord(Instant at) =>
        new(RecordKind.Genesis, 1, at, JsonSerializer.SerializeToUtf8Bytes(this, Form));

    public static GenesisRecord Read(JournalEntry entry)
    {
        try
        {
            return JsonSerializer.Deserialize<GenesisRecord>(entry.Record.Payload.Span, Form) ?? throw EngineRecords.Unusable(entry);
        }
        catch (JsonException)
        {
            throw EngineRecords.Unusable(entry);
        }
    }
}

/// <summary>A block before it is mined: number 8, time 8 (Unix seconds), count 4, the transactions' hashes in order.</summary>
internal sealed record BlockRecord(ulong Number, long Time, IReadOnlyList<Hash256> Transactions)
{
    public JournalRecord ToRecord(Instant at)
    {
        var form = new byte[20 + (Hash256.Length * Transactions.Count)];
        BinaryPrimitives.WriteUInt64BigEndian(form, Number);
        BinaryPrimitives.WriteInt64BigEndian(form.AsSpan(8), Time);
        EngineRecords.WriteHashes(Transactions, form.AsSpan(16));
        return new(RecordKind.Block, 1, at, form);
    }

    public static BlockRecord Read(JournalEntry entry)
    {
        var form = entry.Record.Payload.Span;
        if (form.Length < 20)
            throw EngineRecords.Unusable(entry);
        return new(
            BinaryPrimitives.ReadUInt64BigEndian(form), BinaryPrimitives.ReadInt64BigEndian(form[8..]), EngineRecords.ReadHashes(form[16..], entry));
    }
}

/// <summary>
/// What a block came out as: number 8, hash 32, count 4, the hashes of transactions that the engine refused although they were
/// journaled. A replay refuses the same ones.
/// </summary>
internal sealed record BlockMinedRecord(ulong Number, Hash256 Hash, IReadOnlyList<Hash256> Refused)
{
    public JournalRecord ToRecord(Instant at)
    {
        var form = new byte[44 + (Hash256.Length * Refused.Count)];
        BinaryPrimitives.WriteUInt64BigEndian(form, Number);
        Hash.CopyTo(form.AsSpan(8));
        EngineRecords.WriteHashes(Refused, form.AsSpan(40));
        return new(RecordKind.BlockMined, 1, at, form);
    }

    public static BlockMinedRecord Read(JournalEntry entry)
    {
        var form = entry.Record.Payload.Span;
        if (form.Length < 44)
            throw EngineRecords.Unusable(entry);
        return new(BinaryPrimitives.ReadUInt64BigEndian(form), new Hash256(form[8..40]), EngineRecords.ReadHashes(form[40..], entry));
    }
}

internal static class EngineRecords
{
    public static EngineException Unusable(JournalEntry entry) =>
        new(EngineFailure.JournalUnusable, $"record {entry.Position} of the engine's journal ({entry.Record.Kind}) cannot be understood: restore a backup");

    public static void WriteHashes(IReadOnlyList<Hash256> hashes, Span<byte> form)
    {
        BinaryPrimitives.WriteInt32BigEndian(form, hashes.Count);
        for (var i = 0; i < hashes.Count; i++)
            hashes[i].CopyTo(form[(4 + (Hash256.Length * i))..]);
    }

    public static IReadOnlyList<Hash256> ReadHashes(ReadOnlySpan<byte> form, JournalEntry entry)
    {
        var count = BinaryPrimitives.ReadInt32BigEndian(form);
        if (count < 0 || form.Length != 4 + ((long)Hash256.Length * count))
            throw Unusable(entry);
        var hashes = new Hash256[count];
        for (var i = 0; i < count; i++)
            hashes[i] = new Hash256(form.Slice(4 + (Hash256.Length * i), Hash256.Length));
        return hashes;
    }
}
