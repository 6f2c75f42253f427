using System.Collections.Frozen;
using Busbar.Domain.Metering;
using Busbar.Node.Api;

namespace Busbar.Node.Live;

/// <summary>One second of the community, made once for all who watch.</summary>
internal sealed record LiveFrame
{
    /// <summary>Grows by one with each frame.</summary>
    public required long Number { get; init; }

    /// <summary>The sums, as JSON.</summary>
    public required byte[] Now { get; init; }

    /// <summary>All houses, for those who may see some.</summary>
    public required IReadOnlyList<HouseNow> Houses { get; init; }

    /// <summary>All houses as JSON, for those who may see all.</summary>
    public required byte[] AllHouses { get; init; }

    /// <summary>All devices; a watcher is told those that changed since the frame that it has.</summary>
    public required IReadOnlyList<LiveDevice> Devices { get; init; }

    /// <summary>The newest blocks with what was anchored in them, oldest first.</summary>
    public required IReadOnlyList<LiveBlock> Blocks { get; init; }

    /// <summary>What waits to be anchored or cannot be, as JSON each.</summary>
    public required IReadOnlyList<byte[]> Waiting { get; init; }

    /// <summary>Grows when <see cref="Blocks"/> or <see cref="Waiting"/> change.</summary>
    public required long Ledger { get; init; }

    /// <summary>The premises behind the houses' meters.</summary>
    public required FrozenDictionary<string, PremisesId> Premises { get; init; }
}

/// <summary>A device to tell.</summary>
/// <param name="Meter">Its meter.</param>
/// <param name="Premises">Where it is.</param>
/// <param name="Changed">The number of the first frame in which it was as it is.</param>
/// <param name="Device">The device as JSON.</param>
internal sealed record LiveDevice(MeterId Meter, PremisesId Premises, long Changed, byte[] Device);

/// <summary>A block to tell.</summary>
/// <param name="Number">Its number: the id by which a stream resumes.</param>
/// <param name="Block">The block as JSON.</param>
/// <param name="Anchors">What was anchored in it, as JSON each.</param>
internal sealed record LiveBlock(ulong Number, byte[] Block, IReadOnlyList<byte[]> Anchors);
