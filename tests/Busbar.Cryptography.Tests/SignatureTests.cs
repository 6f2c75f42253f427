namespace Busbar.Cryptography.Tests;

public sealed class SignatureTests
{
    [Theory]
    [InlineData(0, 27)]
    [InlineData(1, 28)]
    [InlineData(27, 27)]
    [InlineData(28, 28)]
    public void FromBytes_EveryV_IsWrittenAs27Or28(byte v, byte written)
    {
        byte[] bytes = [.. Enumerable.Range(1, 64).Select(i => (byte)i), v];

        var signature = Signature.FromBytes(bytes);

        Assert.Equal([.. bytes[..64], written], signature.ToArray());
        Assert.Equal(written - 27, signature.RecoveryId);
    }

    [Theory]
    [InlineData(65, 2)]
    [InlineData(65, 26)]
    [InlineData(65, 29)]
    [InlineData(65, 255)]
    [InlineData(64, 0)]
    [InlineData(66, 0)]
    public void TryFromBytes_WrongLengthOrV_IsRefused(int length, byte v)
    {
        var bytes = new byte[length];
        bytes[Math.Min(64, length - 1)] = v;

        Assert.False(Signature.TryFromBytes(bytes, out _));
        Assert.Throws<FormatException>(() => Signature.FromBytes(bytes));
    }
}
