using System.Threading.Channels;
using Busbar.Device.Boards;
using Busbar.Device.Buffer;
using Busbar.Device.Channels;
using Busbar.Device.Clock;
using Busbar.Device.Deliveries;
using Busbar.Device.Files;
using Busbar.Device.Identity;
using Busbar.Device.Link;
using Busbar.Device.Metering;
using Busbar.Device.Protocol;
using Busbar.Device.Supply;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Meters;

/// <summary>
/// A whole meter on a board: counts energy, reads its registers at each interval's end and on request, signs, keeps what is not yet
/// acknowledged on disk, and sends it; obeys the community's permits. What it gives out is on disk before it is sent.
/// </summary>
public sealed class MeterDevice : IDisposable
{
    private static readonly TimeSpan DeliverySavePeriod = TimeSpan.FromSeconds(10);

    private readonly MeterDeviceOptions _options;
    private readonly IMeterBoard _board;
    private readonly TimeProvider _time;
    private readonly MeterFolderLock _folder;
    private readonly MeterIdentity _identity;
    private readonly EnergyAccumulator _energy;
    private readonly ReadingSchedule _schedule;
    private readonly DeliveryControl _deliveries;
    private readonly Channel<bool> _ordered =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _gate = new();
    private readonly uint _boot;
    private long _sampledAt;
    private long _savedAt;
    private ulong _sequence;
    private Instant _lastReading;

    private MeterDevice(MeterFolderLock folder, MeterDeviceOptions options, IMeterBoard board, TimeProvider time)
    {
        _folder = folder;
        _options = options;
        _board = board;
        _time = time;
        _identity = MeterIdentity.Open(options.Folder, options.Password, options.KeystoreCost);
        Buffer = ReadingBuffer.Open(Path.Combine(options.Folder, "readings.log"), options.Domain, options.BufferCapacity);
        var state = MeterState.Load(options.Folder);
        var newest = Buffer.Newest?.Reading;
        _boot = Math.Max(state?.Boot ?? 0, newest?.Boot ?? 0) + 1;
        _lastReading = newest?.Instant ?? Instant.MinValue;
        var deliveries = new DeliveryFile(options.Folder);
        _energy = Resume(state, newest, DeliveryControl.HighestOf(deliveries.Load()));
        _sequence = Math.Max(state?.Sequence ?? 0, Buffer.LastSequence);
        if (_sequence > Buffer.LastSequence)
            Buffer.DeclareLost(_sequence);
        Save();
        Clock = new MeterClock(time, options.OwnClockIsTrusted);
        _sampledAt = time.GetTimestamp();
        _schedule = new ReadingSchedule(options.Length);
        _schedule.Advance(Clock.IsSet ? Clock.Now : null, Duration.Zero);
        Link = new MeterLink(options.Link(Id), new MeterTopics(Id), Buffer, Sign, Clock, time);
        Supply = new SupplyControl(
            options.Folder, new(Id, options.Domain, options.Community), board, Clock, time, Link.Tell, Link.TellState);
        Link.Supply = Supply;
        // A meter that was tripped is open before it is anything else.
        Supply.Step();
        _deliveries = new(
            deliveries,
            new(Id, options.Domain, options.Community),
            (board as IDeliveryRelay)?.Delivery,
            Situation,
            new(span => _identity.Sign(span, options.Domain), Save, Link.Tell),
            time);
        Link.Deliveries = _deliveries;
        Link.Ordered = () => _ordered.Writer.TryWrite(true);
        _deliveries.Step(Situation);
    }

    /// <summary>The address of its key.</summary>
    public MeterId Id => _identity.Id;

    /// <summary>How often it has started, this time counted.</summary>
    public uint Boot => _boot;

    /// <summary>Its registers now.</summary>
    public Registers Registers
    {
        get
        {
            lock (_gate)
                return _energy.Registers;
        }
    }

    /// <summary>Its deliveries.</summary>
    internal DeliveryControl Deliveries => _deliveries;

    /// <summary>How many deliveries it keeps: those under way, and those whose reports nobody has acknowledged.</summary>
    public int KeptDeliveries => _deliveries.Kept;

    /// <summary>The readings that wait for their acknowledgement.</summary>
    public ReadingBuffer Buffer { get; }

    /// <summary>The link to the node.</summary>
    public MeterLink Link { get; }

    /// <summary>Whether the premises is supplied.</summary>
    public SupplyControl Supply { get; }

    /// <summary>The meter's clock.</summary>
    public MeterClock Clock { get; }

    /// <summary>Opens a meter: makes its key when it first starts, and counts the start durably.</summary>
    /// <exception cref="Busbar.Cryptography.KeystoreException">The keystore cannot be opened with the password.</exception>
    /// <exception cref="IOException">The folder cannot be read or written, or another process runs the meter in it.</exception>
    public static MeterDevice Open(MeterDeviceOptions options, IMeterBoard board, TimeProvider time)
    {
        var folder = MeterFolderLock.Take(options.Folder);
        try
        {
            return new(folder, options, board, time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Takes up, or takes up again, a channel that the meter's own key pays for; its count begins at the register of the first time.</summary>
    /// <param name="channel">As the ledger has it.</param>
    /// <param name="domain">Where vouchers have to hold.</param>
    /// <param name="limit">What may be signed in all.</param>
    /// <exception cref="ArgumentException">The meter is not the channel's signer.</exception>
    /// <exception cref="InvalidDataException">What was signed before cannot be read: signing on could pay twice.</exception>
    public PayerSession OpenPayer(OpenChannel channel, ChannelDomain domain, Coin limit) => PayerSession.Open(
        _options.Folder, channel, domain, new(Id.Key, _identity.Sign), BlockRule.Default, limit, Registers.Import);

    /// <summary>What a payer has to know of the meter; null while it does not know the time.</summary>
    public (MeterRegister Register, Instant Now)? PayerSituation => Clock.IsSet ? (Registers.Import, Clock.Now) : null;

    /// <summary>Runs the meter and its link until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = new[] { Link.RunAsync(either.Token), MeasureAsync(either.Token), TellAsync(either.Token) };
        // When one of them fails the others end too, and the failure is the caller's.
        var first = await Task.WhenAny(tasks);
        await either.CancelAsync();
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException) when (!first.IsFaulted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            lock (_gate)
                Save();
        }
    }

    /// <summary>Reads the registers now, between two interval ends; null while the clock is not set or within the last reading's second.</summary>
    public SignedReading? ReadOnRequest()
    {
        lock (_gate)
            return Clock.IsSet ? Read(Instant.FromUnixTimeSeconds(Clock.Now.ToUnixTimeSeconds()), ReadingFlags.OnRequest) : null;
    }

    /// <summary>Closes the buffer, forgets the key and lets go of the folder.</summary>
    public void Dispose()
    {
        Buffer.Dispose();
        _identity.Dispose();
        _folder.Dispose();
    }

    /// <summary>Counts the power now for the time since the last sample, and reads the registers at the interval ends in it.</summary>
    internal void Sample()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var passed = Duration.FromTimeSpan(_time.GetElapsedTime(_sampledAt, now));
            _sampledAt = now;
            var power = _board.Power;
            Supply.Step();
            foreach (var (span, boundary) in _schedule.Advance(Clock.IsSet ? Clock.Now : null, passed))
            {
                _energy.Add(power, span);
                if (boundary is { } end)
                    Read(end, ReadingFlags.None);
            }

            _deliveries.Step(Situation);
            // What a power cut costs is somebody's money while a delivery runs.
            var savePeriod = _deliveries.Open > 0 && _options.SavePeriod > DeliverySavePeriod ? DeliverySavePeriod : _options.SavePeriod;
            if (_time.GetElapsedTime(_savedAt, now) >= savePeriod)
                Save();
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await PauseAsync(cancellationToken);
            Sample();
        }
    }

    // An order is not kept waiting for the next sample.
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(_options.SamplePeriod, _time, pause.Token), _ordered.Reader.WaitToReadAsync(pause.Token).AsTask());
        await pause.CancelAsync();
        _ordered.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_options.TelemetryPeriod, _time, cancellationToken);
            if (Link.IsConnected)
                await Link.SendTelemetryAsync(BoardTelemetry.Read(_board, Clock), cancellationToken);
        }
    }

    private SignedReading? Read(Instant instant, ReadingFlags flags)
    {
        if (instant <= _lastReading)
            return null;
        if (_board is ITamperSensor tamper)
        {
            flags |= tamper.TakeCoverOpened() ? ReadingFlags.CoverOpened : ReadingFlags.None;
            flags |= tamper.TakeMagneticField() ? ReadingFlags.MagneticField : ReadingFlags.None;
        }

        _sequence = Math.Max(_sequence, Buffer.LastSequence) + 1;
        var reading = Sign(new Reading(Id, _boot, _sequence, instant, _energy.Registers, _options.Firmware, flags | ReadingFlags.ClockSet));
        Buffer.Append(reading);
        Save();
        _lastReading = instant;
        Link.Wake();
        return reading;
    }

    private SignedReading Sign(Reading reading) => _identity.Sign(reading, _options.Domain);

    private void Save()
    {
        var (import, export) = (_energy.Import, _energy.Export);
        new MeterState(_boot, _sequence, import.Whole, import.Fraction, export.Whole, export.Fraction).Save(_options.Folder);
        _savedAt = _time.GetTimestamp();
    }

    private MeterSituation Situation
    {
        get
        {
            var (decision, reads, now) = Supply.Standing;
            return new(now, _energy.Registers, decision, reads, (_board as IVoltageSensor)?.Volts);
        }
    }

    // Registers never go back: where the state was not saved after the newest reading, that reading counts; likewise the last report of
    // a delivery.
    private static EnergyAccumulator Resume(MeterState? state, Reading? newest, (long Import, long Export) delivered)
    {
        var resumed = Resume(state, newest);
        var (import, export) = (resumed.Registers.Import.MilliwattHours, resumed.Registers.Export.MilliwattHours);
        return import >= delivered.Import && export >= delivered.Export
            ? resumed
            : new(new Registers(
                MeterRegister.FromMilliwattHours(Math.Max(import, delivered.Import)),
                MeterRegister.FromMilliwattHours(Math.Max(export, delivered.Export))));
    }

    private static EnergyAccumulator Resume(MeterState? state, Reading? newest)
    {
        var kept = state is null
            ? new EnergyAccumulator()
            : new EnergyAccumulator(new EnergyCounter(state.Import, state.ImportFraction), new EnergyCounter(state.Export, state.ExportFraction));
        return newest is null || kept.Registers.NotBelow(newest.Registers) ? kept : new EnergyAccumulator(newest.Registers);
    }
}
