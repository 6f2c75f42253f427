using System.Globalization;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Exploring;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>Looking around on the chain: blocks, transactions and addresses, decoded.</summary>
internal static class ExplorerApi
{
    private const int MostNewer = 1_000;

    public static async Task<Ok<Page<BlockRow>>> BlocksAsync(LedgerExplorer explorer, ulong? cursor, int? limit, CancellationToken cancellation)
    {
        var most = PageLimit.Of(limit);
        var blocks = await explorer.Index.BlocksAsync(cursor, most, cancellation);
        return TypedResults.Ok(new Page<BlockRow>([.. blocks.Select(LedgerApi.Block)], blocks.Count == most ? Text(blocks[^1].Number) : null));
    }

    public static async Task<Results<Ok<BlockRow>, ProblemHttpResult>> BlockAsync(LedgerExplorer explorer, string id, CancellationToken cancellation)
    {
        var block = ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await explorer.Index.BlockAsync(number, cancellation)
            : Hash256.TryParse(id, out var hash) ? await explorer.Index.BlockAsync(hash, cancellation) : null;
        return block is null ? Problems.NotFound("no such block") : TypedResults.Ok(LedgerApi.Block(block));
    }

    public static async Task<Results<Ok<Page<TransactionRow>>, ProblemHttpResult>> TransactionsAsync(
        LedgerExplorer explorer, ulong? block, string? address, string? cursor, int? limit, CancellationToken cancellation)
    {
        TransactionPlace? before = null;
        if (cursor is not null)
        {
            var parts = cursor.Split('.');
            if (parts.Length != 2 || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position))
                return Problems.BadRequest("cursor is the next of the page before");
            before = new(at, position);
        }

        var most = PageLimit.Of(limit);
        IReadOnlyList<TransactionEntry> found;
        if (address is not null)
        {
            if (!Address.TryParse(address, out var account))
                return Problems.BadRequest("address is 0x and 40 digits");
            found = await explorer.Index.TransactionsOfAsync(account, before, most, cancellation);
        }
        else
        {
            found = block is { } only
                ? await explorer.Index.TransactionsOfBlockAsync(only, before?.Position, most, cancellation)
                : await explorer.Index.TransactionsAsync(before, most, cancellation);
        }

        var next = found.Count == most ? $"{Text(found[^1].Place.Block)}.{found[^1].Place.Position.ToString(CultureInfo.InvariantCulture)}" : null;
        return TypedResults.Ok(new Page<TransactionRow>([.. found.Select(one => Row(explorer.Decoder, one))], next));
    }

    public static async Task<Results<Ok<TransactionDocument>, ProblemHttpResult>> TransactionAsync(
        LedgerExplorer explorer, string hash, CancellationToken cancellation)
    {
        if (!Hash256.TryParse(hash, out var id) || await explorer.TransactionAsync(id, cancellation) is not { } found)
            return Problems.NotFound("no such transaction");
        var (transaction, block) = (found.Record.Transaction, found.Record.Block);
        var target = transaction.To ?? transaction.Created;
        return TypedResults.Ok(new TransactionDocument(
            transaction.Hash.ToString(),
            transaction.Place.Block,
            transaction.Place.Position,
            Forms.Text(block.Time),
            transaction.From.ToString(),
            transaction.To?.ToString(),
            transaction.Created?.ToString(),
            transaction.Value.ToString(CultureInfo.InvariantCulture),
            transaction.GasUsed,
            transaction.Succeeded,
            target is { } named ? explorer.Decoder.NameOf(named) : null,
            found.Call?.Name,
            transaction.Nonce,
            transaction.GasLimit,
            HexText.Encode(transaction.Input.Span),
            Item(found.Call),
            [.. found.Logs.Select(log => Log(explorer.Decoder, log))],
            Item(found.Error),
            transaction.RevertData is { } data ? HexText.Encode(data.Span) : null));
    }

    public static async Task<Results<Ok<AddressDocument>, ProblemHttpResult>> AddressAsync(
        LedgerExplorer explorer, NodeParts parts, string address, CancellationToken cancellation)
    {
        if (!Address.TryParse(address, out var account))
            return Problems.BadRequest("an address is 0x and 40 digits");
        var known = await explorer.Index.AddressAsync(account, cancellation);
        var client = parts.Chain!.Client;
        return TypedResults.Ok(new AddressDocument(
            account.ToString(),
            explorer.Decoder.NameOf(account),
            known.Transactions,
            Forms.Text(known.FirstSeen),
            Forms.Text(known.LastSeen),
            await client.GetTransactionCountAsync(account, BlockTag.Latest, cancellation),
            (await client.GetBalanceAsync(account, BlockTag.Latest, cancellation)).ToString(CultureInfo.InvariantCulture)));
    }

    public static async Task<Results<Ok<LookupDocument>, ProblemHttpResult>> LookupAsync(LedgerExplorer explorer, string q, CancellationToken cancellation) =>
        await explorer.LookupAsync(q, cancellation) switch
        {
            LookupResult.OfBlock block => TypedResults.Ok(new LookupDocument("block", block.Number, null, null)),
            LookupResult.OfTransaction one => TypedResults.Ok(new LookupDocument("transaction", null, one.Hash.ToString(), null)),
            LookupResult.OfAddress one => TypedResults.Ok(new LookupDocument("address", null, null, one.Address.ToString())),
            LookupResult.Nothing => Problems.NotFound("there is nothing such on this ledger"),
            _ => Problems.BadRequest("look up a block's number, a hash or an address"),
        };

    public static async Task<Ok<NewerDocument>> NewerAsync(LedgerExplorer explorer, ulong than, CancellationToken cancellation)
    {
        var newer = await explorer.Index.NewerAsync(than, new(than, int.MaxValue), MostNewer, cancellation);
        return TypedResults.Ok(new NewerDocument(newer.Blocks, newer.Transactions));
    }

    private static TransactionRow Row(LedgerDecoder decoder, TransactionEntry one) => new(
        one.Hash.ToString(),
        one.Place.Block,
        one.Place.Position,
        Forms.Text(one.Time),
        one.From.ToString(),
        one.To?.ToString(),
        one.Created?.ToString(),
        one.Value.ToString(CultureInfo.InvariantCulture),
        one.GasUsed,
        one.Succeeded,
        (one.To ?? one.Created) is { } target ? decoder.NameOf(target) : null,
        decoder.CallName(one.To, one.Created, one.Selector));

    private static LogDocument Log(LedgerDecoder decoder, DecodedLog log) => new(
        log.Log.Contract.ToString(),
        decoder.NameOf(log.Log.Contract),
        Item(log.Event),
        [.. log.Log.Topics.Select(topic => topic.ToString())],
        HexText.Encode(log.Log.Data.Span));

    private static DecodedDocument? Item(DecodedItem? item) =>
        item is null ? null : new(item.Contract, item.Name, item.Signature, [.. item.Values.Select(Value)]);

    private static ValueDocument Value(DecodedValue value) => new(
        value.Name, value.Type, value.Text, value.Hint.ToString(), value.Label, [.. value.Members.Select(Value)], value.Omitted);

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A transaction in a list.</summary>
internal sealed record TransactionRow(
    string Hash, ulong Block, int Position, string Time, string From, string? To, string? Created, string Value, ulong GasUsed, bool Succeeded,
    string? Contract, string? Function);

/// <summary>A transaction, decoded where it concerns the community's contracts.</summary>
internal sealed record TransactionDocument(
    string Hash, ulong Block, int Position, string Time, string From, string? To, string? Created, string Value, ulong GasUsed, bool Succeeded,
    string? Contract, string? Function, ulong Nonce, ulong GasLimit, string Input, DecodedDocument? Call, IReadOnlyList<LogDocument> Events,
    DecodedDocument? Error, string? RevertData);

/// <summary>A decoded call, event or error.</summary>
internal sealed record DecodedDocument(string Contract, string Name, string Signature, IReadOnlyList<ValueDocument> Values);

/// <summary>A decoded value; its hint tells its unit.</summary>
internal sealed record ValueDocument(
    string Name, string Type, string Text, [property: OneOf(typeof(ValueHint), Letters.AsNamed)] string Hint, string? Label, IReadOnlyList<ValueDocument> Members, int Omitted);

/// <summary>A log.</summary>
internal sealed record LogDocument(string Address, string? Contract, DecodedDocument? Event, IReadOnlyList<string> Topics, string Data);

/// <summary>An address.</summary>
internal sealed record AddressDocument(
    string Address, string? Contract, long Transactions, string? FirstSeen, string? LastSeen, ulong Nonce, string BalanceWei);

/// <summary>What a text names: block, transaction or address.</summary>
internal sealed record LookupDocument([property: OneOf("block", "transaction", "address")] string Kind, ulong? Number, string? Hash, string? Address);

/// <summary>How much is newer than a block; up to a thousand.</summary>
internal sealed record NewerDocument(int Blocks, int Transactions);
