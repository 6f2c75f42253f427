using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Device.Files;

namespace Busbar.Device.Deliveries;

/// <summary>What a meter must still know of its deliveries after a power cut. On disk before it acts.</summary>
/// <param name="Newest">The number of the newest order; 0 for none.</param>
/// <param name="Answers">What it answered to the last orders, the oldest first: an order that is said again gets the same answer.</param>
/// <param name="Sessions">The deliveries of which something is still to be done or told, in the order in which they were opened.</param>
internal sealed record DeliveryMemory(ulong Newest, IReadOnlyList<OrderAnswer> Answers, IReadOnlyList<DeliverySession> Sessions)
{
    public static DeliveryMemory Empty { get; } = new(0, [], []);
}

/// <summary>An order and what was answered to it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Reason">Why it was refused; null when it was taken.</param>
/// <param name="Detail">The same in words.</param>
internal sealed record OrderAnswer(ulong Number, string Digest, string? Reason, string? Detail);

/// <summary>One delivery as a meter keeps it; instants are Unix seconds, registers and energy mWh.</summary>
/// <param name="Order">The order that opened it, as it came.</param>
internal sealed record DeliverySession(byte[] Order)
{
    /// <summary>Since when it counts; null before it has begun.</summary>
    public long? Opened { get; init; }

    /// <summary>The register then.</summary>
    public long Opening { get; init; }

    /// <summary>Where the next report begins.</summary>
    public long FromInstant { get; init; }

    /// <summary>The register there.</summary>
    public long FromRegister { get; init; }

    /// <summary>How many reports the node has acknowledged.</summary>
    public int Acknowledged { get; init; }

    /// <summary>The reports that it has not, as they are told.</summary>
    public IReadOnlyList<byte[]> Reports { get; init; } = [];

    /// <summary>Whether it is over: the last of the reports says how.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Whether it is to be called off.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Whether a report is due.</summary>
    public bool IsReportDue { get; init; }

    /// <summary>How many reports were made.</summary>
    [JsonIgnore]
    public int Made => Acknowledged + Reports.Count;
}

/// <summary>Where a meter keeps its deliveries.</summary>
internal interface IDeliveryStore
{
    DeliveryMemory Load();

    /// <summary>Keeps it: what is kept when this returns, a later <see cref="Load"/> finds.</summary>
    /// <exception cref="IOException">It cannot be kept.</exception>
    void Save(DeliveryMemory memory);
}

/// <summary>Keeps them in the meter's folder.</summary>
internal sealed class DeliveryFile(string folder) : IDeliveryStore
{
    private readonly string _path = Path.Combine(folder, "deliveries.json");

    /// <summary>Nothing where the file is damaged: an order that is said again is judged by its deadline then.</summary>
    public DeliveryMemory Load()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), DeliveryFileJson.Default.DeliveryMemory)
                is { Answers: not null, Sessions: not null } kept ? kept : DeliveryMemory.Empty;
        }
        catch (Exception failure) when (failure is FileNotFoundException or JsonException)
        {
            return DeliveryMemory.Empty;
        }
    }

    public void Save(DeliveryMemory memory) =>
        DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(memory, DeliveryFileJson.Default.DeliveryMemory));
}

/// <summary>Keeps them as long as the process lives, for meters that have no disk.</summary>
internal sealed class VolatileDeliveries : IDeliveryStore
{
    private DeliveryMemory _kept = DeliveryMemory.Empty;

    public DeliveryMemory Load() => _kept;

    public void Save(DeliveryMemory memory) => _kept = memory;
}

[JsonSerializable(typeof(DeliveryMemory))]
internal sealed partial class DeliveryFileJson : JsonSerializerContext;
