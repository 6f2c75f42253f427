using System.Text.Json;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Node.Supply;
using Busbar.Node.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>Warnings before the supply ends, and word of its end and return, from the ledger's bills to a real mail server.</summary>
[Collection(ToldVillage.Name)]
public sealed class SupplyWatchTests(BilledVillage shared)
{
    [BillMailFact]
    public async Task Look_AsTheDeadlineComesNear_EachWarningOnce_TheNearestAloneAfterAJump_AndNoneForTheProtected()
    {
        var community = await shared.CommunityAsync();
        await shared.SendAsync(
            community.Keys.Regulator, community.Node.Contracts.Money!.Payments, Payments.EncodeSetProtected(shared.PremisesOf(2).Value, true));
        await using var mail = await StartAsync();
        var clock = new SetClock(DeadlineOf(community, shared.PremisesOf(0)));

        await clock.LookAsync(Watch(community, mail, clock), -8, -6.5, -6.4);
        // Then the node was away.
        await clock.LookAsync(Watch(community, mail, clock), -6.3, -0.5, -0.4, 0.1);
        var (first, last) = (await mail.Server.MailAsync(), await mail.Server.MailAsync());

        Assert.Equal("The supply of house 1 ends on 2026-07-16 00:15 unless 0.3934 NPR is paid", Text(first, "subject"));
        Assert.Contains($"https://village.example.org/bills/{shared.PremisesOf(0)}", Text(first, "text"), StringComparison.Ordinal);
        Assert.Equal(Text(first, "subject"), Text(last, "subject"));
        Assert.Equal([NotificationMessage.PermitEnding, NotificationMessage.PermitEnding], (await mail.ToldAsync(0)).Select(told => told.Message));
        Assert.Empty(await mail.ToldAsync(2));
    }

    [BillMailFact]
    public async Task Look_InAnEmergency_NobodyIsWarnedUntilItIsOver()
    {
        var community = await shared.CommunityAsync();
        var payments = community.Node.Contracts.Money!.Payments;
        var clock = new SetClock(DeadlineOf(community, shared.PremisesOf(0)));
        var over = (ulong)(clock.Deadline - Duration.FromDays(2)).ToUnixTimeSeconds();
        await shared.SendAsync(community.Keys.Regulator, payments, Payments.EncodeDeclareEmergency(0, over));
        await using var mail = await StartAsync(NotificationLanguage.Hindi);

        await clock.LookAsync(Watch(community, mail, clock), -5, -2.5);
        Assert.Empty(await mail.ToldAsync(0));
        await clock.LookAsync(Watch(community, mail, clock), -1.5);

        Assert.Equal("0.3934 NPR न चुकाने पर house 1 की बिजली 2026-07-16 00:15 को बंद होगी", Text(await mail.Server.MailAsync(), "subject"));
        await shared.SendAsync(community.Keys.Regulator, payments, Payments.EncodeDeclareEmergency(0, 0));
    }

    [BillMailFact]
    public async Task Run_AMeterEndsTheSupplyAndItComesBack_EachToldOnce()
    {
        var community = await shared.CommunityAsync();
        await using var mail = await StartAsync();
        var clock = new SetClock(DeadlineOf(community, shared.PremisesOf(0)));
        clock.Move(1);
        mail.Run(Watch(community, mail, clock).RunAsync);

        Say(new { online = true, relay = "closed", reason = "PermitHeld" });
        Say(new { online = true, relay = "open", reason = "PermitEnded" });
        Say(new { online = true, relay = "open", reason = "PermitEnded" });
        Say(new { online = true, relay = "closed", reason = "PermitHeld", permit = "1" });
        Say(new { online = true, relay = "closed", reason = "PermitHeld", permit = "1" });
        Say(new { online = true, relay = "open", reason = "SafetyTrip" });
        Say(new { online = true, relay = "open", reason = "PermitEnded" });
        Say(new { online = true, relay = "closed", reason = "PermitHeld", permit = "2" });
        // The node awaits nothing of a meter without a relay.
        Say(new { online = true });
        var (ended, back) = (await mail.Server.MailAsync(), await mail.Server.MailAsync());
        await mail.Server.MailAsync();

        Assert.Equal("The supply of house 1 has ended", Text(ended, "subject"));
        Assert.Contains("Owed: 0.3934 NPR.", Text(ended, "text"), StringComparison.Ordinal);
        Assert.Equal("The supply of house 1 is back", Text(back, "subject"));
        // For the same deadline its end is not told again.
        Assert.Equal(
            [NotificationMessage.SupplyEnded, NotificationMessage.SupplyBack, NotificationMessage.SupplyBack],
            (await mail.ToldAsync(0)).Select(told => told.Message));

        void Say(object state) => community.Node.Parts.Supply!.Take(
            community.Meters[0].Id, DeviceChannel.State, JsonSerializer.SerializeToUtf8Bytes(state));
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private async Task<HouseholdMail> StartAsync(NotificationLanguage language = NotificationLanguage.English)
    {
        var mail = await HouseholdMail.StartAsync(await shared.CommunityAsync());
        await mail.TellAsync(0, NotificationTopic.Supply, language);
        await mail.TellAsync(2, NotificationTopic.Supply);
        return mail;
    }

    private static SupplyWatch Watch(TestCommunity community, HouseholdMail mail, IClock clock)
    {
        var parts = community.Node.Parts;
        return new(
            mail.Desk, parts.Supply!, parts.Ledger!, parts.Deployment!.Contracts, parts.Houses!, mail.Bills, clock, mail.Time,
            NullLogger<SupplyWatch>.Instance);
    }

    private static Instant DeadlineOf(TestCommunity community, PremisesId premises) =>
        community.Node.Parts.Ledger!.Money.Billing.Find(premises)!.Deadline!.Value;

    private sealed class SetClock(Instant deadline) : IClock
    {
        private Instant _now;

        public Instant Deadline { get; } = deadline;

        public void Move(double days) => _now = Deadline + Duration.FromDays(days);

        public Instant GetCurrentInstant() => _now;

        /// <summary>Looks so many days before (negative) or after the deadline.</summary>
        public async Task LookAsync(SupplyWatch watch, params double[] days)
        {
            foreach (var day in days)
            {
                Move(day);
                await watch.LookAsync(default);
            }
        }
    }
}
