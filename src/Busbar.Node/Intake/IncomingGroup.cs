using System.Runtime.InteropServices;
using Busbar.Ledger.Journal;
using Busbar.Mqtt.Server;

namespace Busbar.Node.Intake;

/// <summary>A record on its way to a journal.</summary>
/// <param name="Reader">Whose journal.</param>
/// <param name="Record">The record.</param>
/// <param name="Token">What to acknowledge when it is on disk.</param>
/// <param name="Written">Told its position, when someone waits for it.</param>
internal readonly record struct IncomingRecord(
    IJournalReader Reader, JournalRecord Record, AckToken Token, TaskCompletionSource<long>? Written);

/// <summary>
/// What goes to disk at once, each journal's records apart. Used again and again: at full speed it is the pump's allocations that
/// decide how often memory must be collected.
/// </summary>
internal sealed class IncomingGroup
{
    private readonly Dictionary<IJournalReader, IncomingPart> _parts = [];
    private readonly List<IncomingPart> _touched = [];
    private IncomingPart? _last;

    /// <summary>The journals that get records.</summary>
    public IReadOnlyList<IncomingPart> Parts => _touched;

    public void Add(in IncomingRecord incoming)
    {
        var part = ReferenceEquals(_last?.Reader, incoming.Reader) ? _last! : PartOf(incoming.Reader);
        if (part.Records.Count == 0)
            _touched.Add(part);
        part.Add(incoming);
        _last = part;
    }

    public void Clear()
    {
        foreach (var part in _touched)
            part.Clear();
        _touched.Clear();
    }

    private IncomingPart PartOf(IJournalReader reader)
    {
        ref var part = ref CollectionsMarshal.GetValueRefOrAddDefault(_parts, reader, out _);
        return part ??= new(reader);
    }
}

/// <summary>The records of one journal in a group.</summary>
internal sealed class IncomingPart(IJournalReader reader)
{
    public IJournalReader Reader { get; } = reader;

    public List<JournalRecord> Records { get; } = [];

    public List<AckToken> Tokens { get; } = [];

    /// <summary>Who waits for a position, by the record's place in the part.</summary>
    public List<(int Place, TaskCompletionSource<long> Written)> Waiting { get; } = [];

    public void Add(in IncomingRecord incoming)
    {
        if (incoming.Written is { } written)
            Waiting.Add((Records.Count, written));
        if (!incoming.Token.IsNone)
            Tokens.Add(incoming.Token);
        Records.Add(incoming.Record);
    }

    public void Clear()
    {
        Records.Clear();
        Tokens.Clear();
        Waiting.Clear();
    }
}
