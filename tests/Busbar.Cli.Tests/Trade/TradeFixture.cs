using System.Globalization;
using System.Text.Json.Nodes;
using Busbar.Cli.Tests.Running;
using Busbar.Cryptography;
using Busbar.Device.Identity;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Contracts;
using Busbar.Node.Tests.Market;
using NodaTime;

namespace Busbar.Cli.Tests.Trade;

/// <summary>A real node with a market, and households who trade at it from the command line, each with a keystore file.</summary>
public sealed class TradeFixture : IAsyncLifetime
{
    private const string Passphrase = "a long password";

    internal MarketStreet Street { get; private set; } = null!;

    internal Workplace Work { get; } = new();

    internal string Page => Street.Community.Node.Page.ToString();

    public async Task InitializeAsync()
    {
        Street = await MarketStreet.StartAsync();
        Work.Secret("password", Passphrase);
        Work.Secret("wrong", "another password");
        foreach (var name in new[] { "seller", "buyer", "poor" })
            WriteKey(name, $"{name}.json");
        Work.Secret("regulator.json", Keystore.Encrypt(Street.Community.Keys.Regulator, Passphrase, KeystoreCost.Light));
        // The seller's device has the seller's key: it trades for the house by itself.
        Directory.CreateDirectory(Work["device"]);
        WriteKey("seller", Path.Combine("device", MeterIdentity.FileName));
    }

    public async Task DisposeAsync()
    {
        if (Street is not null)
            await Street.DisposeAsync();
        Work.Dispose();
    }

    /// <summary>A person's command, signed without asking.</summary>
    internal Task<Outcome> PersonAsync(string name, params string[] arguments) =>
        RunAsync([.. arguments, .. Key(name), "--data", name, "--yes"]);

    /// <summary>A person's command that only looks, with their key.</summary>
    internal Task<Outcome> LookAsync(string name, params string[] arguments) => RunAsync([.. arguments, .. Key(name)]);

    /// <summary>A command of nobody in particular.</summary>
    internal Task<Outcome> RunAsync(params string[] arguments) => BusbarProgram.RunAsync(
        Work.Folder, ["trade", .. arguments, .. arguments.Contains("--node") ? Array.Empty<string>() : ["--node", Page]]);

    /// <summary>A command of the seller's device.</summary>
    internal Task<Outcome> DeviceAsync(params string[] arguments) => BusbarProgram.RunAsync(
        Work.Folder, ["device", "trade", .. arguments, "--data", "device", "--password-file", "password", "--node", Page]);

    /// <summary>What a person's deed came to; it went well.</summary>
    internal async Task<JsonNode> DoneAsync(string name, params string[] arguments)
    {
        var done = (await PersonAsync(name, [.. arguments, "--json"])).Succeeded();
        await Street.Community.Node.FollowedAsync(default);
        return JsonNode.Parse(done.Output)!;
    }

    /// <summary>A document that a person looks at.</summary>
    internal async Task<JsonNode> SeenAsync(string name, params string[] arguments) =>
        JsonNode.Parse((await LookAsync(name, [.. arguments, "--json"])).Succeeded().Output)!;

    /// <summary>The seller posts an advert at a tenth of a coin a kWh.</summary>
    /// <returns>Its id.</returns>
    internal async Task<string> AdvertAsync(string energy) =>
        (string)(await DoneAsync("seller", "sell", "--energy", energy, "--price", "0.1"))["advert"]!;

    /// <summary>What is left of an advert of the seller's, mWh.</summary>
    internal async Task<string> LeftAsync(string advert) =>
        (string)(await SeenAsync("seller", "show", "advert", advert))["leftMwh"]!;

    /// <summary>What somebody has free in the vault.</summary>
    internal async Task<Coin> FreeAsync(string name) =>
        Coin.FromWei(Int128.Parse((string)(await SeenAsync(name, "standing"))["trader"]!["freeWei"]!, null));

    /// <summary>What the ledger has locked of somebody's money for a demand, wei.</summary>
    internal async Task<string> LockedAsync(string name, string demand)
    {
        using var key = MarketStreet.Person(name);
        var node = Street.Community.Node;
        var locked = await Vault.LockedForAsync(
            node.Chain.Client, node.Contracts.Money!.Vault, node.Contracts.Market!.Demands, key.Address, Hash256.Parse(demand));
        return locked.ToString(CultureInfo.InvariantCulture);
    }

    internal Task PassAsync(Duration time) => Street.Community.MoveToAsync(Street.Community.Now + time);

    /// <summary>The row of a page that has an id.</summary>
    internal static JsonNode Row(JsonNode page, string id) => page["items"]!.AsArray().Single(row => (string)row!["id"]! == id)!;

    /// <summary>Where a person's key is.</summary>
    internal static string[] Key(string name) => ["--keystore", $"{name}.json", "--password-file", "password"];

    private void WriteKey(string name, string file)
    {
        using var key = MarketStreet.Person(name);
        Work.Secret(file, Keystore.Encrypt(key, Passphrase, KeystoreCost.Light));
    }
}

/// <summary>The tests that share <see cref="TradeFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class TradeStreet : ICollectionFixture<TradeFixture>
{
    public const string Name = "trade";
}
