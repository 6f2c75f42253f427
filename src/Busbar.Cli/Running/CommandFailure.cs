using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;
using Busbar.Mqtt;
using Busbar.Node;
using Busbar.Node.Community;
using Busbar.Simulation.Replay;

namespace Busbar.Cli.Running;

/// <summary>A failure that is told in a sentence and ends the command with exit code 1.</summary>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class CommandFailure(string message) : Exception(message)
{
    /// <summary>Whether the same command may pass later, without anything being done about it.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether an exception is one that a person can do something about; any other is a bug and shows its trace.</summary>
    public static bool IsExpected(Exception exception) => exception
        is CommandFailure
        or NodeStartException
        or LedgerRefusedException
        or StoreException
        or EngineException
        or ChainException
        or DeploymentException
        or ReplayException
        or MqttException
        or IOException
        or UnauthorizedAccessException;
}
