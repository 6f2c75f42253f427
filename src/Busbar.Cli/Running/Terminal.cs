using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Busbar.Cli.Running;

/// <summary>What a command says: results on standard output, everything else on standard error.</summary>
internal static class Terminal
{
    /// <summary>Says something to the person in front.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);

    /// <summary>Asks the person in front; anything but yes is no.</summary>
    public static bool Confirm(string question)
    {
        Console.Error.Write($"{question} [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>A number of things, as one says it: 1 problem, 2 problems.</summary>
    public static string Count(long number, string thing) => $"{number:N0} {thing}{(number == 1 ? "" : "s")}";

    /// <summary>Shows how far long work has come, on one line where the terminal can; a log gets a line at each tenth.</summary>
    public static void Progress(string what, long done, long total, string rest)
    {
        if (Console.IsErrorRedirected)
        {
            if (total >= 10 && done % (total / 10) == 0)
                Say($"{what}: {100 * done / total} %  {rest}");
            return;
        }

        const int width = 30;
        var filled = (int)(width * done / Math.Max(1, total));
        Console.Error.Write($"\r{what} [{new string('█', filled)}{new string('·', width - filled)}] {100 * done / Math.Max(1, total),3} %  {rest}\u001b[K");
        if (done == total)
            Console.Error.WriteLine();
    }

    /// <summary>A log on standard error from a level on.</summary>
    public static ILoggerFactory Logs(LogLevel from) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(from)
        .AddFilter("Microsoft", LogLevel.Warning)
        // A host that does not start says so by its exception, which is told in a sentence.
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
