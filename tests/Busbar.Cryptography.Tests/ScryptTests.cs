namespace Busbar.Cryptography.Tests;

public sealed class ScryptTests
{
    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    public void DeriveKey_Rfc7914Vectors_Match(string password, string salt, int n, int r, int p, string expected)
    {
        var derived = Scrypt.DeriveKey(System.Text.Encoding.ASCII.GetBytes(password), System.Text.Encoding.ASCII.GetBytes(salt), n, r, p, 64);

        Assert.Equal(expected, Convert.ToHexStringLower(derived));
    }

    [DataFact]
    public void DeriveKey_EthersVectors_Match()
    {
        var cases = Vectors.Read("ethers_testcases", "pbkdf.json.gz").AsArray();
        Assert.NotEmpty(cases);
        // All together take a minute without optimisation; lengths and costs repeat.
        for (var i = 0; i < cases.Count; i += 10)
        {
            var test = cases[i]!;
            var cost = test["scrypt"]!;
            var derived = Scrypt.DeriveKey(
                HexText.Decode(Vectors.Text(test, "password")),
                HexText.Decode(Vectors.Text(test, "salt")),
                (int)cost["N"]!,
                (int)cost["r"]!,
                (int)cost["p"]!,
                (int)test["dkLen"]!);
            Assert.Equal(Vectors.Text(cost, "key"), HexText.Encode(derived));
        }
    }
}
