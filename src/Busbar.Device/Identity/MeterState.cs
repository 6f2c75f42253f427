using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Device.Files;

namespace Busbar.Device.Identity;

/// <summary>What a meter must still know after a power cut, beside its key and its readings. On disk before it is used.</summary>
/// <param name="Boot">How often it has started.</param>
/// <param name="Sequence">The last sequence number given out.</param>
/// <param name="Import">The import register, mWh.</param>
/// <param name="ImportFraction">What was counted beyond it, below 1 mWh.</param>
/// <param name="Export">The export register, mWh.</param>
/// <param name="ExportFraction">What was counted beyond it, below 1 mWh.</param>
internal sealed record MeterState(uint Boot, ulong Sequence, long Import, double ImportFraction, long Export, double ExportFraction)
{
    private const string FileName = "state.json";

    /// <summary>Null where there is none, or where it is damaged: then the buffered readings say what they can.</summary>
    public static MeterState? Load(string folder)
    {
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FileName)), MeterStateJson.Default.MeterState);
            return state is { Import: >= 0, Export: >= 0, ImportFraction: >= 0 and < 1, ExportFraction: >= 0 and < 1 } ? state : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Save(string folder) =>
        DurableFile.Replace(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, MeterStateJson.Default.MeterState));
}

[JsonSerializable(typeof(MeterState))]
internal sealed partial class MeterStateJson : JsonSerializerContext;
