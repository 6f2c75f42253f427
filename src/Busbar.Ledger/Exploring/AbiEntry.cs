using Busbar.Cryptography;
using Busbar.Ethereum.Abi;

namespace Busbar.Ledger.Exploring;

/// <summary>A function, event, error or constructor of one of our contracts.</summary>
/// <param name="Contract">The contract's name.</param>
/// <param name="Kind">As the ABI says: <c>function</c>, <c>event</c>, <c>error</c> or <c>constructor</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">Its values.</param>
internal sealed record AbiEntry(string Contract, string Kind, string Name, IReadOnlyList<AbiInput> Inputs)
{
    /// <summary>The canonical form that selectors and topics are made of.</summary>
    public string Signature { get; } = $"{Name}({string.Join(',', Inputs.Select(input => input.Type.Name))})";

    /// <summary>The values' types in order.</summary>
    public IReadOnlyList<AbiType> Types { get; } = [.. Inputs.Select(input => input.Type)];

    public uint Selector => AbiSignature.Selector(Signature);

    public Hash256 Topic => AbiSignature.Topic(Signature);

    /// <summary>The places among a log's topics, from 1, at which addresses stand.</summary>
    public IReadOnlyList<int> AddressTopics { get; } =
    [
        .. Inputs.Where(input => input.IsIndexed).Select((input, place) => (input.Type.Kind, Topic: place + 1))
            .Where(indexed => indexed.Kind == AbiKind.Address).Select(indexed => indexed.Topic),
    ];
}

/// <summary>A named value.</summary>
/// <param name="Name">The name as the contract has it, without the underscore that keeps it apart from others.</param>
/// <param name="Type">The type.</param>
/// <param name="IsIndexed">Whether it stands in a log's topics.</param>
internal sealed record AbiInput(string Name, AbiType Type, bool IsIndexed);
