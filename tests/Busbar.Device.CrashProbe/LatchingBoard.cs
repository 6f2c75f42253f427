using Busbar.Device.Boards;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;

namespace Busbar.Device.CrashProbe;

/// <summary>A board whose relay stays as it is when the process dies, as a real one does: its contact is a file.</summary>
internal sealed class LatchingBoard(string file) : IMeterBoard, IRelay
{
    public Power Power => Power.FromWatts(ReadBack == RelayState.Open ? 0 : 1000);

    public RelayState ReadBack => File.Exists(file) ? RelayState.Open : RelayState.Closed;

    public void Switch(RelayState wanted)
    {
        if (wanted == RelayState.Open)
            File.WriteAllBytes(file, []);
        else
            File.Delete(file);
    }
}
