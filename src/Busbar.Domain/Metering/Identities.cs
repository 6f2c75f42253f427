using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>Names a meter: the Ethereum address of the key that it signs with.</summary>
/// <param name="Key">The address.</param>
public readonly record struct MeterId(Address Key) : IComparable<MeterId>
{
    /// <inheritdoc />
    public int CompareTo(MeterId other) => Key.CompareTo(other.Key);

    /// <summary>The lower-case hexadecimal form, as in MQTT topics.</summary>
    public override string ToString() => Key.ToLowerHex();
}

/// <summary>Names a microgrid: the number under which it stands on the ledger, 1 or more.</summary>
/// <param name="Number">The number.</param>
public readonly record struct MicrogridId(uint Number) : IComparable<MicrogridId>
{
    /// <inheritdoc />
    public int CompareTo(MicrogridId other) => Number.CompareTo(other.Number);

    /// <inheritdoc />
    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Names a premises on the ledger: 32 random bytes, so that nobody can guess whose it is.</summary>
/// <param name="Value">The bytes.</param>
public readonly record struct PremisesId(Hash256 Value)
{
    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}
