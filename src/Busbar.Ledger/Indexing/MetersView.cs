using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Meters.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>A meter as it is, or was last, registered.</summary>
/// <param name="Registration">Its newest span of service; retired when the span has ended.</param>
/// <param name="Firmware">The firmware that it runs, as last recorded or reported.</param>
public sealed record RegisteredMeter(MeterRegistration Registration, Hash256 Firmware);

/// <summary>
/// Which meters stand where and what is said against their firmware, as the events of <c>Meters</c> say. Safe for concurrent
/// callers.
/// </summary>
public sealed class MetersView
{
    private readonly Lock _lock;
    private readonly Dictionary<MeterId, List<MeterRegistration>> _spans = [];
    private readonly Dictionary<MeterId, Hash256> _firmware = [];
    private readonly Dictionary<Address, HashSet<MeterId>> _byParticipant = [];
    private readonly AdvisoryBook _advisories = new();

    internal MetersView(Lock shared) => _lock = shared;

    /// <summary>Every meter that was ever registered, once, in the order of their keys.</summary>
    public IReadOnlyList<RegisteredMeter> All
    {
        get
        {
            lock (_lock)
                return [.. _spans.Keys.Order().Select(Newest)];
        }
    }

    /// <summary>All advisories, newest first.</summary>
    public IReadOnlyList<FirmwareAdvisory> Advisories
    {
        get
        {
            lock (_lock)
                return _advisories.All();
        }
    }

    /// <summary>Meters that an advisory was lifted for, in the order in which they reported.</summary>
    public IReadOnlyList<AdvisoryClearance> Clearances
    {
        get
        {
            lock (_lock)
                return _advisories.Clearances();
        }
    }

    /// <summary>Firmware against which some regulators, not enough of them yet, want an advisory.</summary>
    public IReadOnlyList<AdvisoryEndorsement> Endorsements
    {
        get
        {
            lock (_lock)
                return _advisories.Endorsements();
        }
    }

    /// <summary>The firmware that regulators have approved.</summary>
    public IReadOnlyList<Hash256> ApprovedFirmware
    {
        get
        {
            lock (_lock)
                return _advisories.Approved();
        }
    }

    /// <summary>A meter, or null.</summary>
    public RegisteredMeter? Find(MeterId meter)
    {
        lock (_lock)
            return _spans.ContainsKey(meter) ? Newest(meter) : null;
    }

    /// <summary>A meter's spans of service, oldest first.</summary>
    public IReadOnlyList<MeterRegistration> SpansOf(MeterId meter)
    {
        lock (_lock)
            return _spans.TryGetValue(meter, out var spans) ? [.. spans] : [];
    }

    /// <summary>The meters in service that are registered for a participant.</summary>
    public IReadOnlyList<RegisteredMeter> Of(Address participant)
    {
        lock (_lock)
            return _byParticipant.TryGetValue(participant, out var meters) ? [.. meters.Order().Select(Newest)] : [];
    }

    /// <summary>The advisory that stands against the meter's firmware at an instant, or null.</summary>
    public FirmwareAdvisory? AdvisoryAgainst(MeterId meter, Instant now)
    {
        lock (_lock)
        {
            return _firmware.TryGetValue(meter, out var firmware)
                ? _advisories.All().FirstOrDefault(one => one.Firmware == firmware && one.StandsAt(now))
                : null;
        }
    }

    internal void Clear()
    {
        _spans.Clear();
        _firmware.Clear();
        _byParticipant.Clear();
        _advisories.Clear();
    }

    /// <summary>The regulators changed: their votes about advisories count no more.</summary>
    internal void VoidVotes() => _advisories.VoidVotes();

    internal void Apply(IndexedBlock block, IndexedEvent raw, Log log)
    {
        switch (MeterEvents.Decode(raw, block.Time))
        {
            case MeterEvent.Registered { Registration: var registration }:
                Begin(registration);
                return;
            case MeterEvent.Retired retired:
                End(retired);
                return;
        }

        if (!Events.TryDecode(log, out var one))
            return;
        if (one is Events.FirmwareRecorded recorded)
            _firmware[new(recorded.Key)] = recorded.Firmware;
        else
            _advisories.Apply(block.Time, one);
    }

    private void Begin(MeterRegistration registration)
    {
        if (!_spans.TryGetValue(registration.Meter, out var spans))
            spans = _spans[registration.Meter] = [];
        spans.Add(registration);
        _firmware[registration.Meter] = registration.Firmware;
        if (registration.Participant.IsZero)
            return;
        if (!_byParticipant.TryGetValue(registration.Participant, out var meters))
            meters = _byParticipant[registration.Participant] = [];
        meters.Add(registration.Meter);
    }

    private void End(MeterEvent.Retired retired)
    {
        if (!_spans.TryGetValue(retired.Meter, out var spans))
            return;
        var last = spans[^1];
        spans[^1] = last with { RetiredAt = retired.At };
        if (_byParticipant.TryGetValue(last.Participant, out var meters))
            meters.Remove(retired.Meter);
    }

    private RegisteredMeter Newest(MeterId meter) => new(_spans[meter][^1], _firmware[meter]);
}
