using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.TypedData;

/// <summary>
/// A message that people sign with their wallets, its types and the domain it is for. Immutable.
/// Source: EIP-712, in the JSON form of eth_signTypedData_v4.
/// </summary>
public sealed class TypedMessage
{
    private const string DomainType = "EIP712Domain";

    // The fields that a domain may have, in the order that their type names them.
    private static readonly (string Name, string Type)[] DomainFields =
        [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"), ("salt", "bytes32")];

    private readonly TypedEncoder _encoder;
    private readonly JsonElement _message;

    private TypedMessage(TypedEncoder encoder, string primaryType, JsonElement domain, JsonElement message)
    {
        _encoder = encoder;
        _message = message;
        PrimaryType = primaryType;
        DomainSeparator = encoder.HashStruct(DomainType, domain);
        StructHash = encoder.HashStruct(primaryType, message);
        Digest = Keccak256.Hash([0x19, 0x01, .. DomainSeparator.ToArray(), .. StructHash.ToArray()]);
    }

    /// <summary>The type of the message.</summary>
    public string PrimaryType { get; }

    /// <summary>What binds the signature to one application, chain and contract.</summary>
    public Hash256 DomainSeparator { get; }

    /// <summary>The hash of the message without its domain.</summary>
    public Hash256 StructHash { get; }

    /// <summary>What is signed.</summary>
    public Hash256 Digest { get; }

    /// <summary>Reads <c>{"types": …, "primaryType": …, "domain": …, "message": …}</c>.</summary>
    /// <exception cref="FormatException">Types, domain and message do not go together.</exception>
    public static TypedMessage Parse(JsonElement json) => Create(
        TypedEncoder.Member(json, "types"),
        TypedEncoder.Member(json, "primaryType").GetString() ?? throw new FormatException("no primaryType"),
        TypedEncoder.Member(json, "domain"),
        TypedEncoder.Member(json, "message"));

    /// <summary>Takes the parts. Where the types leave the domain's out, it is that of the fields that the domain has.</summary>
    /// <exception cref="FormatException">Types, domain and message do not go together.</exception>
    public static TypedMessage Create(JsonElement types, string primaryType, JsonElement domain, JsonElement message)
    {
        var structs = new Dictionary<string, IReadOnlyList<TypedField>>(StringComparer.Ordinal);
        foreach (var one in types.ValueKind == JsonValueKind.Object ? types.EnumerateObject() : throw new FormatException("types is no object"))
            structs[one.Name] = TypedField.ReadAll(one.Value);
        if (domain.ValueKind != JsonValueKind.Object)
            throw new FormatException("domain is no object");
        if (!structs.ContainsKey(DomainType))
            structs[DomainType] = [.. DomainFields.Where(f => domain.TryGetProperty(f.Name, out _)).Select(f => new TypedField(f.Name, f.Type))];
        return new TypedMessage(new TypedEncoder(structs), primaryType, domain, message);
    }

    /// <summary>The bytes whose hash is <see cref="StructHash"/>: the type's hash and each field in a word.</summary>
    public byte[] EncodeStruct() => _encoder.EncodeStruct(PrimaryType, _message);
}
