using System.CommandLine;
using System.Numerics;
using Busbar.Cli.Devices;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Chain;

namespace Busbar.Cli.Trade;

/// <summary>Who trades from the command line, and the options that tell of them: all that differs between a person and a device.</summary>
internal abstract class TraderKind
{
    private readonly Option<string> _node = new("--node")
    {
        Description = "the node's page, through whose JSON-RPC it sends",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    private readonly Option<BigInteger> _most = new("--most-per-gas")
    {
        Description = "the most that a unit of gas may cost, wei",
        DefaultValueFactory = _ => new(500_000_000_000),
        CustomParser = TradeArguments.Whole,
    };

    private readonly Option<int> _patience = new("--patience")
    {
        Description = "seconds to wait for the node and for a block, 1 to 3600",
        DefaultValueFactory = _ => 120,
    };

    private readonly Option<bool> _json = new("--json") { Description = "the answer as one JSON object on standard output" };

    protected TraderKind() => _patience.Validators.Add(static result =>
    {
        if (result.GetValueOrDefault<int>() is < 1 or > 3600)
            result.AddError("--patience is 1 to 3600 seconds");
    });

    protected Option<string?> Password { get; } = new("--password-file") { Description = "file with the password of the key" };

    /// <summary>Where what is signed is kept.</summary>
    protected abstract Option<string> Data { get; }

    /// <summary>Gives a command that sends its options.</summary>
    public void AddSending(Command command)
    {
        AddReading(command);
        command.Options.Add(_most);
        command.Options.Add(_patience);
        command.Validators.Add(result =>
        {
            foreach (var option in KeyOptions.Where(option => result.GetResult(option) is null))
                result.AddError($"Option '{option.Name}' is required: without the key nothing can be signed.");
        });
    }

    /// <summary>Gives a command that signs what is needed to ask whoever is in front.</summary>
    public abstract void AddAsking(Command command);

    /// <summary>Gives a command that only reads its options; the key is for what is the trader's own.</summary>
    public void AddReading(Command command)
    {
        command.Options.Add(Data);
        foreach (var option in KeyOptions)
            command.Options.Add(option);
        command.Options.Add(_node);
        command.Options.Add(_json);
    }

    /// <summary>Whether somebody in front is asked before this is signed.</summary>
    public abstract bool Asks(ParseResult parsed);

    /// <summary>Opens the key; null where none is given.</summary>
    /// <exception cref="CommandFailure">It cannot be opened.</exception>
    public TradeSigner? Open(ParseResult parsed) => KeyOptions.All(option => parsed.GetResult(option) is not null) ? OpenKey(parsed) : null;

    /// <summary>Learns where it acts.</summary>
    /// <exception cref="CommandFailure">The node is away, or not the one that it was.</exception>
    public abstract Task<TradeGround> GroundAsync(ParseResult parsed, NodeApi api, CancellationToken cancellation);

    public Uri NodeOf(ParseResult parsed) => Http.Endpoint("--node", parsed.GetRequiredValue(_node));

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public RawSenderOptions Sending(ParseResult parsed, TradeGround ground, Address account) => new()
    {
        Folder = FolderOf(parsed.GetRequiredValue(Data), account),
        ChainId = ground.ChainId,
        MostPerGas = parsed.GetRequiredValue(_most),
        Patience = TimeSpan.FromSeconds(parsed.GetRequiredValue(_patience)),
    };

    /// <summary>What has to be given for there to be a key.</summary>
    public abstract IReadOnlyList<Option> KeyOptions { get; }

    protected abstract TradeSigner OpenKey(ParseResult parsed);

    /// <summary>Where the transactions of an account are kept.</summary>
    protected abstract string FolderOf(string data, Address account);
}

/// <summary>A person with an Ethereum keystore file, who is asked before anything is signed.</summary>
internal sealed class PersonKind : TraderKind
{
    private readonly Option<string?> _keystore = new("--keystore") { Description = "your key: an Ethereum keystore file, version 3" };

    private readonly Option<bool> _yes = new("--yes") { Description = "sign without asking" };

    public override IReadOnlyList<Option> KeyOptions => [_keystore, Password];

    protected override Option<string> Data { get; } = new("--data")
    {
        Description = "folder where what is signed and in no block yet is kept",
        DefaultValueFactory = _ => "busbar-wallet",
    };

    public override void AddAsking(Command command)
    {
        command.Options.Add(_yes);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(_yes) && Console.IsInputRedirected)
                result.AddError("there is no terminal to ask at before signing; give --yes to sign without being asked");
        });
    }

    public override bool Asks(ParseResult parsed) => !parsed.GetValue(_yes);

    public override async Task<TradeGround> GroundAsync(ParseResult parsed, NodeApi api, CancellationToken cancellation) =>
        TradeGround.Of(await api.GetAsync("community", cancellation));

    protected override TradeSigner OpenKey(ParseResult parsed) =>
        TradeSigner.OfKeystore(parsed.GetValue(_keystore)!, parsed.GetValue(Password)!);

    // A person may have several keys; what one of them has under way is not the other's to put away.
    protected override string FolderOf(string data, Address account) => Path.Combine(data, account.ToString());
}

/// <summary>A device with its own key: nobody is in front of it to be asked, and it keeps to the ledger that it learnt first.</summary>
internal sealed class DeviceKind : TraderKind
{
    public override IReadOnlyList<Option> KeyOptions => [Password];

    protected override Option<string> Data { get; } = new("--data")
    {
        Description = "the device's folder: its key, and what is signed and in no block yet",
        DefaultValueFactory = _ => "busbar-meter",
    };

    public override bool Asks(ParseResult parsed) => false;

    public override void AddAsking(Command command)
    {
        // There is nobody.
    }

    public override async Task<TradeGround> GroundAsync(ParseResult parsed, NodeApi api, CancellationToken cancellation)
    {
        var community = await MeterCommunity.LearnAsync(parsed.GetRequiredValue(Data), NodeOf(parsed), cancellation);
        return new(community.ChainId, community.Vault is { } vault ? Address.Parse(vault) : null);
    }

    protected override TradeSigner OpenKey(ParseResult parsed) =>
        TradeSigner.OfDevice(parsed.GetRequiredValue(Data), parsed.GetValue(Password)!);

    protected override string FolderOf(string data, Address account) => data;
}
