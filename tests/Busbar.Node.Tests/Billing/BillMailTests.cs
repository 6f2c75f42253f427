using System.Numerics;
using System.Text.Json;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Node.Billing;
using Busbar.Node.Community;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Mail;
using Busbar.Node.Tests.Notifications;
using Busbar.Node.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>A fact that needs the ledger's engine and the real mail server.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BillMailFactAttribute : FactAttribute
{
    public BillMailFactAttribute() => Skip = EngineTheoryAttribute.Missing
        ?? (SmtpServer.Folder is null ? "needs the mail server of tests/smtp: npm --prefix tests/smtp ci" : null);
}

/// <summary>What comes on the ledger as money arrives at the household as a mail, taken by a real mail server.</summary>
public sealed class BillMailTests(BilledVillage shared) : IClassFixture<BilledVillage>, IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private OpenDesk _open = null!;
    private SmtpServer? _server;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync() => _open = await OpenDesk.OpenAsync();

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_server is not null)
            await _server.DisposeAsync();
        await _open.DisposeAsync();
        _stopping.Dispose();
    }

    [BillMailFact]
    public async Task BillIssued_ToItsHousehold_ArrivesAsTheBillIsKnown()
    {
        await StartAsync(0, NotificationLanguage.English);
        var mail = await _server!.MailAsync();
        var bill = await BilledVillage.TakeAsync(shared.Household, $"bills/1?premises={shared.PremisesOf(0)}");
        var premises = shared.PremisesOf(0).ToString();
        var total = Coin.FromWei(Int128.Parse(bill.GetProperty("totalWei").GetString()!));
        var amount = Figures.Coins(total, Figures.DecimalsFor(total), "NPR", NotificationLanguage.English);
        var text = Text(mail, "text").ReplaceLineEndings("\n");

        Assert.Equal($"Bill 1 of house 1: {amount}", Text(mail, "subject"));
        Assert.Contains($"To pay: {amount}. Please pay by 2026-07-0", text, StringComparison.Ordinal);
        Assert.Contains("The permit ends on 2026-07-1", text, StringComparison.Ordinal);
        Assert.Contains("Electricity bill 1, house 1\n2026-06-21 – 2026-06-21\nTariff: Village, first day\n", text, StringComparison.Ordinal);
        Assert.Contains("Energy, 0.0 kWh to 10.0 kWh: 10.000 kWh × 0.01 = 0.1000 NPR\n", text, StringComparison.Ordinal);
        Assert.Contains("\nLevy, 5 %: ", text, StringComparison.Ordinal);
        Assert.Contains($"\nTotal: {amount}\n", text, StringComparison.Ordinal);
        Assert.Contains($"https://village.example.org/bills/{premises}/1", text, StringComparison.Ordinal);
        Assert.Contains($">{amount}</td>", Text(mail, "html"), StringComparison.Ordinal);
        var file = Assert.Single(mail.GetProperty("files").EnumerateArray());
        Assert.Equal(("bill-1-1.csv", "text/csv"), (Text(file, "name"), Text(file, "type")));
        Assert.Equal(await shared.Household.GetStringAsync($"bills.csv?premises={premises}"), Text(file, "text"));
    }

    [BillMailFact]
    public async Task PaymentAndAnswer_InHindi_ArriveWithTheirPlacesAndTheBillAsItWasMade()
    {
        var community = await shared.CommunityAsync();
        var (payments, premises, holder) = (community.Node.Contracts.Money!.Payments, shared.PremisesOf(1), community.Meters[1].Holder!);
        await TestSession.BeginAsync(community, "neighbour", holder.Address);
        var part = Coin.FromWei((Int128)50_000_000_000_000_000);
        await shared.SendAsync(holder, payments, Payments.EncodeDispute(premises.Value, 1));
        await shared.SendAsync(
            community.Keys.Operator, payments, Payments.EncodeAnswerDispute(premises.Value, 1, (UInt128)part.Wei, new(premises.Value.ToArray())));
        var hash = await shared.SendAsync(shared.Friend, payments, Payments.EncodePay(premises.Value, (BigInteger)part.Wei), part);
        await StartAsync(1, NotificationLanguage.Hindi);

        var bill = await _server!.MailAsync();
        var answer = await _server.MailAsync();
        var receipt = await _server.MailAsync();

        Assert.StartsWith("house 2 का बिल 1: ", Text(bill, "subject"), StringComparison.Ordinal);
        Assert.Contains("ग्रिड से ली: ", Text(bill, "text"), StringComparison.Ordinal);
        // What was taken off and paid later is not on the bill as it was made.
        Assert.DoesNotContain(",disputed,", Text(Assert.Single(bill.GetProperty("files").EnumerateArray()), "text"), StringComparison.Ordinal);
        Assert.Equal("house 2 के बिल 1 पर आपकी आपत्ति का उत्तर", Text(answer, "subject"));
        Assert.Contains("0.050000 NPR घटाया गया", Text(answer, "text"), StringComparison.Ordinal);
        Assert.Equal("house 2 के लिए 0.050000 NPR मिले", Text(receipt, "subject"));
        Assert.Contains(shared.Friend.Address.ToString(), Text(receipt, "text"), StringComparison.Ordinal);
        Assert.Contains($"लेन-देन {hash}", Text(receipt, "text").ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(receipt.GetProperty("files").EnumerateArray());
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    // The holder of a house is told of money alone, by mail.
    private async Task StartAsync(int house, NotificationLanguage language)
    {
        var community = await shared.CommunityAsync();
        var parts = community.Node.Parts;
        _server = await SmtpServer.StartAsync(new { });
        Assert.True(MailAddress.TryParse("node@village.example.org", out var from));
        var desk = NotificationDesk.Create(
            new()
            {
                PublicAddress = new("https://village.example.org"),
                Mail = new() { Host = "localhost", Port = _server.Port, Security = MailSecurity.Plain, From = from, Places = 1 },
            },
            _open.Around with
            {
                Zone = community.Options.Community.Zone,
                Directory = new NotificationStandings(parts.Access!, parts.Houses!, parts.Ledger!.Offices),
                Enclosures = new BillEnclosures(parts.Ledger!, IntervalLength.Default, community.Options.Community.Zone),
            });
        var account = parts.Access!.Accounts.All.Single(one => one.Address == community.Meters[house].Holder!.Address);
        var off = NotificationTopics.Choosable.Where(topic => topic != NotificationTopic.Bills).Select(topic => (topic, NotificationChannel.Email));
        await _open.Store.ChangeAsync(
            new(account.Id),
            profile => profile with { Email = "house@example.org", Choice = new() { Language = language, Off = off.ToHashSet() } },
            default);
        var watch = new CommunityWatch(
            desk, parts.Houses!, parts.Board!, new(community.Node.Contracts, new(parts.Ledger!, parts.Houses!)), parts.Feed!.AppliedAsync,
            community.Options.Community, parts.Access!, parts.Clock!, _open.Time, NullLogger<CommunityWatch>.Instance);
        _running = Task.WhenAll(desk.RunAsync(_stopping.Token), watch.RunAsync(parts.Indexer!, _stopping.Token));
    }
}
