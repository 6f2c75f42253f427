using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Store.Notifications;
using Busbar.Store.Sqlite;
using Busbar.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.Tests.Notifications;

/// <summary>A store in a folder of its own with a clock that stands still.</summary>
internal sealed class OpenDesk : IAsyncDisposable, IClock, INotificationDirectory
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-notify-").FullName;

    public ManualTimeProvider Time { get; } = new();

    public SqliteStore Opened { get; private set; } = null!;

    public INotificationStore Store => Opened.Notifications;

    public List<NotificationStanding> Standings { get; } = [new(Samples.Asha)];

    public NotificationSurroundings Around => new(
        "Test village", Samples.India, Cryptography.Keccak256.Hash("secret"u8), Store, this, this, Time, NullLoggerFactory.Instance);

    public static async Task<OpenDesk> OpenAsync()
    {
        var open = new OpenDesk();
        await open.ReopenAsync();
        return open;
    }

    public async Task ReopenAsync()
    {
        if (Opened is not null)
            await Opened.DisposeAsync();
        Opened = await SqliteStore.OpenAsync(_folder, TimeProvider.System, null, default);
    }

    /// <summary>A desk with channels of the test's own.</summary>
    public NotificationDesk Desk(params IDeliveryChannel[] channels) => new(
        Around, new(Store, new(Samples.India), new(7), null, this, Time), key: null, new(), channels);

    public Task EmailAsync(RecipientId account, string address) =>
        Store.ChangeAsync(account, profile => profile with { Email = address }, default);

    public Task WebhookAsync(RecipientId account, string address) =>
        Store.ChangeAsync(account, profile => profile with { Webhook = address, WebhookGeneration = 1 }, default);

    public async Task<DeliveryRecord> OnlyAsync(RecipientId account) => Assert.Single(await Store.OfAccountAsync(account, null, 10, default));

    public Instant GetCurrentInstant() => Instant.FromDateTimeOffset(Time.GetUtcNow());

    public Task<IReadOnlyList<NotificationStanding>> StandingsAsync(Notification notification, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<NotificationStanding>>(Standings);

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A channel that a test answers for.</summary>
internal sealed class AnsweredChannel(NotificationChannel channel, int places = 2) : IDeliveryChannel
{
    private readonly System.Threading.Channels.Channel<(ClaimedDelivery Delivery, TaskCompletionSource<DeliveryOutcome> Answer)> _asked =
        System.Threading.Channels.Channel.CreateUnbounded<(ClaimedDelivery, TaskCompletionSource<DeliveryOutcome>)>();

    public NotificationChannel Channel => channel;

    public int Places => places;

    public int Waiting => _asked.Reader.Count;

    /// <summary>The next delivery, and how to answer it.</summary>
    public async Task<(ClaimedDelivery Delivery, TaskCompletionSource<DeliveryOutcome> Answer)> NextAsync() =>
        await _asked.Reader.ReadAsync().AsTask().WaitAsync(Testing.TestConnection.Patience);

    public async Task<DeliveryOutcome> DeliverAsync(ClaimedDelivery delivery, WrittenText text, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<DeliveryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _asked.Writer.WriteAsync((delivery, answer), cancellation);
        return await answer.Task.WaitAsync(cancellation);
    }
}
