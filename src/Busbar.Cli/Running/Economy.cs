using System.Numerics;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Node;
using NodaTime;

namespace Busbar.Cli.Running;

/// <summary>A household of a run, with a wallet of its own.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Place">Its meter's place in the run.</param>
/// <param name="Key">Its wallet's key.</param>
/// <param name="Premises">Its premises.</param>
/// <param name="Habit">How it pays.</param>
internal sealed record Household(string Name, int Place, PrivateKey Key, PremisesId Premises, PayingHabit Habit);

/// <summary>A household that owes.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Debt">What it owes.</param>
/// <param name="Deadline">When its supply ends.</param>
internal sealed record Debtor(string Name, Coin Debt, Instant Deadline);

/// <summary>How a household pays its bills.</summary>
internal enum PayingHabit
{
    /// <summary>Within days.</summary>
    Punctual,

    /// <summary>Half when the bill comes, the rest when it is due.</summary>
    InParts,

    /// <summary>By itself, from what is set aside.</summary>
    StandingOrder,

    /// <summary>Only when the lights have been out for a while.</summary>
    Late,

    /// <summary>Not by itself: a visitor pays for it.</summary>
    ByVisitor,
}

/// <summary>
/// The money of a stepped run: a regulator publishes the tariff, and households pay through the node's JSON-RPC as their wallets would,
/// each in its own way. The same run gives the same transactions.
/// </summary>
internal sealed class Economy(
    BusbarNode node, PrivateKey regulator, RunMoney money, DateTimeZone zone, IReadOnlyList<Household> households) : IDisposable
{
    // A month's bill of a small house is a hundredth of this.
    private static readonly Coin SetAside = Coin.FromCoins(1);
    private static readonly Duration LateBy = Duration.FromDays(3);

    private readonly WalletLine _line = new(node.Page);

    private MoneyContracts Money => node.Contracts.Money ?? throw new CommandFailure("the community has no money on its ledger");

    /// <summary>Times that a relay opened for debt.</summary>
    public int Trips { get; private set; }

    /// <summary>Times that one closed again.</summary>
    public int Returns { get; private set; }

    private readonly HashSet<int> _dark = [];

    /// <summary>Publishes the tariff, and lets those with a standing order set money aside.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var document = Encoding.UTF8.GetBytes(TariffDocument.Write(money.Tariff));
        var ledger = TariffForm.ToContract(money.Tariff.ToLedger(regulator.Address));
        await SendAsync(regulator, Money.Billing, Billing.EncodePublishTariff(ledger, document), Coin.Zero, cancellation);
        await node.FollowedAsync(cancellation);
    }

    /// <summary>What happens at an instant: at some times of the day, people look at their bills.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isSupplied">Whether a household's relay is closed, by its meter's place.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether something was paid.</returns>
    public async Task<bool> ActAsync(Instant now, Func<int, bool> isSupplied, CancellationToken cancellation)
    {
        foreach (var household in households)
        {
            if (isSupplied(household.Place))
                Returns += _dark.Remove(household.Place) ? 1 : 0;
            else
                Trips += _dark.Add(household.Place) ? 1 : 0;
        }

        if (!money.PayingTimes.Contains(now.InZone(zone).TimeOfDay))
            return false;
        await node.SettledAsync();
        var paid = false;
        foreach (var household in households)
            paid |= await PayAsync(household, now, cancellation);
        return paid;
    }

    /// <summary>The households that owe and leave it to a visitor to pay.</summary>
    public async Task<IReadOnlyList<Debtor>> DebtorsAsync(CancellationToken cancellation)
    {
        var debtors = new List<Debtor>();
        foreach (var household in households.Where(household => household.Habit == PayingHabit.ByVisitor))
        {
            var account = await AccountAsync(household, cancellation);
            if (account.Debt > 0)
                debtors.Add(new(household.Name, Coin.FromWei(account.Debt), Instant.FromUnixTimeSeconds((long)account.Deadline)));
        }

        return debtors;
    }

    public void Dispose() => _line.Dispose();

    private Task<Payments.Account> AccountAsync(Household household, CancellationToken cancellation) =>
        Payments.AccountOfAsync(node.Chain.Client, Money.Payments, household.Premises.Value, cancellationToken: cancellation);

    private async Task<bool> PayAsync(Household household, Instant now, CancellationToken cancellation)
    {
        var account = await AccountAsync(household, cancellation);
        if (household.Habit == PayingHabit.StandingOrder)
            return await SetAsideAsync(household, account, cancellation);
        if (account.Debt <= 0)
            return false;
        var debt = Coin.FromWei(account.Debt);
        var deadline = Instant.FromUnixTimeSeconds((long)account.Deadline);
        var due = deadline - money.Tariff.Grace;
        var amount = household.Habit switch
        {
            PayingHabit.Late => now >= deadline + LateBy ? debt : Coin.Zero,
            PayingHabit.ByVisitor => Coin.Zero,
            PayingHabit.InParts when now < due => await IsUntouchedAsync(household, account, cancellation) ? debt.TimesFloor(1, 2) : Coin.Zero,
            PayingHabit.InParts => debt,
            _ => now >= due - Duration.FromDays(household.Place) ? debt : Coin.Zero,
        };
        if (amount == Coin.Zero)
            return false;
        await SendAsync(household.Key, Money.Payments, Payments.EncodePay(household.Premises.Value, (BigInteger)amount.Wei), amount, cancellation);
        return true;
    }

    // Whoever has a standing order sees to it that something is set aside.
    private async Task<bool> SetAsideAsync(Household household, Payments.Account account, CancellationToken cancellation)
    {
        if (account.Flags == 0)
            return false;
        var kept = await Vault.LockedForAsync(
            node.Chain.Client, Money.Vault, Money.Payments, household.Key.Address, household.Premises.Value, cancellationToken: cancellation);
        if (!kept.IsZero)
            return false;
        var amount = (BigInteger)SetAside.Wei;
        await SendAsync(household.Key, Money.Vault, Vault.EncodeDeposit(amount), SetAside, cancellation);
        await SendAsync(household.Key, Money.Payments, Payments.EncodeFund(household.Premises.Value, amount), Coin.Zero, cancellation);
        return true;
    }

    private async Task<bool> IsUntouchedAsync(Household household, Payments.Account account, CancellationToken cancellation)
    {
        var bill = await Payments.BillOfAsync(
            node.Chain.Client, Money.Payments, household.Premises.Value, account.Bills, cancellationToken: cancellation);
        return (Int128)bill.Outstanding == bill.Amount;
    }

    private Task SendAsync(PrivateKey key, Address to, byte[] data, Coin value, CancellationToken cancellation) =>
        _line.SendAsync(key, to, data, value, node.Contracts.ChainId, cancellation);
}
