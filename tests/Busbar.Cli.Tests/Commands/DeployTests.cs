using System.Diagnostics;
using Busbar.Cli.Tests.Running;
using Busbar.Cryptography;
using Busbar.Ledger.Engine;

namespace Busbar.Cli.Tests.Commands;

[Collection(ReplayCases.Name)]
public sealed class DeployTests(ReplayFixture replay) : IDisposable
{
    private const string Regulator = "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf";

    // The first account that Anvil gives coin to; known to everyone.
    private const string FundedKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Deploy_RealChain_AddressesFileThatVerifyReads()
    {
        var start = new ProcessStartInfo(AnvilBinary.Find(), ["--port", "0"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var anvil = Process.Start(start)!;
        try
        {
            var rpc = "";
            while (rpc.Length == 0 && await anvil.StandardOutput.ReadLineAsync() is { } line)
                rpc = line.StartsWith("Listening on ", StringComparison.Ordinal) ? "http://" + line["Listening on ".Length..].Trim() : "";
            WriteKey("funded.json", Convert.FromHexString(FundedKey));
            WriteKey("poor.json", Keccak256.Hash("poor"u8).ToArray());
            (await RunAsync("funded.json", rpc, "--chain-id", "1")).FailedPlainly(1, "is 31337, not 1", "Nothing was sent");
            (await RunAsync("poor.json", rpc)).FailedPlainly(1, "has 0 Ether on chain 31337", "send it some");
            Assert.False(File.Exists(_work["addresses.json"]));

            var deployed = (await RunAsync("funded.json", rpc)).Succeeded();
            Assert.Contains("13/21 directory wired", deployed.Error, StringComparison.Ordinal);
            var verified = await BusbarProgram.RunAsync(
                _work.Folder, "verify", "reading", replay.Work["proof.json"], "--rpc", rpc, "--addresses", "addresses.json");
            Assert.Equal(1, verified.ExitCode);
            Assert.Contains("it is for other contracts", verified.Output, StringComparison.Ordinal);
            (await RunAsync("funded.json", rpc)).FailedPlainly(1, "addresses.json is there already");
        }
        finally
        {
            anvil.Kill();
            await anvil.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Deploy_ChainAwayOrGone_SaysWhatBecameOfIt()
    {
        WriteKey("key.json", Keccak256.Hash("deployer"u8).ToArray());
        (await RunAsync("key.json", "http://127.0.0.1:1")).FailedPlainly(1, "the chain at http://127.0.0.1:1/ cannot be reached", "Nothing was sent");
        await using var chain = new FakeChain(("eth_chainId", "0x7a69"), ("eth_gasPrice", "0x0"), ("eth_getBalance", "0x0"));
        (await RunAsync("key.json", chain.Address)).FailedPlainly(1, "stopped answering", "addresses.json was not written", "run the command again");
    }

    [Fact]
    public async Task Deploy_WrongOptions_SaysWhich()
    {
        WriteKey("key.json", Keccak256.Hash("deployer"u8).ToArray());
        _work.Secret("wrong", "not the password");
        (await RunAsync("key.json", "chain")).FailedPlainly(1, "--rpc is an address");
        (await RunAsync("key.json", "http://127.0.0.1:1", "--interval", "7")).FailedPlainly(1, "--interval is 1, 5, 15, 30 or 60");
        (await RunAsync("key.json", "http://127.0.0.1:1", "--regulator", "0x12")).FailedPlainly(1, "0x12 is no Ethereum address");
        (await RunAsync("key.json", "http://127.0.0.1:1", "--out", "no/addresses.json")).FailedPlainly(1, "there is no folder");
        (await RunAsync("absent.json", "http://127.0.0.1:1")).FailedPlainly(1, "the key absent.json cannot be opened");
        (await RunAsync("key.json", "http://127.0.0.1:1", "--password-file", "wrong")).FailedPlainly(1, "the key key.json cannot be opened");
        (await BusbarProgram.RunAsync(_work.Folder, "deploy")).FailedPlainly(2, "--rpc", "--key");
    }

    private void WriteKey(string name, byte[] secret)
    {
        using var key = PrivateKey.FromBytes(secret);
        _work.Secret("password", "a long password");
        _work.Secret(name, Keystore.Encrypt(key, "a long password", KeystoreCost.Light));
    }

    private Task<Outcome> RunAsync(string key, string rpc, params string[] more)
    {
        string[] usual = ["--rpc", rpc, "--key", key, "--chain-id", "31337", "--password-file", "password", "--regulator", Regulator];
        // What a case gives itself takes the place of the usual.
        var given = more.Where((_, place) => place % 2 == 0).Except(["--regulator"], StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var kept = usual.Chunk(2).Where(pair => !given.Contains(pair[0])).SelectMany(pair => pair);
        return BusbarProgram.RunAsync(_work.Folder, ["deploy", .. kept, .. more]);
    }
}
