using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Supply;

/// <content>What meters say, and what is logged.</content>
internal sealed partial class SupplyDesk
{
    /// <summary>A device says something of its supply. Never waits.</summary>
    public void Take(MeterId meter, DeviceChannel channel, ReadOnlySpan<byte> payload)
    {
        if (SupplyTold.Read(payload) is not { } told)
            return;
        lock (_gate)
        {
            // Whom nobody has told anything, and who tells nothing of a relay, is not remembered.
            if (!_meters.TryGetValue(meter, out var known) && told.Relay is null && told.Permit is null)
                return;
            known ??= Of(meter);
            if (channel == DeviceChannel.State && told.IsOnline == true)
                known.Told = told;
            known.Held = Math.Max(known.Held, told.Permit ?? 0);
            if (known.Held > (known.Permit?.Permit.Sequence ?? 0))
                Wake();
        }

        _around.Presence.Touch();
        if (channel == DeviceChannel.Event)
            Hear(meter, told);
        else if (told is { IsOnline: true, Relay: not null })
            Stated?.Invoke(meter, told);
    }

    private void Hear(MeterId meter, SupplyTold told)
    {
        switch (told.Event)
        {
            case "PermitRefused":
                LogRefused(meter, told.Reason, told.Detail);
                // The clock that it was issued by may have been put right since.
                Wake();
                break;
            case "RelaySwitched":
                LogSwitched(meter, told.Relay, told.Reason, told.Permit);
                break;
            case "RelayStuck" or "ClockJumped":
                LogTrouble(meter, told.Event);
                break;
        }
    }

    [LoggerMessage(1601, LogLevel.Information, "Meter {Meter}: {Trip} is {IsTripped} by account {Account}")]
    private partial void LogCommand(MeterId meter, SupplyFlags trip, bool isTripped, string account);

    [LoggerMessage(1602, LogLevel.Warning, "Permits were not issued and wait: {Trouble}")]
    private partial void LogNotIssued(string trouble);

    [LoggerMessage(1603, LogLevel.Warning, "Meter {Meter} is online and does not follow its permit: its relay is {Relay} for {Reason}, permit {Permit}")]
    private partial void LogLate(MeterId meter, RelayState? relay, string reason, ulong? permit);

    [LoggerMessage(1604, LogLevel.Warning, "Meter {Meter} refused a permit: {Reason}: {Detail}")]
    private partial void LogRefused(MeterId meter, string reason, string detail);

    [LoggerMessage(1605, LogLevel.Information, "Meter {Meter}: the relay is {Relay} for {Reason}, permit {Permit}")]
    private partial void LogSwitched(MeterId meter, RelayState? relay, string reason, ulong? permit);

    [LoggerMessage(1606, LogLevel.Warning, "Meter {Meter} reports {Trouble}")]
    private partial void LogTrouble(MeterId meter, string trouble);
}
