using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Node.Billing;
using Busbar.Node.Community;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Mail;
using Busbar.Node.Tests.Notifications;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Notifications;

namespace Busbar.Node.Tests.Billing;

/// <summary>A fact that needs the ledger's engine and the real mail server.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BillMailFactAttribute : FactAttribute
{
    public BillMailFactAttribute() => Skip = EngineTheoryAttribute.Missing
        ?? (SmtpServer.Folder is null ? "needs the mail server of tests/smtp: npm --prefix tests/smtp ci" : null);
}

/// <summary>A billed village whose bills and warnings are told.</summary>
[CollectionDefinition(Name)]
public sealed class ToldVillage : ICollectionFixture<BilledVillage>
{
    public const string Name = "a village that is told";
}

/// <summary>A desk on a store of its own that tells the village's households over a real mail server.</summary>
internal sealed class HouseholdMail : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TestCommunity _community;
    private readonly OpenDesk _open;
    private readonly List<Task> _running = [];

    private HouseholdMail(TestCommunity community, OpenDesk open, SmtpServer server, NotificationDesk desk) =>
        (_community, _open, Server, Desk) = (community, open, server, desk);

    public SmtpServer Server { get; }

    public NotificationDesk Desk { get; }

    /// <summary>Moves what the watches' timers go by.</summary>
    public Busbar.Tests.ManualTimeProvider Time => _open.Time;

    public BillCauses Bills => new(_community.Node.Parts.Ledger!, _community.Node.Parts.Houses!);

    public static async Task<HouseholdMail> StartAsync(TestCommunity community)
    {
        var parts = community.Node.Parts;
        var open = await OpenDesk.OpenAsync();
        var server = await SmtpServer.StartAsync(new { });
        Assert.True(MailAddress.TryParse("node@village.example.org", out var from));
        var zone = community.Options.Community.Zone;
        var desk = NotificationDesk.Create(
            new()
            {
                PublicAddress = new("https://village.example.org"),
                Mail = new() { Host = "localhost", Port = server.Port, Security = MailSecurity.Plain, From = from, Places = 1 },
            },
            open.Around with
            {
                Zone = zone,
                Directory = new NotificationStandings(parts.Access!, parts.Houses!, parts.Ledger!.Offices),
                Enclosures = new BillEnclosures(parts.Ledger!, IntervalLength.Default, zone),
            });
        var mail = new HouseholdMail(community, open, server, desk);
        mail._running.Add(desk.RunAsync(mail._stopping.Token));
        return mail;
    }

    /// <summary>The holder of a house is told of one topic by mail.</summary>
    public async Task TellAsync(int house, NotificationTopic topic, NotificationLanguage language = NotificationLanguage.English)
    {
        var holder = _community.Meters[house].Holder!.Address;
        var accounts = _community.Node.Parts.Access!.Accounts;
        if (accounts.All.All(account => account.Address != holder))
            await TestSession.BeginAsync(_community, $"holder of house {house + 1}", holder);
        var off = NotificationTopics.Choosable.Where(other => other != topic).Select(other => (other, NotificationChannel.Email));
        await _open.Store.ChangeAsync(
            new(accounts.All.Single(account => account.Address == holder).Id),
            profile => profile with { Email = $"house{house + 1}@example.org", Choice = new() { Language = language, Off = off.ToHashSet() } },
            default);
    }

    /// <summary>Runs something until the end.</summary>
    public void Run(Func<CancellationToken, Task> watch) => _running.Add(watch(_stopping.Token));

    /// <summary>What a house was told, oldest first.</summary>
    public async Task<IReadOnlyList<DeliveryRecord>> ToldAsync(int house)
    {
        var holder = _community.Meters[house].Holder!.Address;
        var account = _community.Node.Parts.Access!.Accounts.All.Single(one => one.Address == holder);
        return [.. (await _open.Store.OfAccountAsync(new(account.Id), below: null, 100, default)).Reverse()];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Server.DisposeAsync();
        await _open.DisposeAsync();
        _stopping.Dispose();
    }
}
