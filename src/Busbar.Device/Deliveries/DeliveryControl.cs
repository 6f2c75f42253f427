using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Supply;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Deliveries;

/// <summary>
/// Obeys the community's orders to deliver: counts each delivery by the meter's registers, closes and opens the relay for it, stops it when
/// it is to stop, and signs what flowed. Needs nobody for it once the order is taken. Thread safe.
/// </summary>
internal sealed partial class DeliveryControl
{
    /// <summary>How many deliveries run or wait at a time.</summary>
    public const int MostOpen = 32;

    /// <summary>How many are kept, with those that are over and not acknowledged.</summary>
    public const int MostKept = 64;

    /// <summary>How many reports of one delivery wait to be acknowledged.</summary>
    public const int MostReports = 8;

    private const int MostAnswers = 32;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(30);

    private readonly IDeliveryStore _store;
    private readonly OrderJudge _judge;
    private readonly Func<SpanReport, SignedSpan> _sign;
    private readonly IRelay? _board;
    private readonly RelayDriver? _relay;
    private readonly TimeProvider _time;
    private readonly Action _keepRegisters;
    private readonly Action<DeliveryTold> _tell;
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, DeliveryRun> _runs = [];
    private DeliveryMemory _memory;
    private MeterSituation _situation;
    private RelayState _wanted;
    private bool _isConnected;
    private long _toldAt;

    /// <summary>Makes the control with what the store remembers.</summary>
    /// <param name="store">Where deliveries are kept.</param>
    /// <param name="judge">Believes orders or not.</param>
    /// <param name="board">The relay of deliveries alone; null where there is none.</param>
    /// <param name="situation">How the meter stands at the start.</param>
    /// <param name="doing">What it does.</param>
    /// <param name="time">For pauses.</param>
    public DeliveryControl(
        IDeliveryStore store, OrderJudge judge, IRelay? board, MeterSituation situation, DeliveryDoing doing, TimeProvider time)
    {
        (_store, _judge, _board, _situation, _time) = (store, judge, board, situation, time);
        (_sign, _keepRegisters, _tell) = (doing.Sign, doing.KeepRegisters, doing.Tell);
        _relay = board is null ? null : new(board, time);
        _memory = store.Load();
        Follow();
    }

    /// <summary>The highest registers that were ever signed or begun from: the meter's own never stand lower.</summary>
    public static (long Import, long Export) HighestOf(DeliveryMemory memory)
    {
        var (import, export) = (0L, 0L);
        foreach (var session in memory.Sessions)
        {
            if (DeliveryOrderJson.Decode(session.Order).Order?.Order.Flow == EnergyFlow.Export)
                export = Math.Max(export, session.FromRegister);
            else
                import = Math.Max(import, session.FromRegister);
        }

        return (import, export);
    }

    /// <summary>The deliveries that have not stopped.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _runs.Values.Count(run => !run.Session.IsStopped);
        }
    }

    /// <summary>The deliveries that are kept, with those that are over and not acknowledged.</summary>
    public int Kept
    {
        get
        {
            lock (_gate)
                return _runs.Count;
        }
    }

    /// <summary>The link is up: everything that the node may not know is told.</summary>
    public void Connected()
    {
        lock (_gate)
        {
            _isConnected = true;
            TellAll();
        }
    }

    /// <summary>The link is down: what is told now would be lost.</summary>
    public void Disconnected()
    {
        lock (_gate)
            _isConnected = false;
    }

    /// <summary>Looks after every delivery; called with each sample, after the supply's relay was seen to.</summary>
    /// <exception cref="IOException">The disk refuses; then what was to be kept is tried again at the next call.</exception>
    public void Step(in MeterSituation situation)
    {
        lock (_gate)
        {
            _situation = situation;
            // Felt before anything is commanded: what has opened by itself is not closed again as if nothing had been.
            var contact = _board?.ReadBack;
            foreach (var run in _runs.Values.Where(run => !run.Session.IsStopped).ToArray())
                Step(run, contact);

            DriveWithout();
            if (_isConnected && _time.GetElapsedTime(_toldAt) >= TellAgainAfter && _runs.Values.Any(run => run.Session.Reports.Count > 0))
                TellAll();
        }
    }

    private void Step(DeliveryRun run, RelayState? contact)
    {
        // On disk with its opening register before the relay moves: whoever turns the meter off gains nothing by it.
        var step = run.Next(_situation, run.IsFlowing ? Path(contact) : run.IsOpen ? DriveClosed() : null);
        if (step.Begins)
        {
            _keepRegisters();
            var opened = step.At.ToUnixTimeSeconds();
            Keep(run, run.Session with { Opened = opened, Opening = step.Register, FromInstant = opened, FromRegister = step.Register });
            run.Begin();
            step = run.Next(_situation, DriveClosed());
        }

        if (step.Flows)
        {
            run.Flow(_situation.Volts);
            Tell(StartedOf(run));
        }

        if (step.Stops != StopReason.None)
            Stop(run, step);
        else if (step.Reports)
            Report(run, step);
        else if (_isConnected && run.TakeProgress(ProgressEvery))
            TellProgress(run);
    }

    private void Stop(DeliveryRun run, DeliveryStep step)
    {
        _keepRegisters();
        var session = run.Session;
        if (session.Opened is null)
        {
            var at = step.At.ToUnixTimeSeconds();
            session = session with { Opened = at, Opening = step.Register, FromInstant = at, FromRegister = step.Register };
        }

        var span = Span(run, session, step);
        var told = new DeliveryTold.Stopped(
            session.Made + 1,
            span,
            step.Stops,
            span.Report.Closed.ToUnixTimeSeconds() - session.Opened!.Value,
            Energy.FromMilliwattHours(span.Report.Closing.MilliwattHours - session.Opening));
        Keep(run, Closing(session, span, told) with { IsStopped = true, IsReportDue = false });
        DriveWithout();
        Tell(told);
    }

    private void Report(DeliveryRun run, DeliveryStep step)
    {
        // Within one second a span could not be told from the one before it.
        if (step.At.ToUnixTimeSeconds() <= run.Session.FromInstant)
            return;
        _keepRegisters();
        var span = Span(run, run.Session, step);
        var told = new DeliveryTold.Reported(run.Session.Made + 1, span);
        Keep(run, Closing(run.Session, span, told) with { IsReportDue = false });
        Tell(told);
    }

    private SignedSpan Span(DeliveryRun run, DeliverySession session, DeliveryStep step) => _sign(new(
        run.Order.Subject,
        _judge.Meter,
        run.Order.Flow,
        Instant.FromUnixTimeSeconds(session.FromInstant),
        Instant.FromUnixTimeSeconds(Math.Max(session.FromInstant, step.At.ToUnixTimeSeconds())),
        MeterRegister.FromMilliwattHours(session.FromRegister),
        MeterRegister.FromMilliwattHours(Math.Max(session.FromRegister, step.Register))));

    private static DeliverySession Closing(DeliverySession session, SignedSpan span, DeliveryTold told) => session with
    {
        FromInstant = span.Report.Closed.ToUnixTimeSeconds(),
        FromRegister = span.Report.Closing.MilliwattHours,
        Reports = [.. session.Reports, told.Encode()],
    };

    // Where deliveries have no relay of their own they flow through the supply's, which the permit alone moves.
    private RelayState? DriveClosed() =>
        Path(_relay is not null && _situation.Hindrance == StopReason.None ? Drive(RelayState.Closed) : _board?.ReadBack);

    // Energy flows through both relays.
    private RelayState? Path(RelayState? own) =>
        _situation.Relay is { } supply && supply != RelayState.Closed ? supply : own ?? _situation.Relay;

    private void DriveWithout()
    {
        if (_relay is not null && (_situation.Hindrance != StopReason.None || !_runs.Values.Any(run => run.IsOpen)))
            Drive(RelayState.Open);
    }

    private RelayState Drive(RelayState wanted)
    {
        if (_wanted != wanted || _board!.ReadBack == wanted)
            _relay!.Reset();
        _wanted = wanted;
        return _relay!.Drive(wanted);
    }

    private void TellAll()
    {
        _toldAt = _time.GetTimestamp();
        foreach (var run in _runs.Values)
        {
            TellReportsOf(run);
            if (run is { IsFlowing: true, IsOpen: true })
                Tell(StartedOf(run));
        }
    }

    private void TellProgress(DeliveryRun run)
    {
        if (_situation.Now is not { } now || run.Session.Opened is not { } opened)
            return;
        var energy = Math.Max(0, _situation.Register(run.Order.Flow) - run.Session.Opening);
        var seconds = Math.Max(0, now.ToUnixTimeSeconds() - opened);
        Tell(new DeliveryTold.Progress(run.Order.Subject, seconds, Energy.FromMilliwattHours(energy)));
    }

    private static DeliveryTold.Started StartedOf(DeliveryRun run) => new(
        run.Order.Subject,
        run.Order.Flow,
        Instant.FromUnixTimeSeconds(run.Session.Opened!.Value),
        MeterRegister.FromMilliwattHours(run.Session.Opening));

    private void Tell(DeliveryTold told)
    {
        if (_isConnected)
            _tell(told);
    }

    private void Keep(DeliveryRun run, DeliverySession session)
    {
        Save(_memory with { Sessions = [.. _memory.Sessions.Select(kept => ReferenceEquals(kept, run.Session) ? session : kept)] });
        run.Session = session;
    }

    private void Save(DeliveryMemory memory)
    {
        _store.Save(memory);
        _memory = memory;
    }

}

/// <summary>What a meter does for its deliveries.</summary>
/// <param name="Sign">Signs with the meter's key.</param>
/// <param name="KeepRegisters">Puts the registers on disk, so that they never stand lower again than what is signed now.</param>
/// <param name="Tell">Is told what is to be told to the node; must neither block nor throw.</param>
internal sealed record DeliveryDoing(Func<SpanReport, SignedSpan> Sign, Action KeepRegisters, Action<DeliveryTold> Tell);
