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
    private const byte TreasurerOffice = 4;
    private const uint AllMicrogrids = 0;
    private const int DeployerSteps = 21;
    private const string IntervalRule = "intervalSeconds";

    // As contracts/foundry.toml has it: who checks the code compiles with this.
    private const string Compiler = "solc 0.8.37, prague, via-ir, optimizer 1000000 runs, no metadata";

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
        _total = DeployerSteps + (plan.RegulatorKeys.Count * Appointments(plan).Count);
    }

    /// <summary>
    /// Deploys Council, Members, Meters, Anchors, Vault, Payments, Storage, Billing, Taxes, Board, Demands and Channels, wires them and lets the given
    /// regulators appoint the operator and the treasurer for all microgrids. The same plan on a new engine gives the same addresses and block hashes.
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
        var vault = await CreateAsync(
            "Vault",
            Vault.EncodeDeployment(council, _plan.Coin ?? default, _plan.CommunityCoin?.Name ?? "", _plan.CommunityCoin?.Symbol ?? ""),
            cancellation);
        var payments = await CreateAsync("Payments", Payments.EncodeDeployment(council, members, vault), cancellation);
        var storage = await CreateAsync("Storage", Storage.EncodeDeployment(council, members, meters, anchors), cancellation);
        var billing = await CreateAsync("Billing", Billing.EncodeDeployment(council, meters, anchors, payments, storage), cancellation);
        var taxes = await CreateAsync("Taxes", Taxes.EncodeDeployment(council, vault), cancellation);
        var board = await CreateAsync("Board", Board.EncodeDeployment(council, members, meters, anchors, vault, storage, taxes), cancellation);
        var demands = await CreateAsync("Demands", Demands.EncodeDeployment(board), cancellation);
        var channels = await CreateAsync("Channels", Channels.EncodeDeployment(vault, members, meters), cancellation);
        string[] names =
            ["Members", "Meters", "Anchors", "Vault", "Payments", "Storage", "Billing", "Taxes", "Board", "Demands", "Channels"];
        Address[] holders = [members, meters, anchors, vault, payments, storage, billing, taxes, board, demands, channels];
        await CallAsync("directory wired", council, Council.EncodeWire([.. names.Select(NameWord.Write)], holders), cancellation);
        await CallAsync("payments are the vault's module", vault, Vault.EncodeAdmitModule(NameWord.Write("Payments")), cancellation);
        await CallAsync("the board is the vault's module", vault, Vault.EncodeAdmitModule(NameWord.Write("Board")), cancellation);
        await CallAsync("demands are the vault's module", vault, Vault.EncodeAdmitModule(NameWord.Write("Demands")), cancellation);
        await CallAsync("channels are the vault's module", vault, Vault.EncodeAdmitModule(NameWord.Write("Channels")), cancellation);
        await CallAsync("the board uses meters' registers", storage, Storage.EncodeAdmitMarket(NameWord.Write("Board")), cancellation);
        await CallAsync("demands use sellers' credit", storage, Storage.EncodeAdmitMarket(NameWord.Write("Demands")), cancellation);
        await CallAsync("channels use meters' registers", storage, Storage.EncodeAdmitMarket(NameWord.Write("Channels")), cancellation);
        await CallAsync("payments take bills from billing", payments, Payments.EncodeTakeOverBilling(), cancellation);
        return new(_chain.ChainId, council, members, meters, anchors)
        {
            Money = new(vault, payments, billing),
            Market = new(storage, taxes, board, demands),
            Channels = channels,
        };
    }

    private async Task AppointAsync(ContractAddresses contracts, CancellationToken cancellation)
    {
        var appointments = Appointments(_plan);
        var until = (ulong)_plan.OperatorUntil.ToUnixTimeSeconds();
        foreach (var key in _plan.RegulatorKeys)
        {
            var sent = _plan.IsTakenUp ? (int)await SentAsync(key.Address, cancellation) : 0;
            foreach (var (office, name, account) in appointments.Skip(sent))
            {
                var vote = new ChainCall(contracts.Council, Council.EncodeAppoint(office, AllMicrogrids, account, until), CallGas);
                await DoAsync($"regulator {key.Address} votes for the {name}", key, vote, cancellation);
            }
        }
    }

    private static List<(byte Office, string Name, Address Account)> Appointments(DeploymentPlan plan)
    {
        var appointments = new List<(byte, string, Address)>();
        if (plan.Operator is { } operating)
            appointments.Add((OperatorOffice, "operator", operating));
        if (plan.Treasurer is { } treasurer)
            appointments.Add((TreasurerOffice, "treasurer", treasurer));
        return appointments;
    }

    private async Task CallAsync(string what, Address contract, byte[] data, CancellationToken cancellation)
    {
        if (_created++ >= _sent)
            await DoAsync(what, _plan.Deployer, new(contract, data, CallGas), cancellation);
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
