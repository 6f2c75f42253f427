using Busbar.Cli.Running;
using Busbar.Device.Chain;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Deploying;

namespace Busbar.Cli.Trade;

/// <summary>A deed that did not come about: <see cref="Failure"/> is a <see cref="RawSendFailure"/>, or why nothing was tried.</summary>
internal sealed class TradeRefusedException : Exception
{
    private TradeRefusedException(string failure, string? refusal, string message, bool isTransient, Exception? inner = null)
        : base(message, inner) => (Failure, Refusal, IsTransient) = (failure, refusal, isTransient);

    /// <summary>Its name, for programs.</summary>
    public string Failure { get; }

    /// <summary>The contract's own name of why; null where no contract refused.</summary>
    public string? Refusal { get; }

    /// <summary>Whether the same command may pass later.</summary>
    public bool IsTransient { get; }

    /// <summary>The ledger would refuse, by the contract's name.</summary>
    public static TradeRefusedException Of(string refusal) =>
        new(nameof(RawSendFailure.WouldRevert), refusal, $"nothing was signed: {RefusalWords.Of(refusal)}", isTransient: false);

    /// <summary>The contract refused a trial.</summary>
    public static TradeRefusedException Of(EthereumRpcException refused) => new(
        nameof(RawSendFailure.WouldRevert), NameOf(refused), $"nothing was signed: {Explain(refused)}", isTransient: false, refused);

    /// <summary>It was not sent, or undone, or nobody knows yet.</summary>
    public static TradeRefusedException Of(RawSendException failure)
    {
        var name = failure.InnerException is EthereumRpcException refused ? NameOf(refused) : null;
        var message = name is null ? failure.Message : $"{failure.Message}. {RefusalWords.Of(name)}";
        return new(failure.Reason.ToString(), name, message, failure.IsTransient, failure);
    }

    /// <summary>It came to nothing before there was anything to sign.</summary>
    public static TradeRefusedException Of(CommandFailure failure) => new(
        failure.IsTransient ? nameof(RawSendFailure.NodeAway) : "Failed", null, failure.Message, failure.IsTransient, failure);

    /// <summary>What was signed before a crash came first: whether this is still wanted is to be seen.</summary>
    public static TradeRefusedException After(TransactionReceipt earlier) => new(
        "EarlierFirst",
        null,
        $"{earlier.TransactionHash}, signed before, is in block {earlier.BlockNumber} now, and nothing else was signed. See whether it "
        + "was this already (busbar trade market --mine, busbar trade deliveries --mine); if not, give the command again",
        isTransient: true);

    /// <summary>The person in front did not want it.</summary>
    public static TradeRefusedException NotWanted() => new("NotWanted", null, "nothing was signed", isTransient: true);

    private static string? NameOf(EthereumRpcException refused) =>
        refused.RevertData is { } data && ContractErrors.Decode(data) is { } error ? ContractErrors.NameOf(error) : null;

    private static string Explain(EthereumRpcException refused)
    {
        var exact = refused.NodeMessage ?? refused.Message;
        return NameOf(refused) is { } name ? $"{RefusalWords.Of(name)} ({exact})" : exact;
    }
}
