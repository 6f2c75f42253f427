using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Device.Files;
using Busbar.Domain.Supply;

namespace Busbar.Device.Supply;

/// <summary>What a meter must still know of its supply after a power cut. On disk before it is obeyed.</summary>
/// <param name="Permit">The newest permit that it believes; null when it never had one.</param>
/// <param name="TrippedUnder">The permit under whose end it was tripped for debt; null while it is not.</param>
/// <param name="HasLocalTrip">Whether the meter's own sensors have tripped it.</param>
internal sealed record SupplyMemory(SignedPermit? Permit, ulong? TrippedUnder, bool HasLocalTrip)
{
    private const string FileName = "supply.json";

    /// <summary>What the folder holds; nothing where it is damaged: the node tells the newest permit again.</summary>
    public static SupplyMemory Load(string folder)
    {
        try
        {
            var kept = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FileName)), SupplyMemoryJson.Default.SupplyMemoryForm);
            var permit = kept?.Permit is { } bytes ? SupplyPermitJson.Decode(bytes).Permit : null;
            ulong? tripped = permit is not null && ulong.TryParse(kept?.TrippedUnder, CultureInfo.InvariantCulture, out var under) ? under : null;
            return new(permit, tripped, kept?.HasLocalTrip ?? false);
        }
        catch (Exception failure) when (failure is FileNotFoundException or JsonException)
        {
            return new(null, null, false);
        }
    }

    public void Save(string folder)
    {
        var form = new SupplyMemoryForm(
            Permit is { } permit ? SupplyPermitJson.Encode(permit) : null, TrippedUnder?.ToString(CultureInfo.InvariantCulture), HasLocalTrip);
        DurableFile.Replace(
            Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(form, SupplyMemoryJson.Default.SupplyMemoryForm));
    }
}

/// <summary>The file: the permit byte for byte as it is signed.</summary>
internal sealed record SupplyMemoryForm(byte[]? Permit, string? TrippedUnder, bool HasLocalTrip);

[JsonSerializable(typeof(SupplyMemoryForm))]
internal sealed partial class SupplyMemoryJson : JsonSerializerContext;
