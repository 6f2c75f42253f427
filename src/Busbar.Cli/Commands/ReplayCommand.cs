using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Domain.Quantities;
using Busbar.Node.Community;
using Busbar.Simulation.Replay;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar replay FILE</c>: recorded meters through the real MQTT, journal, tree and ledger.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "a CSV file, or one packed by gzip" };
        var map = new Option<string?>("--map")
        {
            Description = $"the column map: a JSON file, or one of {string.Join(", ", ColumnMapJson.BuiltIn)}; default: the first that fits",
        };
        var strict = new Option<bool>("--strict") { Description = "stop at the first problem in the file" };
        var seed = new Option<ulong>("--seed") { Description = "of the keys; the same seed and file give the same ledger", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "the summary as one JSON object on standard output" };
        var prove = new Option<string?>("--prove") { Description = "write the proof of one reading: METER@2018-10-29T12:00:00Z=FILE" };
        var data = new Option<string?>("--data") { Description = "keep everything in this new folder; default: a temporary one" };
        var command = new Command("replay", "Recorded meters, from a file, through the real MQTT, journal, tree and ledger.")
        {
            file, map, strict, seed, json, prove, data,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(file),
            new(
                parsed.GetValue(map),
                parsed.GetValue(strict),
                parsed.GetValue(seed),
                parsed.GetValue(json),
                parsed.GetValue(prove),
                parsed.GetValue(data)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, ReplayCommandOptions options, CancellationToken cancellation)
    {
        var prove = options.Prove is null ? null : ProofWish.Parse(options.Prove);
        Terminal.Say($"reading {path}");
        var (file, map) = OpenStrictly(path, options);
        foreach (var problem in file.Problems.Take(20))
            Terminal.Say(problem.ToString());
        if (file.ProblemCount > 0)
        {
            var shown = file.ProblemCount > 20 ? ", 20 shown" : "";
            Terminal.Say($"{Terminal.Count(file.ProblemCount, "problem")} in the file{shown}; {Terminal.Count(file.Totals.RefusedValues, "value")} refused");
        }

        Terminal.Say($"{file.Meters.Count:N0} meters, {file.Intervals:N0} intervals of {file.Length}, from {file.Start}");
        prove?.Check(file);
        using var folder = new RunFolder(options.Data);
        using var logs = Terminal.Logs(LogLevel.Warning);
        var keys = file.Meters.Select(meter => PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"replay {options.Seed} {meter.Name}"))).ToArray();
        try
        {
            var run = await SteppedRun.StartAsync(PlanOf(file, map, options, folder.Path, keys), logs, cancellation);
            await using (run)
                return await ReplayAsync(run, file, options, prove, cancellation);
        }
        finally
        {
            foreach (var key in keys)
                key.Dispose();
        }
    }

    private static SteppedRunPlan PlanOf(ReplayFile file, ColumnMap map, ReplayCommandOptions options, string folder, PrivateKey[] keys)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(map.Zone) ?? DateTimeZone.Utc;
        return new()
        {
            Name = "Replay",
            DataFolder = folder,
            Seed = options.Seed,
            Zone = zone,
            // What the file's own limit let through must pass the connection's.
            Rules = new() { Length = file.Length, Connection = Power.FromWatts(200_000) },
            Meters = [.. file.Meters.Select((meter, place) => MeterOf(meter, keys[place]))],
            Source = new ReplayRegisters(file),
            // An hour's intervals in one transaction: the ledger holds the same, and a year is quickly through.
            SettleEvery = Math.Max(1, 60 / file.Length.Minutes),
        };
    }

    private static RunMeter MeterOf(ReplayMeter meter, PrivateKey key)
    {
        var description = new MeterDescription(new(key.Address), meter.Name, meter.Kind) { Firmware = SteppedRun.Firmware };
        return new(description, new VirtualMeter(meter.Name, key, SteppedRun.Firmware));
    }

    private static async Task<int> ReplayAsync(
        SteppedRun run, ReplayFile file, ReplayCommandOptions options, ProofWish? prove, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        for (var boundary = 0; boundary <= file.Intervals; boundary++)
        {
            await run.StepAsync(boundary, cancellation);
            var rate = (boundary + 1) * (long)file.Meters.Count / Math.Max(0.001, Stopwatch.GetElapsedTime(started).TotalSeconds);
            Terminal.Progress("intervals", boundary, file.Intervals, $"{rate:N0} readings/s");
        }

        var summary = await run.FinishAsync(file.Intervals, options.Seed, file.Totals.Accepted, cancellation);
        summary.Say();
        if (prove is not null)
            await prove.WriteAsync(run, options.Data, cancellation);
        if (options.Json)
            Console.Out.WriteLine(summary.ToJson());
        return summary.Reconciled ? 0 : 1;
    }

    private static (ReplayFile File, ColumnMap Map) OpenStrictly(string path, ReplayCommandOptions options)
    {
        try
        {
            return Open(path, options);
        }
        catch (ReplayException exception) when (options.Strict && exception.Problem.Line > 0)
        {
            throw new CommandFailure($"{exception.Message}; --strict stops here, and nothing was sent");
        }
    }

    // The file's header decides between the built-in maps.
    private static (ReplayFile File, ColumnMap Map) Open(string path, ReplayCommandOptions options)
    {
        var reading = new ReplayOptions { Strict = options.Strict };
        if (options.Map is { } asked)
            return (ReplayFile.Open(path, ColumnMapJson.Load(asked), reading), ColumnMapJson.Load(asked));
        foreach (var name in ColumnMapJson.BuiltIn)
        {
            var map = ColumnMapJson.Load(name);
            try
            {
                return (ReplayFile.Open(path, map, reading), map);
            }
            catch (ReplayException exception) when (exception.Problem.Kind == ReplayProblemKind.MissingColumn)
            {
                continue;
            }
        }

        throw new CommandFailure($"none of the built-in column maps ({string.Join(", ", ColumnMapJson.BuiltIn)}) fits the header of {path}; describe its columns with --map");
    }
}

/// <summary>What the person asked for.</summary>
internal sealed record ReplayCommandOptions(string? Map, bool Strict, ulong Seed, bool Json, string? Prove, string? Data);
