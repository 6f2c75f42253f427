using System.CommandLine;
using Busbar.Cli.Running;
using Busbar.Device.Fleet;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Simulation.Community;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar demo</c>: a community of ten houses, invented but on the real parts.</summary>
internal static class DemoCommand
{
    // Midsummer in the mountains: a day with sun from its first hours.
    private static readonly LocalDate FirstDay = new(2026, 6, 21);

    public static Command Create()
    {
        var days = new Option<int?>("--days") { Description = "simulated days; default 1 when headless, else until stopped" };
        var speed = new Option<double>("--speed") { Description = "simulated seconds a second", DefaultValueFactory = _ => 60 };
        var headless = new Option<bool>("--headless") { Description = "as fast as it can, then a summary" };
        var seed = new Option<ulong>("--seed") { Description = "the same seed gives the same ledger", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "the summary as one JSON object on standard output" };
        var httpPort = new Option<int?>("--http-port") { Description = "port of the page; default 8080, any free one when headless" };
        var mqttPort = new Option<int?>("--mqtt-port") { Description = "port of MQTT; default 1883, any free one when headless" };
        var data = new Option<string?>("--data") { Description = "keep everything in this new folder; default: a temporary one" };
        days.Validators.Add(result => Require(result.GetValueOrDefault<int?>() is null or (>= 1 and <= 3650), result, "--days is 1 to 3650"));
        speed.Validators.Add(result => Require(result.GetValueOrDefault<double>() is >= 1 and <= 86_400, result, "--speed is 1 to 86400"));
        var command = new Command("demo", "A community of ten houses with sun and batteries, live on a page or headless.")
        {
            days, speed, headless, seed, json, httpPort, mqttPort, data,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new(
                parsed.GetValue(days),
                parsed.GetValue(speed),
                parsed.GetValue(headless),
                parsed.GetValue(seed),
                parsed.GetValue(json),
                parsed.GetValue(httpPort),
                parsed.GetValue(mqttPort),
                parsed.GetValue(data)),
            cancellation));
        return command;
    }

    private static void Require(bool holds, System.CommandLine.Parsing.OptionResult result, string message)
    {
        if (!holds)
            result.AddError(message);
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
    {
        using var folder = new RunFolder(options.Data);
        using var logs = Terminal.Logs(LogLevel.Warning);
        var plan = CommunityPlan.TradingHouses(options.Seed);
        var zone = DateTimeZoneProviders.Tzdb[plan.Site.Zone];
        var firstDay = options.Headless ? FirstDay : LiveDemo.FirstDay;
        var simulation = new CommunitySimulation(plan, firstDay.AtStartOfDayInZone(zone).ToInstant());
        var rules = new MeteringRules { Connection = Power.FromWatts(25_000) };
        var length = Duration.FromDays(options.Days ?? (options.Headless ? 1 : 3650));
        if (!options.Headless)
            length += LiveDemo.Before;
        var intervals = (int)(length / rules.Length.Duration);
        var source = new SimulatedRegisters(simulation, rules.Length, intervals);
        var keys = plan.Meters.Select(meter => meter.CreateKey()).ToArray();
        var purses = plan.Meters.Select(meter => PurseOf(meter, options.Seed)).ToArray();
        try
        {
            var run = await SteppedRun.StartAsync(
                new()
                {
                    Name = "Mountain village",
                    DataFolder = folder.Path,
                    Seed = options.Seed,
                    Zone = zone,
                    Rules = rules,
                    Meters = [.. plan.Meters.Select((meter, place) => MeterOf(meter, keys[place], options.Seed))],
                    Source = source,
                    HttpPort = options.HttpPort ?? (options.Headless ? 0 : 8080),
                    MqttPort = options.MqttPort ?? (options.Headless ? 0 : 1883),
                    SignAhead = options.Headless ? 8 : 0,
                    IsDemonstration = true,
                    Money = MoneyOf(plan, purses, options.Headless),
                    Registers = place => simulation.Meters[place].Registers,
                    Store = plan.Meters.Single(meter => meter.Kind == MeterKind.Storage).Id,
                    Supplied = (meter, isSupplied) =>
                    {
                        if (meter < simulation.Houses.Count)
                            simulation.Houses[meter].IsSupplied = isSupplied;
                    },
                },
                logs,
                cancellation);
            await using (run)
                return await (options.Headless ? HeadlessAsync(run, simulation, source, options, cancellation)
                    : LiveDemo.RunAsync(run, simulation, source, options.Speed, cancellation));
        }
        finally
        {
            foreach (var key in keys.Concat(purses))
                key.Dispose();
        }
    }

    private static RunMoney MoneyOf(CommunityPlan plan, Cryptography.PrivateKey[] purses, bool isHeadless)
    {
        (int, Cryptography.PrivateKey, PayingHabit)[] households =
        [
            .. plan.Meters.Select((meter, place) => (meter, place)).Where(one => one.meter.IsHousehold)
                .Select(one => (one.place, purses[one.place], DemoTariff.HabitOf(one.place, isWatched: !isHeadless))),
        ];
        return isHeadless
            ? new(DemoTariff.Load(), households)
            : new(DemoTariff.LoadForWatching(), households)
            {
                // Soon after the bills have come, and when they are due.
                PayingTimes = new HashSet<LocalTime> { new(1, 0), new(8, 30) },
                FirstRules = DemoTariff.RulesForWatching,
            };
    }

    private static async Task<int> HeadlessAsync(
        SteppedRun run, CommunitySimulation simulation, SimulatedRegisters source, DemoOptions options, CancellationToken cancellation)
    {
        var first = simulation.Meters.Select(meter => meter.Registers).ToArray();
        for (var boundary = 0; boundary < source.Boundaries; boundary++)
        {
            await run.StepAsync(boundary, cancellation);
            Terminal.Progress("intervals", boundary, source.Boundaries - 1, "");
        }

        var energy = default(EnergySum);
        for (var place = 0; place < first.Length; place++)
        {
            var now = simulation.Meters[place].Registers;
            if (simulation.Plan.Meters[place].Kind != MeterKind.Transformer)
                energy += new EnergySum(now.Import - first[place].Import, now.Export - first[place].Export);
        }

        var summary = await run.FinishAsync(source.Boundaries - 1, options.Seed, energy, cancellation);
        summary.Say();
        if (options.Json)
            Console.Out.WriteLine(summary.ToJson());
        return summary.Reconciled ? 0 : 1;
    }

    private static Cryptography.PrivateKey PurseOf(PlannedMeter meter, ulong seed) =>
        Cryptography.PrivateKey.FromSeed(System.Text.Encoding.UTF8.GetBytes($"household {seed} {meter.Name}"));

    private static RunMeter MeterOf(PlannedMeter meter, Cryptography.PrivateKey key, ulong seed)
    {
        using var household = PurseOf(meter, seed);
        var description = new Node.Community.MeterDescription(meter.Id, meter.Name, meter.Kind)
        {
            Participant = meter.IsHousehold ? household.Address : null,
            Produces = true,
            Firmware = SteppedRun.Firmware,
        };
        return new(description, new VirtualMeter(meter.Name, key, SteppedRun.Firmware));
    }
}

/// <summary>What the person asked for.</summary>
internal sealed record DemoOptions(
    int? Days, double Speed, bool Headless, ulong Seed, bool Json, int? HttpPort, int? MqttPort, string? Data);
