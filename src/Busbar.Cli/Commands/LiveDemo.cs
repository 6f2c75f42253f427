using System.Globalization;
using Busbar.Cli.Running;
using Busbar.Simulation.Community;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary>
/// The demonstration at a speed that a person can follow, with its page. When the page opens, the last day of a month and the first night
/// of the next are over: there are bills, and one household has not paid.
/// </summary>
internal static class LiveDemo
{
    /// <summary>The last day of June, with sun from its first hours.</summary>
    public static readonly LocalDate FirstDay = new(2026, 6, 30);

    /// <summary>What has passed when the page opens, at nine in the morning of the next day.</summary>
    public static readonly Duration Before = Duration.FromHours(33);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(
        SteppedRun run, CommunitySimulation simulation, SimulatedRegisters source, double speed, CancellationToken cancellation)
    {
        var opening = source.InstantOf(0) + Before;
        var boundary = 0;
        try
        {
            while (boundary < source.Boundaries && source.InstantOf(boundary) <= opening)
                await run.StepAsync(boundary++, cancellation);
            await run.Node.SettledAsync();
            Console.Out.WriteLine($"The community's page: {run.Node.Page}");
            Terminal.Say($"One second is {speed:0.#} simulated seconds. Stop with Ctrl+C.");
            foreach (var debtor in await run.DebtorsAsync(cancellation))
                Terminal.Say(Tell(debtor, simulation, speed));
            await GoOnAsync(run, simulation, source, boundary, speed, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Terminal.Say("stopping");
        }

        return 0;
    }

    private static async Task GoOnAsync(
        SteppedRun run,
        CommunitySimulation simulation,
        SimulatedRegisters source,
        int boundary,
        double speed,
        CancellationToken cancellation)
    {
        var wanted = simulation.Now;
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        while (boundary < source.Boundaries)
        {
            await TellTelemetryAsync(run, simulation, cancellation);
            if (!await timer.WaitForNextTickAsync(cancellation))
                return;
            wanted += Duration.FromSeconds(speed * Step.TotalSeconds);
            while (boundary < source.Boundaries && source.InstantOf(boundary) <= wanted)
            {
                simulation.Step(source.InstantOf(boundary));
                await run.StepAsync(boundary++, cancellation);
            }

            var minute = Instant.FromUnixTimeSeconds(wanted.ToUnixTimeSeconds() / 60 * 60);
            if (minute > simulation.Now)
                simulation.Step(minute);
            await run.MoveAsync(wanted, cancellation);
        }
    }

    private static string Tell(Debtor debtor, CommunitySimulation simulation, double speed)
    {
        var end = debtor.Deadline.InZone(DateTimeZoneProviders.Tzdb[simulation.Plan.Site.Zone]);
        var seconds = Math.Max(1, Math.Round((debtor.Deadline - simulation.Now).TotalSeconds / speed));
        var left = seconds < 90 ? Terminal.Count((long)seconds, "second") : Terminal.Count((long)Math.Round(seconds / 60), "minute");
        var time = end.ToString("HH:mm", CultureInfo.InvariantCulture);
        return $"{debtor.Name} has not paid its bill: its supply ends at {time}, in {left}, and comes back when somebody pays.\n"
            + $"Pay it yourself: on the page, sign in with the test wallet of {debtor.Name} and open Bills.";
    }

    private static Task TellTelemetryAsync(SteppedRun run, CommunitySimulation simulation, CancellationToken cancellation) =>
        Task.WhenAll(simulation.Meters.Select((meter, place) =>
            run.Fleet.PublishTelemetryAsync(place, meter.Telemetry with { At = simulation.Now }, cancellation)));
}
