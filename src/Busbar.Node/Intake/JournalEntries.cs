using System.Collections;
using Busbar.Ledger.Journal;

namespace Busbar.Node.Intake;

/// <summary>Records that stand one after another in a journal, without a copy.</summary>
/// <param name="first">The position of the first.</param>
/// <param name="records">The records.</param>
internal sealed class JournalEntries(long first, JournalRecord[] records) : IReadOnlyList<JournalEntry>
{
    public int Count => records.Length;

    public JournalEntry this[int index] => new(first + index, records[index]);

    public IEnumerator<JournalEntry> GetEnumerator()
    {
        for (var i = 0; i < records.Length; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
