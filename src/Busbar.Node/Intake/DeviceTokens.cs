using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Busbar.Domain.Metering;
using Busbar.Store.Devices;

namespace Busbar.Node.Intake;

/// <summary>
/// The tokens that devices connect with: an HMAC of the meter and of how often its token was renewed, under the node's own key, so that none
/// needs to be stored and none can be guessed. A token only opens the device's own topics; what it sends is believed for its signature
/// alone. Thread safe.
/// </summary>
public sealed class DeviceTokens
{
    private const int Characters = 43;
    private static readonly byte[] First = Encoding.ASCII.GetBytes("Busbar Device Token v1 ");
    private static readonly byte[] Renewed = Encoding.ASCII.GetBytes("Busbar Device Token v2 ");

    private readonly ReadOnlyMemory<byte> _key;
    private readonly ConcurrentDictionary<MeterId, long> _generations;

    /// <summary>The tokens under a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="generations">How often tokens were renewed; meters that are not in it have their first.</param>
    public DeviceTokens(ReadOnlyMemory<byte> key, IReadOnlyDictionary<MeterId, long>? generations = null) =>
        (_key, _generations) = (key, new(generations ?? new Dictionary<MeterId, long>()));

    /// <summary>The tokens of a node.</summary>
    public static DeviceTokens Of(Community.NodeKeys keys, IReadOnlyDictionary<MeterId, long>? generations = null) =>
        new(keys.Derive("device tokens").ToArray(), generations);

    /// <summary>The tokens of a node as its data folder has them; the node may run meanwhile.</summary>
    /// <exception cref="Ledger.Journal.StoreException">The store is damaged, or the disk fails.</exception>
    public static DeviceTokens Of(Community.NodeKeys keys, string dataFolder) => Of(keys, SqliteDeviceTokens.ReadFrom(dataFolder));

    /// <summary>How often a meter's token was renewed; 0 for its first.</summary>
    public long GenerationOf(MeterId meter) => _generations.GetValueOrDefault(meter);

    /// <summary>The token of a meter, 43 characters of base64url.</summary>
    public string For(MeterId meter) => For(meter, GenerationOf(meter));

    /// <summary>Whether a token is that of a meter; takes the same time whatever differs.</summary>
    public bool IsValid(MeterId meter, ReadOnlySpan<byte> token) => IsValid(meter, token, out _);

    /// <summary>From now on a later token is the meter's; the one before it opens nothing any more.</summary>
    internal void Renew(MeterId meter, long generation) =>
        _generations.AddOrUpdate(meter, generation, (_, before) => Math.Max(before, generation));

    internal bool IsValid(MeterId meter, ReadOnlySpan<byte> token, out long generation)
    {
        generation = GenerationOf(meter);
        Span<byte> expected = stackalloc byte[Characters];
        Encoding.ASCII.GetBytes(For(meter, generation), expected);
        return CryptographicOperations.FixedTimeEquals(expected, token);
    }

    // A device's first token is what it was before tokens could be renewed.
    private string For(MeterId meter, long generation)
    {
        var purpose = generation == 0 ? First : Renewed;
        Span<byte> form = stackalloc byte[purpose.Length + 20 + (generation == 0 ? 0 : sizeof(long))];
        purpose.CopyTo(form);
        meter.Key.CopyTo(form[purpose.Length..]);
        if (generation != 0)
            BinaryPrimitives.WriteInt64BigEndian(form[(purpose.Length + 20)..], generation);
        return Base64Url.EncodeToString(HMACSHA256.HashData(_key.Span, form));
    }
}
