using System.Threading.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Ledger.Journal;
using Busbar.Mqtt;
using Busbar.Mqtt.Server;
using Busbar.Store.Supply;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Supply;

/// <summary>
/// Turns the ledger's facts into signed permits, keeps each on disk before a meter hears it, and watches that the meters' relays follow.
/// Thread safe.
/// </summary>
internal sealed partial class SupplyDesk : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReviewEvery = TimeSpan.FromSeconds(30);

    private readonly SupplySurroundings _around;
    private readonly PermitPlan _plan;
    private readonly ILogger<SupplyDesk> _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<MeterId, MeterSupply> _meters = [];
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile MqttServer? _mqtt;

    private SupplyDesk(SupplySurroundings around)
    {
        _around = around;
        _plan = new(around.Calendar, around.Outages);
        _log = around.Logs.CreateLogger<SupplyDesk>();
        around.Facts.Changed += Wake;
    }

    /// <summary>Told, on the look's own loop, of a meter that is online and whose relay has not followed in time; neither blocks nor throws.</summary>
    public Action<MeterId, SupplyPermit, SupplyTold>? Late { get; set; }

    /// <summary>Told of each state that a meter with a relay tells, on the thread that brought it; neither blocks nor throws.</summary>
    public Action<MeterId, SupplyTold>? Stated { get; set; }

    /// <summary>Opens the desk with what is on disk.</summary>
    public static async Task<SupplyDesk> OpenAsync(SupplySurroundings around, CancellationToken cancellation)
    {
        var desk = new SupplyDesk(around);
        foreach (var permit in await around.Store.PermitsAsync(cancellation))
            desk.Of(permit.Permit.Meter).Say(permit, around.Time.GetTimestamp());
        foreach (var command in await around.Store.CommandsAsync(cancellation))
            desk.Apply(command);
        await desk.ReviewAsync(cancellation);
        return desk;
    }

    /// <summary>From now on meters are told over this server, first of all what they have missed.</summary>
    public void Attach(MqttServer mqtt)
    {
        _mqtt = mqtt;
        SignedPermit[] permits;
        lock (_gate)
            permits = [.. _meters.Values.Select(meter => meter.Permit).OfType<SignedPermit>()];
        foreach (var permit in permits)
            Publish(permit);
    }

    /// <summary>Nothing is told any more.</summary>
    public void Detach() => _mqtt = null;

    /// <summary>The newest permit of a meter; null when it has none.</summary>
    public SignedPermit? PermitOf(MeterId meter)
    {
        lock (_gate)
            return _meters.GetValueOrDefault(meter)?.Permit;
    }

    /// <summary>When premises are tripped whose permit ends at an instant, holidays and quiet hours apart.</summary>
    public Instant TripAfter(Instant until) => _plan.TripAfter(until);

    /// <summary>How a meter's supply stands; null when nothing was ever said of it.</summary>
    public SupplyStanding? Of(MeterId meter, Instant now)
    {
        lock (_gate)
        {
            return _meters.TryGetValue(meter, out var known) && (known.Permit is not null || known.Told is not null)
                ? new(known.Permit?.Permit, known.Told, known.Trips, known.Look(_around.Presence.IsOnline(meter), now, _around.Time, repeat: false, out _))
                : null;
        }
    }

    /// <summary>Whether a meter that is online, and has a relay, has still to follow its newest permit.</summary>
    public bool IsWaiting(Instant now)
    {
        lock (_gate)
        {
            return _meters.Any(pair =>
                pair.Value.Look(_around.Presence.IsOnline(pair.Key), now, _around.Time, repeat: false, out _) is SupplyStatus.Waiting or SupplyStatus.Late);
        }
    }

    /// <summary>Trips a meter for safety's or theft's sake, or takes that back; the permit that says so is on its way when it completes.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was done.</exception>
    public async Task CommandAsync(SupplyCommand command, CancellationToken cancellation)
    {
        await _around.Store.AddCommandAsync(command, cancellation);
        lock (_gate)
            Apply(command);
        LogCommand(command.Meter, command.Trip, command.IsTripped, command.Account);
        await ReviewAsync(cancellation);
    }

    /// <summary>Issues what the facts demand now: on disk, then to the meters.</summary>
    public async Task ReviewAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var issued = Plan(_around.Clock.GetCurrentInstant());
            if (issued.Count == 0)
                return;
            await _around.Store.PutPermitsAsync(issued, cancellation);
            foreach (var permit in issued)
            {
                lock (_gate)
                    Of(permit.Permit.Meter).Say(permit, _around.Time.GetTimestamp());
                Publish(permit);
            }

            _around.Presence.Touch();
        }
        catch (StoreException trouble)
        {
            // A permit that is not on disk is not given out: after a restart another one could have its number. The next review tries again.
            LogNotIssued(trouble.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Issues whatever the facts change to, and watches, until cancelled.</summary>
    /// <param name="isPeriodic">Whether time alone can change something; false where the clock is stepped, and the stepper reviews.</param>
    /// <param name="stopping">Ends it.</param>
    public Task RunAsync(bool isPeriodic, CancellationToken stopping) =>
        isPeriodic ? Task.WhenAll(ReviewOnWakeAsync(stopping), LookAsync(stopping), WakeAsync(stopping)) : ReviewOnWakeAsync(stopping);

    public void Dispose()
    {
        _around.Facts.Changed -= Wake;
        _one.Dispose();
    }

    private async Task ReviewOnWakeAsync(CancellationToken stopping)
    {
        while (await _wake.Reader.WaitToReadAsync(stopping))
        {
            _wake.Reader.TryRead(out _);
            await ReviewAsync(stopping);
        }
    }

    private async Task WakeAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ReviewEvery, _around.Time);
        while (await timer.WaitForNextTickAsync(stopping))
            Wake();
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, _around.Time);
        while (await timer.WaitForNextTickAsync(stopping))
            Look();
    }

    private void Look()
    {
        var now = _around.Clock.GetCurrentInstant();
        List<SignedPermit> again = [];
        List<(MeterId Meter, SupplyPermit Permit, SupplyTold Told)> late = [];
        lock (_gate)
        {
            foreach (var (meter, known) in _meters)
            {
                var status = known.Look(_around.Presence.IsOnline(meter), now, _around.Time, repeat: true, out var mustRepeat);
                if (mustRepeat)
                    again.Add(known.Permit!);
                if (status == SupplyStatus.Late && !known.IsAlarmed)
                    late.Add((meter, known.Permit!.Permit, known.Told!));
                known.IsAlarmed = status == SupplyStatus.Late || (known.IsAlarmed && status != SupplyStatus.Followed);
            }
        }

        foreach (var permit in again)
            Publish(permit);
        foreach (var (meter, permit, told) in late)
        {
            LogLate(meter, told.Relay, told.Reason, told.Permit);
            Late?.Invoke(meter, permit, told);
        }
    }

    private List<SignedPermit> Plan(Instant now)
    {
        var facts = new Dictionary<MeterId, SupplyFact>();
        foreach (var fact in _around.Facts.All())
        {
            foreach (var meter in fact.Meters)
                facts[meter] = fact;
        }

        lock (_gate)
        {
            // A meter that had a permit and of whose premises the ledger says nothing any more is supplied.
            foreach (var (meter, known) in _meters)
            {
                if (known.Permit is not null || known.Trips != SupplyFlags.None)
                    facts.TryAdd(meter, new(default, [meter], PaidUntil: null));
            }

            var issued = new List<SignedPermit>();
            foreach (var (meter, fact) in facts)
            {
                var known = Of(meter);
                var next = _plan.Next(meter, fact, known.Trips, known.Permit?.Permit, known.Held, now);
                if (!ReferenceEquals(next, known.Permit?.Permit))
                    issued.Add(SignedPermit.Sign(next, _around.Domain, _around.Key));
            }

            return issued;
        }
    }

    private MeterSupply Of(MeterId meter)
    {
        if (!_meters.TryGetValue(meter, out var known))
            _meters.Add(meter, known = new());
        return known;
    }

    private void Apply(SupplyCommand command)
    {
        var known = Of(command.Meter);
        known.Trips = command.IsTripped ? known.Trips | command.Trip : known.Trips & ~command.Trip;
    }

    private void Publish(SignedPermit permit) => _mqtt?.Publish(
        DeviceTopic.For(permit.Permit.Meter, DeviceChannel.Permit), SupplyPermitJson.Encode(permit), MqttQos.AtLeastOnce, retain: true);

    private void Wake() => _wake.Writer.TryWrite(true);
}
