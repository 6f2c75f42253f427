using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Deliveries;

/// <summary>One delivery while the meter runs: what is kept of it, and what need not be. Not thread safe.</summary>
internal sealed class DeliveryRun
{
    /// <summary>How long a relay may take to close.</summary>
    public static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(10);

    // Seen later than this after the deadline, nobody can say which part flowed before it.
    private static readonly Duration LatestLook = Duration.FromSeconds(10);

    private readonly TimeProvider _time;
    private DeliverySession _session;
    private long _register;
    private long? _closingSince;
    private double? _volts;
    private long _toldAt;

    public DeliveryRun(DeliverySession session, TimeProvider time, in MeterSituation situation)
    {
        _time = time;
        _session = session;
        Order = OrderOf(session);
        _register = situation.Register(Order.Flow);
    }

    /// <summary>The order that it runs under: the newest that opened or raised it.</summary>
    public DeliveryOrder Order { get; private set; }

    public DeliverySession Session
    {
        get => _session;
        set
        {
            if (!ReferenceEquals(value.Order, _session.Order))
                Order = OrderOf(value);
            _session = value;
        }
    }

    /// <summary>Whether the relay was seen closed since the meter started.</summary>
    public bool IsFlowing { get; private set; }

    /// <summary>Whether it has begun and is not over: its relay is to be closed.</summary>
    public bool IsOpen => Session is { Opened: not null, IsStopped: false };

    /// <summary>Whether it has yet to end by itself, and may be allowed more.</summary>
    public bool IsToGoOn => Session is { IsStopped: false, IsCancelled: false };

    /// <summary>What is to be done now.</summary>
    /// <param name="now">How the meter stands.</param>
    /// <param name="reads">What the relay reads back; null without one.</param>
    public DeliveryStep Next(in MeterSituation now, RelayState? reads)
    {
        var register = now.Register(Order.Flow);
        // Without the time nothing can be decided or signed; energy goes on being counted.
        if (now.Now is not { } instant)
            return default;
        var step = Judge(now, instant, register, reads);
        _register = register;
        return step;
    }

    /// <summary>The relay is commanded from now on.</summary>
    public void Begin() => _closingSince = _time.GetTimestamp();

    /// <summary>The relay is seen closed.</summary>
    public void Flow(double? volts) => (IsFlowing, _volts, _toldAt) = (true, volts, _time.GetTimestamp());

    /// <summary>Whether somebody is to be told how far it is; then that counts as done.</summary>
    public bool TakeProgress(TimeSpan every)
    {
        if (!IsFlowing || _time.GetElapsedTime(_toldAt) < every)
            return false;
        _toldAt = _time.GetTimestamp();
        return true;
    }

    private DeliveryStep Judge(in MeterSituation now, Instant instant, long register, RelayState? reads)
    {
        if (instant >= Order.Deadline)
            return new(StopReason.DeadlinePassed, Order.Deadline, AtDeadline(instant, register));
        if (Session.IsCancelled)
            return new(StopReason.Cancelled, instant, register);
        if (Session.Opened is null)
        {
            if (instant < Order.NotBefore)
                return default;
            return new(now.Hindrance, instant, register) { Begins = now.Hindrance == StopReason.None };
        }

        if (register - Session.Opening >= Order.Amount)
            return new(StopReason.AmountReached, instant, Session.Opening + Order.Amount);
        if (now.Hindrance != StopReason.None)
            return new(now.Hindrance, instant, register);
        if (reads is { } contact && contact != RelayState.Closed)
            return Waits(contact) ? default : new(IsFlowing ? StopReason.RelayOpened : StopReason.RelayStuck, instant, register);
        if (IsFlowing && now.Volts < _volts / 2)
            return new(StopReason.PowerFailed, instant, register);
        return new(StopReason.None, instant, register) { Flows = !IsFlowing, Reports = Session.IsReportDue };
    }

    private static DeliveryOrder OrderOf(DeliverySession session) =>
        DeliveryOrderJson.Decode(session.Order).Order?.Order ?? throw new InvalidDataException("a kept delivery has no order");

    private bool Waits(RelayState contact)
    {
        if (IsFlowing)
            return false;
        _closingSince ??= _time.GetTimestamp();
        return contact != RelayState.Closed && _time.GetElapsedTime(_closingSince.Value) < RelayPatience;
    }

    // The register stands still while the meter is off, so what it was when it was last seen before the deadline is what it was at it.
    private long AtDeadline(Instant instant, long register)
    {
        if (Session.Opened is null)
            return register;
        var seen = instant - Order.Deadline <= LatestLook ? register : _register;
        return Math.Clamp(seen, Session.FromRegister, Math.Max(Session.FromRegister, Session.Opening + Order.Amount));
    }
}

/// <summary>What a delivery is to do. The default is nothing.</summary>
/// <param name="Stops">Why it stops; none when it does not.</param>
/// <param name="At">When.</param>
/// <param name="Register">The register then.</param>
internal readonly record struct DeliveryStep(StopReason Stops, Instant At, long Register)
{
    /// <summary>Whether it begins: counted from here, then its relay closed.</summary>
    public bool Begins { get; init; }

    /// <summary>Whether its relay is now seen closed.</summary>
    public bool Flows { get; init; }

    /// <summary>Whether a report is to be signed.</summary>
    public bool Reports { get; init; }
}
