using Busbar.Cryptography;
using Busbar.Ethereum.Abi;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ethereum.Tests.Contracts;

/// <summary>The binding of Token.json, which the generator makes when this project is built, against bytes known from outside.</summary>
public sealed class BindingTests
{
    private static readonly Address Alice = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    private static readonly Address Bob = Address.Parse("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");

    [Fact]
    public void EncodeTransfer_Erc20_ItsCallData()
    {
        Assert.Equal(0xa9059cbbu, Token.Selectors.Transfer);
        Assert.Equal(
            "a9059cbb0000000000000000000000005aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
            + "00000000000000000000000000000000000000000000000000000000000003e8",
            Convert.ToHexStringLower(Token.EncodeTransfer(Alice, 1000)));
    }

    [Fact]
    public void DecodeTransferResult_WordOne_True() => Assert.True(Token.DecodeTransferResult(Word(1)));

    [Fact]
    public void TryDecode_Erc20Transfer_ItsFields()
    {
        Assert.Equal("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", Token.Events.Transfer.Topic.ToString());
        Assert.True(Token.Events.TryDecode(Transfer(Word(77)), out var decoded));
        Assert.Equal(new Token.Events.Transfer(Alice, Bob, 77), decoded);
    }

    [Fact]
    public void TryDecode_DamagedOrForeignLog_False()
    {
        var good = Transfer(Word(77));

        Assert.False(Token.Events.TryDecode(good with { Data = Word(77).AsMemory(1) }, out _));
        Assert.False(Token.Events.TryDecode(good with { Data = new byte[64] }, out _));
        Assert.False(Token.Events.TryDecode(good with { Topics = [.. good.Topics.Take(2)] }, out _));
        Assert.False(Token.Events.TryDecode(good with { Topics = [Hash256.Zero, .. good.Topics.Skip(1)] }, out _));
        Assert.False(Token.Events.TryDecode(good with { Topics = [good.Topics[0], good.Topics[0], good.Topics[2]] }, out _));
        Assert.False(Token.Events.TryDecode(good with { Topics = [] }, out _));
    }

    private static Log Transfer(byte[] data) => new()
    {
        Address = Alice,
        Topics = [Token.Events.Transfer.Topic, new Hash256(AddressWord(Alice)), new Hash256(AddressWord(Bob))],
        Data = data,
    };

    private static byte[] Word(ulong value)
    {
        var writer = new AbiWriter(32);
        writer.WriteUInt(value, 256);
        return writer.ToArray();
    }

    private static byte[] AddressWord(Address value)
    {
        var writer = new AbiWriter(32);
        writer.WriteAddress(value);
        return writer.ToArray();
    }
}
