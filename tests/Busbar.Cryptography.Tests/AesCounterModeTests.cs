namespace Busbar.Cryptography.Tests;

public sealed class AesCounterModeTests
{
    // NIST SP 800-38A, F.5.1, four blocks.
    [Theory]
    [InlineData(64)]
    [InlineData(31)]
    [InlineData(0)]
    public void Apply_NistVector_Match(int length)
    {
        var key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");
        var counter = Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        var plain = Convert.FromHexString(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        var cipher = Convert.FromHexString(
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");

        Assert.Equal(cipher[..length], AesCounterMode.Apply(key, counter, plain.AsSpan(0, length)));
    }
}
