using Busbar.Device.Fleet;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Simulation.Replay;

/// <summary>
/// A recorded file as the source of a fleet's registers, each from zero. A meter's first reading is at the start of its first interval
/// with a value; where the file has no value for the interval that ends at a boundary, there is no reading.
/// </summary>
/// <param name="file">The file.</param>
public sealed class ReplayRegisters(ReplayFile file) : IRegisterSource
{
    private readonly Registers[] _registers = new Registers[file.Meters.Count];
    private readonly bool[] _begun = new bool[file.Meters.Count];

    /// <inheritdoc />
    public int Boundaries => file.Intervals + 1;

    /// <inheritdoc />
    public Instant InstantOf(int boundary) => file.Start + (file.Length.Duration * boundary);

    /// <inheritdoc />
    public bool TryRead(int boundary, int meter, out Registers registers)
    {
        if (boundary > 0 && file.TryGet(boundary - 1, meter, out var energy))
        {
            var before = _registers[meter];
            registers = _registers[meter] = new(before.Import.Advance(energy.Import), before.Export.Advance(energy.Export));
            return true;
        }

        registers = default;
        if (_begun[meter] || boundary == file.Intervals || !file.TryGet(boundary, meter, out _))
            return false;
        return _begun[meter] = true;
    }
}
