using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;

namespace Busbar.Ethereum.Tests.Transactions;

public sealed class TransactionVectorTests
{
    // The newest fork in each file: the rules here are those of Cancun, which for these cases equal Shanghai's and London's.
    private static readonly string[] Forks = ["Cancun", "Shanghai", "Paris", "London"];

    [DataFact]
    public void Check_EthereumTransactionTests_AgreesOnNewestFork()
    {
        var (accepted, refused) = (0, 0);
        var wrong = new List<string>();
        var folder = SharedData.PathOf("ethereum_vectors", "ethereum_tests", "TransactionTests");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            foreach (var c in Vectors.Parse(file).EnumerateObject())
            {
                var results = c.Value.GetProperty("result");
                var expected = results.GetProperty(Forks.First(f => results.TryGetProperty(f, out _)));
                var outcome = Outcome(Vectors.Bytes(c.Value.GetProperty("txbytes")));
                if (!string.Equals(outcome, Expected(expected), StringComparison.Ordinal))
                    wrong.Add($"{Path.GetFileName(file)} {c.Name}: {outcome} instead of {expected}");
                if (expected.TryGetProperty("exception", out _))
                    refused++;
                else
                    accepted++;
            }
        }

        Assert.Empty(wrong);
        Assert.True(accepted >= 15, $"{accepted} accepted");
        Assert.True(refused >= 80, $"{refused} refused");
    }

    private static string Outcome(byte[] raw)
    {
        if (!SignedTransaction.TryDecode(raw, out var decoded, out _)
            || TransactionRules.Check(decoded, 1, out var sender) != TransactionRefusal.None)
            return "refused";
        Assert.Equal(raw, decoded.Transaction.Encode(decoded.Signature));
        return $"{decoded.Hash} {sender.ToLowerHex()} {TransactionRules.IntrinsicGas(decoded.Transaction)}";
    }

    private static string Expected(JsonElement result) => result.TryGetProperty("exception", out _)
        ? "refused"
        : $"{result.GetProperty("hash").GetString()} {result.GetProperty("sender").GetString()} "
          + Convert.ToUInt64(result.GetProperty("intrinsicGas").GetString(), 16);

    [DataFact]
    public void Sign_Eip155Example_GivesItsBytes()
    {
        var example = Vectors.Eips().GetProperty("eip155");
        var transaction = new Transaction
        {
            Type = TransactionType.Legacy,
            ChainId = example.GetProperty("chainId").GetUInt64(),
            Nonce = example.GetProperty("nonce").GetUInt64(),
            MaxFeePerGas = example.GetProperty("gasprice").GetUInt64(),
            GasLimit = example.GetProperty("startgas").GetUInt64(),
            To = Address.Parse(example.GetProperty("to").GetString()),
            Value = example.GetProperty("value").GetUInt64(),
        };
        using var key = PrivateKey.FromBytes(Vectors.Bytes(example.GetProperty("private_key")));

        Assert.Equal(Vectors.Bytes(example.GetProperty("signing_data")), transaction.Encode(null));
        Assert.Equal(example.GetProperty("signing_hash").GetString(), transaction.SigningHash.ToString());
        Assert.Equal(Vectors.Bytes(example.GetProperty("signed_tx")), transaction.Sign(key).Raw.ToArray());
    }

    [DataFact]
    public void ContractAddress_EthersVectors_Agrees()
    {
        foreach (var group in Vectors.Ethers("create").EnumerateArray())
        {
            var sender = Address.Parse(group.GetProperty("sender").GetString());
            foreach (var c in group.GetProperty("creates").EnumerateArray())
            {
                Assert.Equal(
                    c.GetProperty("address").GetString(),
                    ContractAddress.Create(sender, c.GetProperty("nonce").GetUInt64()).ToString());
            }
        }

        foreach (var group in Vectors.Ethers("create2").EnumerateArray())
        {
            var sender = Address.Parse(group.GetProperty("sender").GetString());
            foreach (var c in group.GetProperty("creates").EnumerateArray())
            {
                var salt = Hash256.Parse(c.GetProperty("salt").GetString());
                Assert.Equal(
                    c.GetProperty("address").GetString(),
                    ContractAddress.Create2(sender, salt, Vectors.Bytes(c.GetProperty("initCode"))).ToString());
            }
        }
    }
}
