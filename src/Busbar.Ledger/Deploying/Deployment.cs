using Busbar.Ledger.Chains;

namespace Busbar.Ledger.Deploying;

/// <summary>Puts a community's contracts on a chain and wires them.</summary>
public static class Deployment
{
    /// <summary>
    /// Deploys Council, Members, Meters and Anchors, wires the directory and lets the given regulators appoint the operator.
    /// The same plan on a new engine gives the same addresses and block hashes.
    /// </summary>
    /// <exception cref="DeploymentException">A transaction failed; the message tells which and why.</exception>
    public static Task<DeploymentFile> DeployAsync(
        IChain chain, DeploymentPlan plan, IProgress<DeploymentStep>? progress, CancellationToken cancellation) =>
        throw new NotSupportedException();
}

/// <summary>How far a deployment has come.</summary>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all.</param>
/// <param name="What">What was done last, for a person.</param>
public sealed record DeploymentStep(int Done, int Total, string What);

/// <summary>A deployment failed.</summary>
/// <param name="message">Which step and why.</param>
public sealed class DeploymentException(string message) : Exception(message);
