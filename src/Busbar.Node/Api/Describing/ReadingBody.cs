using System.ComponentModel;

namespace Busbar.Node.Api.Describing;

/// <summary>
/// A signed reading, as <c>docs/protocol.md</c> has it; <see cref="Domain.Metering.ReadingJson"/> reads it. Whole numbers may come as
/// numbers or as decimal strings.
/// </summary>
internal sealed record ReadingBody(
    string Meter,
    [property: Description("Grows when the meter begins anew.")] uint Boot,
    string Sequence,
    [property: Description("In Unix seconds.")] long Instant,
    string Import,
    string Export,
    string Firmware,
    int Flags,
    [property: Description("r, s and v over the reading's digest.")] string Signature)
{
    [Description("The import by tariff band; absent when all are zero.")]
    public IReadOnlyList<string>? Bands { get; init; }
}
