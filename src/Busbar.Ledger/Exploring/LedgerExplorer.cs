using System.Globalization;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;

namespace Busbar.Ledger.Exploring;

/// <summary>The index of the chain, decoded: what the Ledger screen shows. Thread safe.</summary>
/// <param name="index">Where blocks and transactions are kept.</param>
/// <param name="decoder">Reads our contracts.</param>
public sealed class LedgerExplorer(IExplorer index, LedgerDecoder decoder)
{
    /// <summary>The longest text that can be looked up.</summary>
    public const int LongestLookup = 80;

    /// <summary>The lists, counts and blocks.</summary>
    public IExplorer Index { get; } = index;

    /// <summary>Names, calls, events and errors.</summary>
    public LedgerDecoder Decoder { get; } = decoder;

    /// <summary>A transaction with its call, events and error decoded, or null.</summary>
    public async Task<TransactionDetail?> TransactionAsync(Hash256 hash, CancellationToken cancellation)
    {
        if (await Index.TransactionAsync(hash, cancellation) is not { } record)
            return null;
        var transaction = record.Transaction;
        return new(
            record,
            Decoder.DecodeCall(transaction.To, transaction.Created, transaction.Input),
            [.. record.Logs.Select(log => new DecodedLog(log, Decoder.DecodeEvent(log)))],
            transaction.RevertData is { } data ? Decoder.DecodeError(data) : null);
    }

    /// <summary>What a text names: a block's number, a hash of a block or transaction, or an address.</summary>
    /// <param name="text">As someone typed or pasted it; spaces around it do not matter, nor do capitals.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<LookupResult> LookupAsync(string text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = text.Length > LongestLookup ? "" : text.Trim();
        if (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return await Index.BlockAsync(number, cancellation) is not null ? new LookupResult.OfBlock(number) : new LookupResult.Nothing();
        var bytes = Bytes(word.ToLowerInvariant());
        if (bytes.Length == Address.Length)
        {
            var address = new Address(bytes);
            return new LookupResult.OfAddress(address, Decoder.NameOf(address), (await Index.AddressAsync(address, cancellation)).Transactions > 0);
        }

        if (bytes.Length != Hash256.Length)
            return new LookupResult.Malformed();
        var hash = new Hash256(bytes);
        if (await Index.TransactionAsync(hash, cancellation) is { } transaction)
            return new LookupResult.OfTransaction(transaction.Transaction.Hash);
        return await Index.BlockAsync(hash, cancellation) is { } block ? new LookupResult.OfBlock(block.Number) : new LookupResult.Nothing();
    }

    // Explorers and files show hashes with and without 0x.
    private static byte[] Bytes(string word) =>
        HexText.TryDecode(word.StartsWith("0x", StringComparison.Ordinal) ? word : "0x" + word, out var decoded) ? decoded : [];
}

/// <summary>A transaction, decoded where it concerns our contracts.</summary>
/// <param name="Record">The transaction, its block and its logs as they are.</param>
/// <param name="Call">The call; null where it is none of ours: then its input is what can be shown.</param>
/// <param name="Logs">The logs in order.</param>
/// <param name="Error">What it was undone with; null where it succeeded, or where nobody can tell.</param>
public sealed record TransactionDetail(TransactionRecord Record, DecodedItem? Call, IReadOnlyList<DecodedLog> Logs, DecodedItem? Error);

/// <summary>A log and what it says.</summary>
/// <param name="Log">As it is.</param>
/// <param name="Event">Null where it is none of our contracts'.</param>
public sealed record DecodedLog(IndexedEvent Log, DecodedItem? Event);

/// <summary>What a text names. A closed set.</summary>
public abstract record LookupResult
{
    private LookupResult()
    {
    }

    /// <summary>A block.</summary>
    /// <param name="Number">Its number.</param>
    public sealed record OfBlock(ulong Number) : LookupResult;

    /// <summary>A transaction.</summary>
    /// <param name="Hash">Its hash.</param>
    public sealed record OfTransaction(Hash256 Hash) : LookupResult;

    /// <summary>An address.</summary>
    /// <param name="Address">The address.</param>
    /// <param name="Contract">The name of our contract there, or null.</param>
    /// <param name="IsKnown">Whether any transaction has to do with it.</param>
    public sealed record OfAddress(Address Address, string? Contract, bool IsKnown) : LookupResult;

    /// <summary>A number or hash that names nothing here.</summary>
    public sealed record Nothing : LookupResult;

    /// <summary>Neither a number nor a hash nor an address.</summary>
    public sealed record Malformed : LookupResult;
}
