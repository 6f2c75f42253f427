using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using NodaTime;

namespace Busbar.Ledger.Deploying;

/// <summary>Puts a community's contracts on a chain and wires them.</summary>
public sealed class Deployment
{
    private const ulong DeployGas = 9_000_000;
    private const ulong CallGas = 1_000_000;
    private const byte OperatorOffice = 1;
    private const uint AllMicrogrids = 0;
    private const ulong Contracts = 4;
    private const string IntervalRule = "intervalSeconds";

    // As contracts/foundry.toml has it: who checks the code compiles with this.
    private const string Compiler = "solc 0.8.37, prague, via-ir, optimizer 20000 runs, no metadata";

    private readonly IChain _chain;
    private readonly DeploymentPlan _plan;
    private readonly IProgress<DeploymentStep>? _progress;
    private readonly int _total;
    private int _done;
    private ulong _sent;
    private ulong _created;
    private ulong _firstBlock;
    private ulong _lastBlock;

    private Deployment(IChain chain, DeploymentPlan plan, IProgress<DeploymentStep>? progress)
    {
        (_chain, _plan, _progress) = (chain, plan, progress);
        _total = 5 + (plan.Operator is null ? 0 : plan.RegulatorKeys.Count);
    }

    /// <summary>
    /// Deploys Council, Members, Meters and Anchors, wires the directory and lets the given regulators appoint the operator for
    /// all microgrids. The same plan on a new engine gives the same addresses and block hashes.
    /// </summary>
    /// <param name="chain">Where to.</param>
    /// <param name="plan">What with.</param>
    /// <param name="progress">Told after each step; null for nobody.</param>
    /// <param name="cancellation">Stops before the next step; what is on the chain stays there.</param>
    /// <exception cref="DeploymentException">A transaction failed; the message tells which and why.</exception>
    public static async Task<DeploymentFile> DeployAsync(
        IChain chain, DeploymentPlan plan, IProgress<DeploymentStep>? progress, CancellationToken cancellation)
    {
        var deployment = new Deployment(chain, plan, progress);
        var contracts = await deployment.DeployContractsAsync(cancellation);
        await deployment.AppointAsync(contracts, cancellation);
        return new(contracts, plan.Deployer.Address, deployment._firstBlock, deployment._lastBlock, Compiler);
    }

    private async Task<ContractAddresses> DeployContractsAsync(CancellationToken cancellation)
    {
        _sent = _plan.IsTakenUp ? await SentAsync(_plan.Deployer.Address, cancellation) : 0;
        if (_sent > 0)
            (_firstBlock, _lastBlock) = (1, (await _chain.HeadAsync(cancellation)).Number);
        var council = await CreateAsync("Council", Council.EncodeDeployment(_plan.Owner ?? _plan.Deployer.Address, _plan.Regulators, Choices()), cancellation);
        var members = await CreateAsync("Members", Members.EncodeDeployment(council), cancellation);
        var meters = await CreateAsync("Meters", Meters.EncodeDeployment(council, members), cancellation);
        var anchors = await CreateAsync("Anchors", Anchors.EncodeDeployment(council, meters), cancellation);
        var wire = Council.EncodeWire([NameWord.Write("Members"), NameWord.Write("Meters"), NameWord.Write("Anchors")], [members, meters, anchors]);
        if (_sent <= Contracts)
            await DoAsync("directory wired", _plan.Deployer, new(council, wire, CallGas), cancellation);
        return new(_chain.ChainId, council, members, meters, anchors);
    }

    private async Task AppointAsync(ContractAddresses contracts, CancellationToken cancellation)
    {
        if (_plan.Operator is not { } account)
            return;
        var until = (ulong)_plan.OperatorUntil.ToUnixTimeSeconds();
        var vote = new ChainCall(contracts.Council, Council.EncodeAppoint(OperatorOffice, AllMicrogrids, account, until), CallGas);
        foreach (var key in _plan.RegulatorKeys)
        {
            if (_plan.IsTakenUp && await SentAsync(key.Address, cancellation) > 0)
                continue;
            await DoAsync($"regulator {key.Address} votes for the operator", key, vote, cancellation);
        }
    }

    private async Task<Address> CreateAsync(string name, byte[] code, CancellationToken cancellation)
    {
        var nonce = _created++;
        if (nonce < _sent)
            return ContractAddress.Create(_plan.Deployer.Address, nonce);
        var receipt = await DoAsync($"{name} deployed", _plan.Deployer, new(null, code, DeployGas), cancellation);
        return receipt.ContractAddress ?? throw new DeploymentException($"{name}: the chain tells no address in the receipt");
    }

    private async Task<TransactionReceipt> DoAsync(string what, PrivateKey key, ChainCall call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var time = _plan.Time + Duration.FromSeconds((long)_sent + _done);
        var preview = await _chain.PreviewAsync(key.Address, call, time, cancellation);
        if (!preview.Succeeds)
            throw new DeploymentException($"{what}: this step would fail: {ContractErrors.Describe(preview)}");
        var outcome = (await _chain.ExecuteAsync(new(key, [call]) { Time = time }, cancellation))[0];
        if (!outcome.Succeeded)
        {
            var why = outcome.Refusal ?? await WhyAsync(key, call, cancellation);
            throw new DeploymentException($"{what}: the transaction {outcome.Hash} failed: {why}");
        }

        _lastBlock = outcome.Receipt!.BlockNumber;
        _firstBlock = _firstBlock == 0 ? _lastBlock : _firstBlock;
        _done++;
        _progress?.Report(new(_done, _total, what));
        return outcome.Receipt;
    }

    // The receipt of what was undone does not say why; the same call, tried again, mostly does.
    private async Task<string> WhyAsync(PrivateKey key, ChainCall call, CancellationToken cancellation)
    {
        var again = await _chain.PreviewAsync(key.Address, call, time: null, cancellation);
        return again.Succeeds ? "it was undone, and would pass now" : ContractErrors.Describe(again);
    }

    private Task<ulong> SentAsync(Address account, CancellationToken cancellation) =>
        _chain.Client.GetTransactionCountAsync(account, cancellationToken: cancellation);

    private List<Council.RuleChoice> Choices()
    {
        var rules = new SortedDictionary<string, ulong>(StringComparer.Ordinal) { [IntervalRule] = (ulong)_plan.IntervalLength.Seconds };
        foreach (var (name, value) in _plan.Rules)
            rules[name] = value;
        return [.. rules.Select(rule => new Council.RuleChoice(NameWord.Write(rule.Key), rule.Value))];
    }
}

/// <summary>How far a deployment has come.</summary>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all.</param>
/// <param name="What">What was done last, for a person.</param>
public sealed record DeploymentStep(int Done, int Total, string What);

/// <summary>A deployment failed, or its file cannot be used.</summary>
/// <param name="message">Which step or member, and why.</param>
public sealed class DeploymentException(string message) : Exception(message);
