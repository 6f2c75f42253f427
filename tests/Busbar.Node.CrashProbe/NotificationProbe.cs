using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Store.Notifications;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.CrashProbe;

/// <summary>
/// Raises notifications without end and delivers them to a webhook until it is killed; says on standard output which are on disk. Told how
/// many to raise, it raises them all once more and ends when nothing waits.
/// </summary>
public static class NotificationProbe
{
    public const string Word = "notify";
    public const int Accounts = 4;

    public static RecipientId Account(int number) => new($"account{number % Accounts}");

    public static Notification Notification(int number, Instant at) => Domain.Notifications.Notification.Of(
        NotificationMessage.MemberRemoved, new NotificationScope.Account(Account(number)), $"number {number}", at, ("member", $"{number}"));

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (folder, address, first) = (arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        int? last = arguments.Length > 4 ? int.Parse(arguments[4], CultureInfo.InvariantCulture) : null;
        var bounds = new NotificationBounds { WaitingPerAccount = 100_000, Waiting = 100_000 };
        await using var store = await SqliteStore.OpenAsync(folder, TimeProvider.System, new() { Notifications = bounds }, CancellationToken.None);
        for (var i = 0; i < Accounts; i++)
        {
            await store.Notifications.ChangeAsync(
                Account(i), profile => profile with { Webhook = $"{address}{Account(i)}", WebhookGeneration = 1 }, CancellationToken.None);
        }

        using var desk = NotificationDesk.Create(
            new() { Rules = new() { AllowLoopback = true } },
            new(
                "Test village", DateTimeZone.Utc, Keccak256.Hash("secret"u8), store.Notifications, new Everybody(), SystemClock.Instance,
                TimeProvider.System, NullLoggerFactory.Instance));
        using var stopping = new CancellationTokenSource();
        var running = desk.RunAsync(stopping.Token);
        for (var number = first; last is null || number < last; number++)
        {
            var outcome = await desk.RaiseAsync(Notification(number, SystemClock.Instance.GetCurrentInstant()), CancellationToken.None);
            await Console.Out.WriteLineAsync($"raised {number} {outcome}");
        }

        while ((await store.Notifications.CountsAsync(CancellationToken.None)).Any(
            count => count.State is DeliveryState.Waiting or DeliveryState.Handed && count.Count > 0))
            await Task.Yield();
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private sealed class Everybody : INotificationDirectory
    {
        public Task<IReadOnlyList<NotificationStanding>> StandingsAsync(Notification notification, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<NotificationStanding>>(
                [.. Enumerable.Range(0, Accounts).Select(number => new NotificationStanding(Account(number)))]);
    }
}
