using Busbar.Cryptography;
using Busbar.Ethereum.Rlp;

namespace Busbar.Ethereum.Transactions;

/// <summary>Where a contract will stand.</summary>
public static class ContractAddress
{
    /// <summary>The address of a contract that <paramref name="sender"/> deploys with its <paramref name="nonce"/>.</summary>
    public static Address Create(Address sender, ulong nonce)
    {
        var writer = new RlpWriter();
        writer.BeginList();
        writer.WriteBytes(sender.ToArray());
        writer.WriteInteger(nonce);
        writer.EndList();
        return Last20(Keccak256.Hash(writer.ToArray()));
    }

    /// <summary>The address that a factory's CREATE2 gives (EIP-1014).</summary>
    public static Address Create2(Address factory, Hash256 salt, ReadOnlySpan<byte> initCode)
    {
        Span<byte> preimage = stackalloc byte[1 + Address.Length + (2 * Hash256.Length)];
        preimage[0] = 0xff;
        factory.CopyTo(preimage[1..]);
        salt.CopyTo(preimage[21..]);
        Keccak256.Hash(initCode).CopyTo(preimage[53..]);
        return Last20(Keccak256.Hash(preimage));
    }

    private static Address Last20(Hash256 hash) => new(hash.ToArray().AsSpan(12));
}
