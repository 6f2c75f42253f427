using Busbar.Cli.Commands;

return await BusbarCommand.RunAsync(args);
