using Busbar.Cryptography;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;

namespace Busbar.Ledger.Exploring;

/// <summary>
/// Reads calls, events and errors of our contracts. What is not ours, or not the strict encoding, is null: then the bytes
/// themselves are what can be shown. Thread safe.
/// </summary>
public sealed class LedgerDecoder
{
    private readonly Dictionary<Address, string> _names;
    private readonly ValueWriter _values;

    /// <summary>Knows a community's contracts.</summary>
    public LedgerDecoder(ContractAddresses contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        _names = new()
        {
            [contracts.Council] = nameof(Council),
            [contracts.Members] = nameof(Members),
            [contracts.Meters] = nameof(Meters),
            [contracts.Anchors] = nameof(Anchors),
        };
        if (contracts.Money is { } money)
        {
            _names[money.Vault] = nameof(Vault);
            _names[money.Payments] = nameof(Payments);
            _names[money.Billing] = nameof(Billing);
        }

        if (contracts.Market is { } market)
        {
            _names[market.Storage] = nameof(Storage);
            _names[market.Taxes] = nameof(Taxes);
            _names[market.Board] = nameof(Board);
            _names[market.Demands] = nameof(Demands);
        }

        if (contracts.Channels is { } channels)
            _names[channels] = nameof(Channels);

        _values = new(NameOf);
    }

    /// <summary>The name of the contract that stands at an address; null when it is none of ours.</summary>
    public string? NameOf(Address address) => _names.GetValueOrDefault(address);

    /// <summary>The name of the function that a call names, or null; <c>constructor</c> where one of our contracts was deployed.</summary>
    /// <param name="to">The recipient; null for a deployment.</param>
    /// <param name="created">What was deployed; null for a call.</param>
    /// <param name="selector">The input's first four bytes.</param>
    public string? CallName(Address? to, Address? created, uint? selector)
    {
        if (to is null)
            return created is { } made && NameOf(made) is not null ? "constructor" : null;
        return NameOf(to.Value) is { } contract && selector is { } four ? LedgerAbi.Function(contract, four)?.Name : null;
    }

    /// <summary>A call of one of our contracts, or the deployment of one.</summary>
    /// <param name="to">The recipient; null for a deployment.</param>
    /// <param name="created">What was deployed; null for a call, or where nothing came of it.</param>
    /// <param name="input">Call data or deploying code.</param>
    public DecodedItem? DecodeCall(Address? to, Address? created, ReadOnlyMemory<byte> input)
    {
        if (to is null)
            return created is { } made && NameOf(made) is { } name ? Deployment(name, input) : null;
        return NameOf(to.Value) is { } contract && AbiSelectors.Of(input) is { } selector && LedgerAbi.Function(contract, selector) is { } entry
            ? Decode(entry, input[sizeof(uint)..])
            : null;
    }

    /// <summary>An event of one of our contracts; null for any other, though it may look like one of ours.</summary>
    public DecodedItem? DecodeEvent(IndexedEvent logged)
    {
        ArgumentNullException.ThrowIfNull(logged);
        if (NameOf(logged.Contract) is not { } contract || logged.Topics.Count == 0 || LedgerAbi.Event(logged.Topics[0]) is not { } entry)
            return null;
        if (logged.Topics.Count != 1 + entry.Inputs.Count(input => input.IsIndexed))
            return null;
        try
        {
            var plain = AbiCodec.Decode([.. entry.Inputs.Where(input => !input.IsIndexed).Select(input => input.Type)], logged.Data);
            var (topic, place) = (1, 0);
            var values = entry.Inputs.Select(input => !input.IsIndexed
                ? _values.Write(entry.Name, input.Name, input.Type, plain[place++])
                : Indexed(entry, input, logged.Topics[topic++]));
            return new(contract, entry.Name, entry.Signature, [.. values]);
        }
        catch (AbiException)
        {
            return null;
        }
    }

    /// <summary>What a call was undone with.</summary>
    public DecodedItem? DecodeError(ReadOnlyMemory<byte> revertData) =>
        AbiSelectors.Of(revertData) is { } selector && LedgerAbi.Error(selector) is { } entry ? Decode(entry, revertData[sizeof(uint)..]) : null;

    /// <summary>The addresses that stand among the topics of an event of ours.</summary>
    internal static IEnumerable<Address> AddressesIn(IReadOnlyList<Hash256> topics)
    {
        if (topics.Count == 0 || LedgerAbi.Event(topics[0]) is not { } entry)
            yield break;
        foreach (var place in entry.AddressTopics)
        {
            if (place < topics.Count && topics[place].ToArray() is var word && !word.AsSpan(0, 12).ContainsAnyExcept((byte)0))
                yield return new Address(word.AsSpan(12));
        }
    }

    private DecodedItem? Deployment(string contract, ReadOnlyMemory<byte> input)
    {
        if (LedgerAbi.Constructor(contract) is not { } entry)
            return null;
        var code = LedgerAbi.Code(contract).AsSpan();
        return input.Span.StartsWith(code) ? Decode(entry with { Name = "constructor" }, input[code.Length..]) : null;
    }

    private DecodedValue Indexed(AbiEntry entry, AbiInput input, Hash256 topic) =>
        input.Type.IsDynamic || input.Type.HeadLength != Hash256.Length
            ? ValueWriter.Hashed(input.Name, input.Type, topic)
            : _values.Write(entry.Name, input.Name, input.Type, AbiCodec.Decode([input.Type], topic.ToArray())[0]);

    private DecodedItem? Decode(AbiEntry entry, ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var values = AbiCodec.Decode(entry.Types, encoded);
            return new(
                entry.Contract,
                entry.Name,
                entry.Signature,
                [.. entry.Inputs.Zip(values, (input, value) => _values.Write(entry.Name, input.Name, input.Type, value))]);
        }
        catch (AbiException)
        {
            return null;
        }
    }
}
