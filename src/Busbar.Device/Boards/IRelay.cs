using Busbar.Domain.Supply;

namespace Busbar.Device.Boards;

/// <summary>A board with a relay between the mains and the premises, whose contact it can feel.</summary>
public interface IRelay
{
    /// <summary>What the contact is now, felt on the contact itself and not remembered from the last command.</summary>
    RelayState ReadBack { get; }

    /// <summary>Commands the relay; whether it follows, <see cref="ReadBack"/> tells.</summary>
    /// <param name="wanted">Open or closed.</param>
    void Switch(RelayState wanted);
}
