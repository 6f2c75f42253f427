using Busbar.Device.Boards;
using Busbar.Device.Clock;
using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Device.Supply;

/// <summary>
/// Obeys permits: believes them, keeps the newest on disk, decides each second whether to supply, and drives the relay. Needs nobody for
/// it: cut off from the node it trips and returns by what it has on disk. Thread safe.
/// </summary>
public sealed class SupplyControl
{
    private readonly string _folder;
    private readonly PermitJudge _judge;
    private readonly RelayDriver? _relay;
    private readonly SteadyClock _clock;
    private readonly Action<SupplyEvent, Instant?> _tell;
    private readonly Action _changed;
    private readonly Lock _gate = new();
    private SupplyMemory _memory;
    private SignedPermit? _early;
    private SupplyDecision _decided;
    private RelayState? _reads;
    private Duration? _jump;
    private bool _isStuck;
    private bool _heard;

    /// <summary>Makes the control with what the folder remembers.</summary>
    /// <param name="folder">The meter's folder.</param>
    /// <param name="judge">Believes permits or not.</param>
    /// <param name="board">The board; a meter whose board has no relay keeps permits and switches nothing.</param>
    /// <param name="clock">The meter's clock.</param>
    /// <param name="time">For pauses.</param>
    /// <param name="tell">Is told what happens; must neither block nor throw.</param>
    /// <param name="changed">Is told that <see cref="Report"/> is another now; must neither block nor throw.</param>
    internal SupplyControl(
        string folder, PermitJudge judge, IMeterBoard board, MeterClock clock, TimeProvider time, Action<SupplyEvent, Instant?> tell, Action changed)
    {
        _folder = folder;
        _judge = judge;
        _relay = board is IRelay relay ? new(relay, time) : null;
        _memory = SupplyMemory.Load(folder);
        _clock = new(clock, time, _memory.Permit?.Permit.IssuedAt);
        (_tell, _changed) = (tell, changed);
        Report = new(null, SupplyReason.None, _memory.Permit?.Permit.Sequence);
    }

    /// <summary>How the supply is now.</summary>
    public SupplyReport Report { get; private set; }

    /// <summary>What was decided last, and the time by which it was; the time is null while none is known.</summary>
    internal (SupplyDecision Decision, RelayState? Reads, Instant? Now) Standing
    {
        get
        {
            lock (_gate)
                return (_decided, _reads, _clock.Now);
        }
    }

    /// <summary>The newest permit that is believed; null when there never was one.</summary>
    public SupplyPermit? Permit
    {
        get
        {
            lock (_gate)
                return _memory.Permit?.Permit;
        }
    }

    /// <summary>The meter's own sensors say that supplying is dangerous, or a person on the premises that it is no more.</summary>
    /// <exception cref="IOException">The folder cannot be written; then nothing was changed.</exception>
    public void SetLocalTrip(bool isTripped)
    {
        lock (_gate)
        {
            Remember(_memory with { HasLocalTrip = isTripped });
            StepNow();
        }
    }

    /// <summary>Decides anew and drives the relay; called with each sample.</summary>
    /// <exception cref="IOException">The folder cannot be written; then the relay was left as it is.</exception>
    internal void Step()
    {
        lock (_gate)
            StepNow();
    }

    /// <summary>The link is lost, or a new one begins: until the node has told its permit on it, the meter is cut off.</summary>
    internal void CutOff()
    {
        lock (_gate)
            _heard = false;
    }

    /// <summary>The node says what time it is, now.</summary>
    internal void HearTime(Instant now)
    {
        lock (_gate)
            _clock.Hear(now);
    }

    /// <summary>A permit came: it is obeyed when this returns, or refused by name.</summary>
    internal void Take(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            var (signed, malformed) = SupplyPermitJson.Decode(payload);
            try
            {
                if ((signed is null ? malformed : Believe(signed)) is { } refused)
                    Refuse(signed, refused);
                else
                    StepNow();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Refuse(signed, new PermitRefused.NotKept(failure.Message));
            }
        }
    }

    private PermitRefused? Believe(SignedPermit signed)
    {
        var refused = _judge.Judge(signed, _memory.Permit, _clock.Now);
        if (refused is PermitRefused.IssuedInFuture)
            _early = signed;
        if (refused is not null)
            return refused;
        if (_memory.Permit?.Permit.Sequence != signed.Permit.Sequence)
            Remember(_memory with { Permit = signed });
        _heard = true;
        return null;
    }

    // Where the clock is what was wrong, the permit is obeyed as soon as the clock is right, and nobody need send it again.
    private void LookAtEarly()
    {
        if (_early is not { } early || _judge.Judge(early, _memory.Permit, _clock.Now) is PermitRefused.IssuedInFuture)
            return;
        _early = null;
        _ = Believe(early);
    }

    private void StepNow()
    {
        var now = _clock.Now;
        TellOfClock();
        LookAtEarly();
        var decided = SupplyRule.Decide(new(_memory.Permit?.Permit, now)
        {
            IsCutOff = !_heard,
            TrippedUnder = _memory.TrippedUnder,
            HasLocalTrip = _memory.HasLocalTrip,
        });
        // On disk before the relay moves: a meter that is turned off and on stays tripped.
        if (decided.Reason == SupplyReason.PermitEnded && _memory.TrippedUnder is null)
            Remember(_memory with { TrippedUnder = _memory.Permit!.Permit.Sequence });
        else if (decided.Relay == RelayState.Closed && _memory.TrippedUnder is not null)
            Remember(_memory with { TrippedUnder = null });
        if (decided.Relay != _decided.Relay)
        {
            _relay?.Reset();
            _isStuck = false;
        }

        _decided = decided;
        Drive();
        var report = new SupplyReport(_reads, decided.Reason, _memory.Permit?.Permit.Sequence);
        if (report == Report)
            return;
        Report = report;
        _changed();
    }

    private void Drive()
    {
        if (_relay is null)
            return;
        var before = _reads;
        _reads = _relay.Drive(_decided.Relay);
        if (_reads == _decided.Relay)
        {
            // What it is at the start is told by the state alone.
            if (_relay.Tries > 0 || (before is not null && before != _reads))
                Tell(new SupplyEvent.RelaySwitched(_decided.Relay, _decided.Reason, _memory.Permit?.Permit.Sequence));
            _relay.Reset();
            _isStuck = false;
        }
        else if (_relay.Tries >= RelayDriver.StuckAfter && !_isStuck)
        {
            _isStuck = true;
            Tell(new SupplyEvent.RelayStuck(_decided.Relay, _reads.Value, _relay.Tries));
        }
    }

    private void TellOfClock()
    {
        var before = _jump;
        _jump = _clock.Jump;
        if (before is null && _jump is { } by)
            Tell(new SupplyEvent.ClockJumped(by));
        else if (before is not null && _jump is null)
            Tell(new SupplyEvent.ClockAgreed());
    }

    private void Remember(SupplyMemory memory)
    {
        memory.Save(_folder);
        _memory = memory;
    }

    private void Refuse(SignedPermit? signed, PermitRefused refused) =>
        Tell(new SupplyEvent.PermitRefused(signed?.Permit.Sequence, refused, _memory.Permit?.Permit.Sequence));

    private void Tell(SupplyEvent happened) => _tell(happened, _clock.Now);
}
