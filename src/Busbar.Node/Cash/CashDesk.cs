using System.Numerics;
using System.Security.Cryptography;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Journal;
using Busbar.Store.Cash;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Vault;
using PaymentsContract = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Cash;

/// <summary>
/// The cash desk: money that went over the counter becomes the household's coin, or its coin money, in one transaction whose journal record
/// and book entry are one write. So the book, the coin issued and the vault cannot come apart, whatever is interrupted when. Thread safe.
/// </summary>
internal sealed class CashDesk : IDisposable
{
    private const ulong Gas = 600_000;

    private static readonly Hash256 Payments = NameWord.Write("Payments");

    private readonly CashSurroundings _around;
    private readonly bool _isEther;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<Hash256> _failed = [];
    private volatile IReadOnlyList<StoredSlip> _slips;

    private CashDesk(CashSurroundings around, bool isEther, IReadOnlyList<StoredSlip> slips) =>
        (_around, _isEther, _slips) = (around, isEther, slips);

    /// <summary>The account that issues and redeems.</summary>
    public Address Treasurer => _around.Treasurer.Address;

    /// <summary>Opens the desk with the book that is on disk; what an earlier run sent is followed until it is final.</summary>
    public static async Task<CashDesk> OpenAsync(CashSurroundings around, CancellationToken cancellation)
    {
        var coin = await Contract.CoinAsync(around.Chain.Client, around.Money.Vault, cancellationToken: cancellation);
        var desk = new CashDesk(around, coin == default, await around.Store.AllAsync(cancellation));
        var booked = around.View.Money.Vault.Cash.Select(entry => entry.Reference).ToHashSet();
        foreach (var slip in desk._slips.Where(slip => !booked.Contains(slip.Reference)))
        {
            if (!(await around.Chain.FollowAsync(slip.Transaction, cancellation)).Succeeded)
                desk._failed.Add(slip.Reference);
        }

        return desk;
    }

    /// <summary>The cash book, newest first.</summary>
    public IReadOnlyList<CashLine> Lines()
    {
        var ledger = _around.View.Money.Vault.Cash;
        var entries = ledger.ToDictionary(entry => entry.Reference);
        var slips = _slips;
        var known = slips.Select(slip => slip.Reference).ToHashSet();
        lock (_failed)
        {
            return
            [
                .. slips.Select(slip => new CashLine(slip.Reference, slip.Slip, entries.GetValueOrDefault(slip.Reference), StateOf(slip.Reference)))
                    .Concat(ledger.Where(entry => !known.Contains(entry.Reference))
                        .Select(entry => new CashLine(entry.Reference, null, entry, CashState.Unknown)))
                    .OrderByDescending(line => line.Entry?.Place.Time ?? line.Slip!.At).ThenBy(line => line.Reference),
            ];
        }

        CashState StateOf(Hash256 reference) =>
            entries.ContainsKey(reference) ? CashState.Booked : _failed.Contains(reference) ? CashState.Failed : CashState.Waiting;
    }

    /// <summary>Where the book and the ledger do not agree.</summary>
    public IEnumerable<BooksFault> Audit() =>
        CashAudit.Check(_around.View.Money.Vault.Cash, [.. _slips.Select(slip => (slip.Reference, slip.Slip))]);

    /// <summary>Books money that went over the counter. When it returns, it is on the ledger, or nothing was done.</summary>
    /// <exception cref="ChainException">The ledger is out of reach: what was journaled is done when it is back, and the book shows it as waiting.</exception>
    public async Task<CashOutcome> BookAsync(CashDraft draft, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await _around.Applied(cancellation);
            if (Lines().FirstOrDefault(line => IsSame(line, draft)) is { } same)
                return new CashOutcome.NumberTaken(same);
            if (_around.View.Offices.Members.HolderOf(draft.Premises) is not { } holder)
                return new CashOutcome.NoHolder();
            var slip = SlipOf(draft, holder);
            var call = CallOf(slip);
            var preview = await _around.Chain.PreviewAsync(Treasurer, call, slip.At, cancellation);
            if (!preview.Succeeds)
                return new CashOutcome.LedgerRefused(ContractErrors.Describe(preview));
            return await SendAsync(slip, call);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static bool IsSame(CashLine line, CashDraft draft) => line.State != CashState.Failed && line.Slip is { } slip
        && slip.Means == draft.Means && string.Equals(slip.Number, draft.Number, StringComparison.OrdinalIgnoreCase);

    private CashSlip SlipOf(CashDraft draft, Address holder) => new(
        draft.Direction,
        draft.Means,
        draft.Number,
        draft.Premises,
        holder,
        draft.Amount,
        draft.Direction == CashDirection.Received ? draft.Use : CashUse.Balance,
        draft.Note,
        draft.By,
        Instant.FromUnixTimeSeconds(_around.Clock.GetCurrentInstant().ToUnixTimeSeconds()),
        new(RandomNumberGenerator.GetBytes(Hash256.Length)));

    private ChainCall CallOf(CashSlip slip)
    {
        var amount = (BigInteger)slip.Amount.Wei;
        if (slip.Direction == CashDirection.PaidOut)
            return new(_around.Money.Vault, Contract.EncodeRedeem(slip.Account, amount, slip.Reference), Gas);
        var data = slip.Use == CashUse.Bills
            ? Contract.EncodeIssueFor(slip.Account, Payments, slip.Premises.Value, amount, slip.Reference)
            : Contract.EncodeIssue(slip.Account, amount, slip.Reference);
        return new(_around.Money.Vault, data, Gas) { Value = _isEther ? slip.Amount : Coin.Zero };
    }

    // Not to be cancelled: what is journaled happens, and whoever asked is to be told of it.
    private async Task<CashOutcome> SendAsync(CashSlip slip, ChainCall call)
    {
        var calls = new List<ChainCall> { call };
        if (slip is { Direction: CashDirection.Received, Use: CashUse.Bills } && IsCollected(slip))
            calls.Add(new(_around.Money.Payments, PaymentsContract.EncodeCollect(slip.Premises.Value, slip.Account), Gas));
        IReadOnlyList<TransactionOutcome> outcomes;
        try
        {
            outcomes = await _around.Chain.ExecuteAsync(
                new(_around.Treasurer, calls) { Time = slip.At, Changes = hashes => [new StoreChange.CashBooked(slip, hashes[0])] },
                CancellationToken.None);
        }
        finally
        {
            _slips = await _around.Store.AllAsync(CancellationToken.None);
        }

        await _around.Indexer.CatchUpAsync(CancellationToken.None);
        await _around.Applied(CancellationToken.None);
        if (outcomes[0].Succeeded)
            return new CashOutcome.Booked(Lines().First(line => line.Reference == slip.Reference));
        lock (_failed)
            _failed.Add(slip.Reference);
        return new CashOutcome.LedgerRefused(outcomes[0].Refusal ?? "the contract undid it");
    }

    // What is set aside pays at once what is owed; who pays beforehand gets the permit that it reaches for.
    private bool IsCollected(CashSlip slip) =>
        _around.View.Money.Billing.Find(slip.Premises) is { } account && (account.Debt > Coin.Zero || account.IsPrepaid);
}
