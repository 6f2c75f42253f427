using Busbar.Cli.Running;
using Busbar.Simulation.Community;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary>The demonstration at a speed that a person can follow, with its page.</summary>
internal static class LiveDemo
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(
        SteppedRun run, CommunitySimulation simulation, SimulatedRegisters source, double speed, CancellationToken cancellation)
    {
        await run.StepAsync(0, cancellation);
        Console.Out.WriteLine($"The community's page: {run.Node.Page}");
        Terminal.Say($"One second is {speed:0.#} simulated seconds. Stop with Ctrl+C.");
        var wanted = simulation.Now;
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        try
        {
            for (var boundary = 1; boundary < source.Boundaries;)
            {
                await TellTelemetryAsync(run, simulation, cancellation);
                if (!await timer.WaitForNextTickAsync(cancellation))
                    return 0;
                wanted += Duration.FromSeconds(speed * Step.TotalSeconds);
                while (boundary < source.Boundaries && source.InstantOf(boundary) <= wanted)
                {
                    simulation.Step(source.InstantOf(boundary));
                    await run.StepAsync(boundary++, cancellation);
                }

                var minute = Instant.FromUnixTimeSeconds(wanted.ToUnixTimeSeconds() / 60 * 60);
                if (minute > simulation.Now)
                    simulation.Step(minute);
                await run.Node.AdvanceAsync(wanted, settle: true, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Terminal.Say("stopping");
        }

        return 0;
    }

    private static Task TellTelemetryAsync(SteppedRun run, CommunitySimulation simulation, CancellationToken cancellation) =>
        Task.WhenAll(simulation.Meters.Select((meter, place) =>
            run.Fleet.PublishTelemetryAsync(place, meter.Telemetry with { At = simulation.Now }, cancellation)));
}
