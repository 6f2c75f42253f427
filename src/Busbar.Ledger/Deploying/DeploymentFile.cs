using Busbar.Cryptography;

namespace Busbar.Ledger.Deploying;

/// <summary>The addresses file: what anyone needs to find a community's contracts and to check them.</summary>
/// <param name="Contracts">Where they stand.</param>
/// <param name="Deployer">Who deployed them.</param>
/// <param name="FirstBlock">The block that the first contract is in: events are read from there on.</param>
/// <param name="LastBlock">The block that the last step is in.</param>
/// <param name="Compiler">The compiler that made the code, with its settings.</param>
public sealed record DeploymentFile(ContractAddresses Contracts, Address Deployer, ulong FirstBlock, ulong LastBlock, string Compiler)
{
    /// <summary>Writes the file whole or not at all.</summary>
    public Task WriteAsync(string path, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Reads a file.</summary>
    /// <exception cref="DeploymentException">It is missing or not an addresses file; the message tells which member.</exception>
    public static Task<DeploymentFile> ReadAsync(string path, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
