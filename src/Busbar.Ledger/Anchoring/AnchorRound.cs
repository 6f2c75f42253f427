namespace Busbar.Ledger.Anchoring;

/// <summary>Divides what waits into transactions that may stand in one block.</summary>
internal static class AnchorRound
{
    /// <summary>The most versions in one transaction, which is what the contract takes: a block costs more than a version does.</summary>
    public const int MostInATransaction = 64;

    /// <summary>The most transactions in one block: they stay well below a block's gas.</summary>
    public const int MostInABlock = 8;

    /// <summary>
    /// The first versions of each microgrid, in the order of their keys. No microgrid is in two transactions, so that each of
    /// them can be tried by itself before it is sent.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<ClosedInterval>> Plan(IEnumerable<ClosedInterval> waiting)
    {
        var transactions = new List<List<ClosedInterval>>();
        foreach (var microgrid in waiting.GroupBy(closed => closed.Microgrid).OrderBy(group => group.Key))
        {
            var first = microgrid.OrderBy(closed => closed.Key).Take(MostInATransaction).ToList();
            if (transactions.Count > 0 && transactions[^1].Count + first.Count <= MostInATransaction)
                transactions[^1].AddRange(first);
            else if (transactions.Count < MostInABlock)
                transactions.Add(first);
            else
                break;
        }

        return transactions;
    }
}
