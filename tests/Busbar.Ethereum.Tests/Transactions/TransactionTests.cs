using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;

namespace Busbar.Ethereum.Tests.Transactions;

public sealed class TransactionTests
{
    private static readonly PrivateKey Key = PrivateKey.FromBytes(Convert.FromHexString(new string('4', 64)));

    private static readonly Transaction Sample = new()
    {
        ChainId = 31337,
        Nonce = 7,
        MaxFeePerGas = 30_000_000_000,
        MaxPriorityFeePerGas = 1_000_000_000,
        GasLimit = 300_000,
        To = Address.Parse("0x3535353535353535353535353535353535353535"),
        Value = BigInteger.Pow(10, 18),
        Data = new byte[] { 1, 0, 2 },
        AccessList = [new AccessListEntry(Address.Zero, [Hash256.Zero])],
    };

    [Theory]
    [InlineData(TransactionType.Legacy)]
    [InlineData(TransactionType.AccessList)]
    [InlineData(TransactionType.DynamicFee)]
    public void Decode_WhatWasSigned_SameFieldsAndSender(TransactionType type)
    {
        var transaction = Sample with
        {
            Type = type,
            MaxPriorityFeePerGas = type == TransactionType.DynamicFee ? 1 : Sample.MaxFeePerGas,
            AccessList = type == TransactionType.Legacy ? [] : Sample.AccessList,
        };
        var signed = transaction.Sign(Key);

        var decoded = SignedTransaction.Decode(signed.Raw.Span);

        Assert.Equal(TransactionRefusal.None, TransactionRules.Check(decoded, 31337, out var sender));
        Assert.Equal(Key.Address, sender);
        Assert.Equal(signed.Hash, decoded.Hash);
        Assert.Equal(transaction.SigningHash, decoded.Transaction.SigningHash);
        Assert.Equal(transaction.MaxFeePerGas, decoded.Transaction.MaxFeePerGas);
        Assert.Equal(transaction.Data.ToArray(), decoded.Transaction.Data.ToArray());
    }

    [Fact]
    public void Sign_SameKeyAndTransaction_SameBytes() =>
        Assert.Equal(Sample.Sign(Key).Raw.ToArray(), Sample.Sign(Key).Raw.ToArray());

    [Fact]
    public void Check_OtherChain_WrongChain() =>
        Assert.Equal(TransactionRefusal.WrongChain, TransactionRules.Check(Sample.Sign(Key), 1, out _));

    [Fact]
    public void Check_TipAboveFee_Refused() => Assert.Equal(
        TransactionRefusal.TipAboveFee,
        TransactionRules.Check((Sample with { MaxFeePerGas = 1, MaxPriorityFeePerGas = 2 }).Sign(Key), 31337, out _));

    [Fact]
    public void Check_InitCodeOneByteTooLong_Refused()
    {
        var creation = Sample with { To = null, GasLimit = 10_000_000 };
        var longest = new byte[TransactionRules.MaximumInitCodeLength];

        Assert.Equal(TransactionRefusal.None, TransactionRules.Check((creation with { Data = longest }).Sign(Key), 31337, out _));
        Assert.Equal(
            TransactionRefusal.InitCodeTooLong,
            TransactionRules.Check((creation with { Data = new byte[longest.Length + 1] }).Sign(Key), 31337, out _));
    }

    [Fact]
    public void Encode_FieldsThatDoNotGoTogether_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => (Sample with { ChainId = null }).SigningHash);
        Assert.Throws<InvalidOperationException>(() => (Sample with { Type = TransactionType.Legacy }).SigningHash);
        Assert.Throws<InvalidOperationException>(() => (Sample with { Type = TransactionType.AccessList }).SigningHash);
        Assert.Throws<InvalidOperationException>(() => (Sample with { Value = BigInteger.Pow(2, 256) }).SigningHash);
        Assert.Throws<InvalidOperationException>(() => (Sample with { Value = -1 }).SigningHash);
    }

    [Fact]
    public void TryDecode_TooLongOrEmpty_WrongSize()
    {
        Assert.False(SignedTransaction.TryDecode([], out _, out var empty));
        Assert.False(SignedTransaction.TryDecode(new byte[SignedTransaction.DefaultMaximumLength + 1], out _, out var tooLong));
        Assert.Equal((TransactionRefusal.WrongSize, TransactionRefusal.WrongSize), (empty, tooLong));
    }
}
