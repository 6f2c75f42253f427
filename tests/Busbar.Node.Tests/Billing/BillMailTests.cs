using System.Numerics;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Node.Community;
using Busbar.Node.Notifications;
using Microsoft.Extensions.Logging.Abstractions;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>What comes on the ledger as money arrives at the household as a mail, taken by a real mail server.</summary>
[Collection(ToldVillage.Name)]
public sealed class BillMailTests(BilledVillage shared)
{
    [BillMailFact]
    public async Task BillIssued_ToItsHousehold_ArrivesAsTheBillIsKnown()
    {
        await using var told = await StartAsync(0, NotificationLanguage.English);
        var mail = await told.Server.MailAsync();
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
        var part = Coin.FromWei((Int128)50_000_000_000_000_000);
        await shared.SendAsync(holder, payments, Payments.EncodeDispute(premises.Value, 1));
        await shared.SendAsync(
            community.Keys.Operator, payments, Payments.EncodeAnswerDispute(premises.Value, 1, (UInt128)part.Wei, new(premises.Value.ToArray())));
        var hash = await shared.SendAsync(shared.Friend, payments, Payments.EncodePay(premises.Value, (BigInteger)part.Wei), part);
        await using var told = await StartAsync(1, NotificationLanguage.Hindi);

        var bill = await told.Server.MailAsync();
        var answer = await told.Server.MailAsync();
        var receipt = await told.Server.MailAsync();

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

    private async Task<HouseholdMail> StartAsync(int house, NotificationLanguage language)
    {
        var community = await shared.CommunityAsync();
        var parts = community.Node.Parts;
        var mail = await HouseholdMail.StartAsync(community);
        await mail.TellAsync(house, NotificationTopic.Bills, language);
        var watch = new CommunityWatch(
            mail.Desk, parts.Houses!, parts.Board!, new(community.Node.Contracts, mail.Bills, market: null), parts.Feed!.AppliedAsync,
            community.Options.Community, parts.Access!, parts.Clock!, mail.Time, NullLogger<CommunityWatch>.Instance);
        mail.Run(stopping => watch.RunAsync(parts.Indexer!, stopping));
        return mail;
    }
}
