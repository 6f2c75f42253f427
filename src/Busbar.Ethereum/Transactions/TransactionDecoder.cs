using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.Rlp;

namespace Busbar.Ethereum.Transactions;

/// <summary>Reads the three kinds of transaction from canonical RLP.</summary>
internal static class TransactionDecoder
{
    private const int FirstListByte = 0xc0;

    public static TransactionRefusal Decode(ReadOnlySpan<byte> raw, out SignedTransaction? transaction)
    {
        transaction = null;
        TransactionType type;
        var body = raw;
        switch (raw[0])
        {
            case >= FirstListByte:
                type = TransactionType.Legacy;
                break;
            case (byte)TransactionType.AccessList or (byte)TransactionType.DynamicFee:
                type = (TransactionType)raw[0];
                body = raw[1..];
                break;
            default:
                return TransactionRefusal.TypeNotSupported;
        }

        var outer = new RlpReader(body);
        var fields = outer.ReadList();
        outer.EnsureEnd();
        return type == TransactionType.Legacy
            ? DecodeLegacy(ref fields, raw, out transaction)
            : DecodeTyped(type, ref fields, raw, out transaction);
    }

    private static TransactionRefusal DecodeLegacy(ref RlpReader fields, ReadOnlySpan<byte> raw, out SignedTransaction? transaction)
    {
        transaction = null;
        var nonce = fields.ReadUInt64();
        var price = fields.ReadUInt256();
        var gas = fields.ReadUInt64();
        if (!TryReadRecipient(ref fields, out var to))
            return TransactionRefusal.WrongRecipient;
        var value = fields.ReadUInt256();
        var data = fields.ReadBytes().ToArray();
        var v = fields.ReadUInt256();
        var (r, s) = ReadSignature(ref fields);
        if (!TrySplit(v, out var chain, out var parity))
            return TransactionRefusal.WrongChain;
        var unsigned = new Transaction
        {
            Type = TransactionType.Legacy,
            ChainId = chain,
            Nonce = nonce,
            MaxFeePerGas = price,
            MaxPriorityFeePerGas = price,
            GasLimit = gas,
            To = to,
            Value = value,
            Data = data,
        };
        transaction = new SignedTransaction(unsigned, new Signature(r, s, parity), raw.ToArray());
        return TransactionRefusal.None;
    }

    private static TransactionRefusal DecodeTyped(
        TransactionType type, ref RlpReader fields, ReadOnlySpan<byte> raw, out SignedTransaction? transaction)
    {
        transaction = null;
        var chain = fields.ReadUInt64();
        var nonce = fields.ReadUInt64();
        var tip = fields.ReadUInt256();
        var fee = type == TransactionType.DynamicFee ? fields.ReadUInt256() : tip;
        var gas = fields.ReadUInt64();
        if (!TryReadRecipient(ref fields, out var to))
            return TransactionRefusal.WrongRecipient;
        var value = fields.ReadUInt256();
        var data = fields.ReadBytes().ToArray();
        var accessList = ReadAccessList(ref fields);
        var parity = fields.ReadUInt256();
        var (r, s) = ReadSignature(ref fields);
        if (parity > BigInteger.One)
            return TransactionRefusal.InvalidSignature;
        var unsigned = new Transaction
        {
            Type = type,
            ChainId = chain,
            Nonce = nonce,
            MaxFeePerGas = fee,
            MaxPriorityFeePerGas = tip,
            GasLimit = gas,
            To = to,
            Value = value,
            Data = data,
            AccessList = accessList,
        };
        transaction = new SignedTransaction(unsigned, new Signature(r, s, (int)parity), raw.ToArray());
        return TransactionRefusal.None;
    }

    private static bool TryReadRecipient(ref RlpReader fields, out Address? to)
    {
        var bytes = fields.ReadBytes();
        to = bytes.Length == Address.Length ? new Address(bytes) : null;
        return bytes.Length is 0 or Address.Length;
    }

    private static List<AccessListEntry> ReadAccessList(ref RlpReader fields)
    {
        var entries = fields.ReadList();
        var list = new List<AccessListEntry>();
        while (!entries.IsAtEnd)
        {
            var entry = entries.ReadList();
            var address = new Address(entry.ReadBytes(Address.Length));
            var keys = entry.ReadList();
            entry.EnsureEnd();
            var storage = new List<Hash256>();
            while (!keys.IsAtEnd)
                storage.Add(new Hash256(keys.ReadBytes(Hash256.Length)));
            list.Add(new AccessListEntry(address, storage));
        }

        return list;
    }

    // r and s end every kind, so what follows them is superfluous.
    private static (Hash256 R, Hash256 S) ReadSignature(ref RlpReader fields)
    {
        var r = Word(fields.ReadUInt256());
        var s = Word(fields.ReadUInt256());
        fields.EnsureEnd();
        return (r, s);
    }

    private static Hash256 Word(BigInteger value)
    {
        Span<byte> word = stackalloc byte[Hash256.Length];
        word.Clear();
        value.TryWriteBytes(word[(Hash256.Length - value.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
        return new Hash256(word);
    }

    // EIP-155: 27 and 28 name no chain, chain * 2 + 35 and + 36 name one.
    private static bool TrySplit(BigInteger v, out ulong? chain, out int parity)
    {
        chain = null;
        parity = 0;
        if (v == 27 || v == 28)
        {
            parity = (int)(v - 27);
            return true;
        }

        var named = v - 35;
        if (named.Sign < 0 || named >> 1 > ulong.MaxValue)
            return false;
        parity = named.IsEven ? 0 : 1;
        chain = (ulong)(named >> 1);
        return true;
    }
}
