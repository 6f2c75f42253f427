using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Node.CrashProbe;
using Busbar.Node.Notifications.Webhooks;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Notifications;
using Busbar.Store.Sqlite;

namespace Busbar.Node.Tests.Notifications;

/// <summary>Kills a process that raises and delivers, again and again, and holds what a real receiver got against what was promised.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-notify-crash-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill_AtAnyMoment_EverythingRaisedArrivesAndOnlyWhatWasUnderWayTwice()
    {
        await using var receiver = await HttpReceiver.StartAsync(certificate: null);
        var chance = new Random(20260301);
        var next = 0;
        for (var round = 0; round < Kills; round++)
        {
            var lines = await RunAsync(receiver, next, killAfter: chance.Next(1, 120), last: null);
            next = lines.Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).Append(next).Max() + 1;
        }

        // Everything is raised once more, and what the last kill may have left unsaid: what is on disk already is not told again.
        next++;
        var again = await RunAsync(receiver, 0, killAfter: null, last: next);

        Assert.Equal(next, again.Count);
        Assert.True(again.Count(line => line.EndsWith(nameof(NotificationOutcome.Stored), StringComparison.Ordinal)) <= 1);
        var byDelivery = receiver.Requests.GroupBy(request => request.Headers[WebhookSignature.DeliveryHeader], StringComparer.Ordinal).ToList();
        Assert.Equal(next, byDelivery.Count);
        Assert.Equal(
            Enumerable.Range(0, next), byDelivery.Select(group => NumberOf(group.First().Body)).Order());
        Assert.All(byDelivery, group => Assert.Single(group.Select(request => Convert.ToHexString(request.Body)).Distinct(StringComparer.Ordinal)));
        Assert.InRange(receiver.Requests.Count - next, 0, Kills * NotificationProbe.Accounts);
        await using var store = await SqliteStore.OpenAsync(_folder, TimeProvider.System, null, default);
        Assert.Equal([new DeliveryCount(NotificationChannel.Webhook, DeliveryState.Sent, next)], await store.Notifications.CountsAsync(default));
    }

    private static int NumberOf(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return int.Parse(json.RootElement.GetProperty("data").GetProperty("member").GetString()!, CultureInfo.InvariantCulture);
    }

    private async Task<List<string>> RunAsync(HttpReceiver receiver, int first, int? killAfter, int? last)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "exec", typeof(NotificationProbe).Assembly.Location, NotificationProbe.Word, _folder, receiver.Address.AbsoluteUri,
                first.ToString(CultureInfo.InvariantCulture),
            },
        };
        if (last is { } end)
            start.ArgumentList.Add(end.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(start)!;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TestConnection.Patience) is { } line)
        {
            lines.Add(line);
            if (lines.Count == killAfter)
                process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.True(killAfter is null ? process.ExitCode == 0 : lines.Count >= killAfter, $"the probe ended by itself after {lines.Count} lines");
        return lines;
    }
}
