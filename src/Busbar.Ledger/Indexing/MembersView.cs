using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Members.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>What a participant may do. The numbers are those of the <c>Members</c> contract.</summary>
public enum ParticipantRole
{
    /// <summary>Takes no part.</summary>
    None = 0,

    /// <summary>May buy.</summary>
    Consumer = 1,

    /// <summary>May sell.</summary>
    Producer = 2,

    /// <summary>May do both.</summary>
    Prosumer = 3,
}

/// <summary>Who takes part, or took part.</summary>
/// <param name="Account">Who.</param>
/// <param name="Role">As what; <see cref="ParticipantRole.None"/> after removal.</param>
/// <param name="AdmittedAt">When they were last admitted.</param>
/// <param name="AdmittedBy">By which regulator.</param>
/// <param name="RemovedAt">When they were removed; null while they take part.</param>
/// <param name="Premises">What they hold; removal takes nothing of it.</param>
public sealed record Participant(
    Address Account, ParticipantRole Role, Instant AdmittedAt, Address AdmittedBy, Instant? RemovedAt, IReadOnlyList<PremisesId> Premises);

/// <summary>Premises and who holds them.</summary>
/// <param name="Premises">Which.</param>
/// <param name="Holder">Who.</param>
/// <param name="Since">Since when.</param>
public sealed record HeldPremises(PremisesId Premises, Address Holder, Instant Since);

/// <summary>Who takes part and where they live, as the events of <c>Members</c> say. Safe for concurrent callers.</summary>
public sealed class MembersView
{
    private readonly Lock _lock;
    private readonly Dictionary<Address, Participant> _participants = [];
    private readonly Dictionary<PremisesId, HeldPremises> _premises = [];
    private readonly Dictionary<Address, List<PremisesId>> _held = [];

    internal MembersView(Lock shared) => _lock = shared;

    /// <summary>Everyone who was ever admitted, in the order of their addresses.</summary>
    public IReadOnlyList<Participant> All
    {
        get
        {
            lock (_lock)
                return [.. _participants.Values.OrderBy(one => one.Account).Select(WithPremises)];
        }
    }

    /// <summary>All premises that someone holds.</summary>
    public IReadOnlyList<HeldPremises> Premises
    {
        get
        {
            lock (_lock)
                return [.. _premises.Values.OrderBy(one => one.Since)];
        }
    }

    /// <summary>Someone who takes or took part, or null.</summary>
    public Participant? Find(Address account)
    {
        lock (_lock)
            return _participants.TryGetValue(account, out var found) ? WithPremises(found) : null;
    }

    /// <summary>Who holds the premises, or null.</summary>
    public Address? HolderOf(PremisesId premises)
    {
        lock (_lock)
            return _premises.TryGetValue(premises, out var held) ? held.Holder : null;
    }

    /// <summary>The premises that the account holds, oldest first.</summary>
    public IReadOnlyList<PremisesId> PremisesOf(Address account)
    {
        lock (_lock)
            return _held.TryGetValue(account, out var held) ? [.. held] : [];
    }

    internal void Clear()
    {
        _participants.Clear();
        _premises.Clear();
        _held.Clear();
    }

    internal void Apply(IndexedBlock block, Log log)
    {
        if (!Events.TryDecode(log, out var one))
            return;
        switch (one)
        {
            case Events.ParticipantAdmitted admitted:
                _participants[admitted.Account] =
                    new(admitted.Account, (ParticipantRole)admitted.Role, block.Time, admitted.Regulator, RemovedAt: null, []);
                break;
            case Events.ParticipantRoleChanged changed when _participants.TryGetValue(changed.Account, out var known):
                _participants[changed.Account] = known with { Role = (ParticipantRole)changed.Role };
                break;
            case Events.ParticipantRemoved removed when _participants.TryGetValue(removed.Account, out var known):
                _participants[removed.Account] = known with { Role = ParticipantRole.None, RemovedAt = block.Time };
                break;
            case Events.PremisesRegistered registered:
                Hold(new(registered.Premises), registered.Participant, block.Time);
                break;
            case Events.PremisesReleased released:
                _premises.Remove(new(released.Premises));
                if (_held.TryGetValue(released.Participant, out var held))
                    held.Remove(new(released.Premises));
                break;
        }
    }

    private void Hold(PremisesId premises, Address holder, Instant since)
    {
        _premises[premises] = new(premises, holder, since);
        if (!_held.TryGetValue(holder, out var held))
            held = _held[holder] = [];
        held.Add(premises);
    }

    private Participant WithPremises(Participant one) => one with { Premises = PremisesOf(one.Account) };
}
