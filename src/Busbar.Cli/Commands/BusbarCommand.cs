using System.CommandLine;
using Busbar.Cli.Running;
using Busbar.Cli.Trade;

namespace Busbar.Cli.Commands;

/// <summary>The program's commands. Exit codes: 0 good, 1 failed check, 2 wrong usage.</summary>
internal static class BusbarCommand
{
    private const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Busbar runs a neighbourhood's electricity.")
        {
            DemoCommand.Create(),
            UpCommand.Create(),
            ReplayCommand.Create(),
            DeviceCommand.Create(),
            TradeCommands.OfPerson(),
            VerifyCommand.Create(),
            DeployCommand.Create(),
            RepairCommand.Create(),
            BenchCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Terminal.Say(error.Message);
            Terminal.Say("See busbar --help.");
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // A node that is told to stop finishes what it has taken in; the system's own patience is the limit.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
            });
        }
        catch (Exception exception) when (CommandFailure.IsExpected(exception))
        {
            Terminal.Say(exception.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Terminal.Say("stopped");
            return 1;
        }
    }
}
