using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Node.Community;
using Busbar.Node.Intake;

namespace Busbar.Bench.Ingest;

/// <summary>The meters of a load: both processes make the same ones.</summary>
internal static class LoadMeter
{
    /// <summary>The key that the servers' device tokens come from.</summary>
    public static DeviceTokens Tokens { get; } = new(Keccak256.Hash("load"u8).ToArray());

    public static Hash256 Firmware { get; } = Keccak256.Hash("firmware"u8);

    public static PrivateKey Key(int number) => PrivateKey.FromSeed(Encoding.ASCII.GetBytes(FormattableString.Invariant($"load meter {number}")));

    /// <summary>The meters as a community has them.</summary>
    public static IReadOnlyList<MeterDescription> Describe(IEnumerable<MeterId> ids) => [.. ids.Select((meter, number) =>
        new MeterDescription(meter, FormattableString.Invariant($"meter {number}"), MeterKind.Premises) { Firmware = Firmware })];

    public static MeterId[] Ids(int count) => [.. Enumerable.Range(0, count).Select(number =>
    {
        using var key = Key(number);
        return new MeterId(key.Address);
    })];
}
