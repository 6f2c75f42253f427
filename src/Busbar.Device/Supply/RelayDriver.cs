using Busbar.Device.Boards;
using Busbar.Domain.Supply;

namespace Busbar.Device.Supply;

/// <summary>Brings a relay to where it is to be, and does not take its own command for the relay's answer. Not thread safe.</summary>
internal sealed class RelayDriver(IRelay relay, TimeProvider time)
{
    /// <summary>After how many commands that it did not follow a relay is said to stick.</summary>
    public const int StuckAfter = 3;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    private long _triedAt;
    private int _tries;

    /// <summary>How often it was commanded since it last read as it should.</summary>
    public int Tries => _tries;

    /// <summary>Commands the relay if that is due.</summary>
    /// <returns>What it reads back now.</returns>
    public RelayState Drive(RelayState wanted)
    {
        if (relay.ReadBack != wanted && (_tries == 0 || time.GetElapsedTime(_triedAt) >= (_tries < StuckAfter ? Soon : Later)))
        {
            _triedAt = time.GetTimestamp();
            _tries++;
            relay.Switch(wanted);
        }

        return relay.ReadBack;
    }

    /// <summary>It is where it is to be, or is to be elsewhere: the next command is a first one.</summary>
    public void Reset() => _tries = 0;
}
