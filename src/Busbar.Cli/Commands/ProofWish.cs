using Busbar.Cli.Running;
using Busbar.Simulation.Replay;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Cli.Commands;

/// <summary>Which reading of a run is to be proven, and where to: <c>METER@INSTANT=FILE</c>.</summary>
/// <param name="Meter">The meter's name in the file.</param>
/// <param name="End">The interval's end.</param>
/// <param name="Path">Where the proof goes.</param>
internal sealed record ProofWish(string Meter, Instant End, string Path)
{
    public static ProofWish Parse(string text)
    {
        var (at, equals) = (text.LastIndexOf('@'), text.LastIndexOf('='));
        if (at < 1 || equals < at || equals == text.Length - 1
            || InstantPattern.General.Parse(text[(at + 1)..equals]) is not { Success: true } parsed)
            throw new CommandFailure($"--prove is METER@2018-10-29T12:00:00Z=FILE, not {text}");
        return new(text[..at], parsed.Value, text[(equals + 1)..]);
    }

    /// <summary>Refuses at once what the run's end would only show.</summary>
    public void Check(ReplayFile file)
    {
        if (file.Meters.All(meter => meter.Name != Meter))
        {
            var some = string.Join(", ", file.Meters.Take(10).Select(meter => meter.Name));
            throw new CommandFailure($"--prove: no meter is called {Meter}; the file has {some}{(file.Meters.Count > 10 ? ", ..." : "")}");
        }

        var last = file.Start + (file.Length.Duration * file.Intervals);
        if (End <= file.Start || End > last || !file.Length.IsBoundary(End))
        {
            throw new CommandFailure(
                $"--prove: no interval of the file ends at {End}; its intervals of {file.Length} end after {file.Start} and up to {last}");
        }

        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder && !Directory.Exists(folder))
            throw new CommandFailure($"--prove: there is no folder {folder}");
    }

    public async Task WriteAsync(SteppedRun run, string? data, CancellationToken cancellation)
    {
        var meter = run.Fleet.Meters.FirstOrDefault(meter => meter.Name == Meter)
            ?? throw new CommandFailure($"no meter is called {Meter}");
        var start = End - run.Rules.Length.Duration;
        var proof = await run.Node.Proofs.ProveAsync(new(1), meter.Id, start, version: null, cancellation)
            ?? throw new CommandFailure($"no interval ends at {End}");
        await File.WriteAllBytesAsync(Path, proof.ToJson(), cancellation);
        Terminal.Say($"the proof of {Meter} at {End} is in {Path}");
        Terminal.Say(data is null
            ? "its chain ends with this replay; --data DIR keeps it, so that the proof can be checked"
            : $"check it: busbar verify reading {Path} --data {data}");
    }
}
