using System.Globalization;
using System.Security.Cryptography;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;

namespace Busbar.Ledger.Engine;

/// <summary>Opens the engine's journal, or begins a new one.</summary>
internal static class EngineGenesis
{
    /// <exception cref="EngineException">The journal is of another chain, or does not begin with a genesis record.</exception>
    public static async Task<(GenesisRecord Genesis, EngineLog Log)> OpenAsync(
        EngineHost host, EngineOptions options, IJournal journal, TimeProvider time, CancellationToken cancellation)
    {
        var owner = await journal.TakeOverAsync(JournalName.Engine, cancellation);
        GenesisRecord? genesis = null;
        long next = 0;
        ulong newest = 0;
        await foreach (var entry in journal.ReadAsync(JournalName.Engine, 0, cancellation))
        {
            if (entry.Position == 0)
                genesis = entry.Record.Kind == RecordKind.Genesis ? GenesisRecord.Read(entry) : throw EngineRecords.Unusable(entry);
            if (entry.Record.Kind == RecordKind.Block)
                newest = BlockRecord.Read(entry).Number;
            next = entry.Position + 1;
        }

        host.JournaledBlocks = newest;
        var log = new EngineLog(journal, owner, next, time);
        if (genesis is null)
            genesis = await BeginAsync(host, options, log, cancellation);
        else if (genesis.ChainId != options.ChainId)
            throw new EngineException(EngineFailure.WrongChain, $"the journal is of chain {genesis.ChainId}, and chain {options.ChainId} is asked for");
        return (genesis, log);
    }

    private static async Task<GenesisRecord> BeginAsync(EngineHost host, EngineOptions options, EngineLog log, CancellationToken cancellation)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var wanted = new GenesisRecord(
            id, options.ChainId, options.GenesisTime.ToUnixTimeSeconds(), "", options.Hardfork, options.BlockGasLimit)
        {
            Allotted = options.Allotted.Count == 0 ? null : Allotted(options.Allotted),
        };
        var genesis = wanted with { Engine = await host.VersionAsync(wanted, cancellation) };
        await log.AppendAsync([genesis.ToRecord(log.Now)], [], cancellation);
        return genesis;
    }

    private static string Allotted(IReadOnlyDictionary<Address, Coin> amounts) =>
        string.Join(' ', amounts.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key.ToLowerHex()}={pair.Value.Wei}")));
}
