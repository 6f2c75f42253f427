using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Council.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>Who rules and by what numbers, as the events of <c>Council</c> say. Safe for concurrent callers.</summary>
public sealed class CouncilView
{
    private readonly Lock _lock;
    private readonly Dictionary<Address, Regulator> _regulators = [];
    private readonly Dictionary<Address, ScheduledMembership> _scheduled = [];
    private readonly ProposalBook _proposals = new();
    private readonly AppointmentBook _appointments = new();
    private readonly SortedDictionary<string, SortedDictionary<uint, BigInteger>> _rules = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Address> _directory = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleBounds> _bounds = new(StringComparer.Ordinal);
    private Address _owner;
    private Address _pendingOwner;

    internal CouncilView(Lock shared) => _lock = shared;

    /// <summary>Who decides who regulates.</summary>
    public Address Owner => Read(() => _owner);

    /// <summary>To whom ownership was offered and who has not taken it yet; null for nobody.</summary>
    public Address? PendingOwner => Read(() => _pendingOwner.IsZero ? (Address?)null : _pendingOwner);

    /// <summary>The regulators in office, in the order in which they came.</summary>
    public IReadOnlyList<Regulator> Regulators => Read(() => (IReadOnlyList<Regulator>)[.. _regulators.Values.OrderBy(one => one.Since)]);

    /// <summary>Changes of the regulators that are on their way, soonest first.</summary>
    public IReadOnlyList<ScheduledMembership> Scheduled =>
        Read(() => (IReadOnlyList<ScheduledMembership>)[.. _scheduled.Values.OrderBy(one => one.EffectiveAt)]);

    /// <summary>The directory: which contract holds which office.</summary>
    public IReadOnlyDictionary<string, Address> Directory =>
        Read(() => (IReadOnlyDictionary<string, Address>)new SortedDictionary<string, Address>(_directory, StringComparer.Ordinal));

    /// <summary>All proposals, newest first.</summary>
    /// <param name="now">Tells which have expired.</param>
    public IReadOnlyList<CouncilProposal> Proposals(Instant now) => Read(() => _proposals.All(now));

    /// <summary>The rules by name, with what is pending about each.</summary>
    /// <param name="now">Tells which proposals have expired.</param>
    public IReadOnlyList<CouncilRule> Rules(Instant now) => Read(() =>
    {
        var pending = _proposals.All(now)
            .Where(one => one is { Subject: ProposalSubject.Rule, State: ProposalState.Open or ProposalState.Passed })
            .ToList();
        return (IReadOnlyList<CouncilRule>)[.. _rules.Select(rule => new CouncilRule(
            rule.Key,
            rule.Value.GetValueOrDefault(0U),
            rule.Value.Where(value => value.Key != 0).ToDictionary(value => new MicrogridId(value.Key), value => value.Value),
            _bounds.GetValueOrDefault(rule.Key),
            [.. pending.Where(one => string.Equals(one.Name, rule.Key, StringComparison.Ordinal))]))];
    });

    /// <summary>The appointments that stand.</summary>
    /// <param name="now">Tells which have ended.</param>
    public IReadOnlyList<Appointment> Appointments(Instant now) => Read(() => _appointments.Standing(now));

    /// <summary>Appointments that are being voted on.</summary>
    public IReadOnlyList<AppointmentVote> AppointmentVotes => Read(() => _appointments.Votes());

    /// <summary>Whether the account is a regulator in office.</summary>
    public bool IsRegulator(Address account) => Read(() => _regulators.ContainsKey(account));

    /// <summary>Reads the bounds of all rules, which no event tells and nothing changes. Call it once.</summary>
    /// <exception cref="EthereumRpcException">The chain cannot be read.</exception>
    public async Task ReadBoundsAsync(EthereumClient client, Address council, CancellationToken cancellation)
    {
        foreach (var name in Read(() => _rules.Keys.ToList()))
        {
            var bounds = await Council.RuleBoundsAsync(client, council, NameWord.Write(name), BlockTag.Latest, cancellation);
            lock (_lock)
                _bounds[name] = new(bounds.Minimum, bounds.Maximum);
        }
    }

    internal void Clear()
    {
        _regulators.Clear();
        _scheduled.Clear();
        _proposals.Clear();
        _appointments.Clear();
        _rules.Clear();
        _directory.Clear();
        (_owner, _pendingOwner) = (default, default);
    }

    /// <returns>Whether the regulators changed, which voids what they were voting on.</returns>
    internal bool Apply(IndexedBlock block, Log log)
    {
        if (!Events.TryDecode(log, out var one))
            return false;
        switch (one)
        {
            case Events.OwnershipTransferStarted started:
                _pendingOwner = started.NewOwner;
                break;
            case Events.OwnershipTransferred transferred:
                (_owner, _pendingOwner) = (transferred.NewOwner, default);
                break;
            case Events.RegulatorChangeScheduled scheduled:
                _scheduled[scheduled.Account] = new(scheduled.Account, scheduled.InOffice, LedgerTime.Of(scheduled.EffectiveAt));
                break;
            case Events.RegulatorChangeCancelled cancelled:
                _scheduled.Remove(cancelled.Account);
                break;
            case Events.RegulatorChanged changed:
                return Change(block, changed);
            case Events.RuleChanged rule:
                ValuesOf(NameWord.Read(rule.Name))[rule.Microgrid] = rule.Value;
                break;
            case Events.DirectoryChanged entry:
                _directory[NameWord.Read(entry.Name)] = entry.Holder;
                break;
            default:
                _proposals.Apply(block.Time, one, _regulators.Count);
                _appointments.Apply(one);
                break;
        }

        return false;
    }

    private bool Change(IndexedBlock block, Events.RegulatorChanged changed)
    {
        _scheduled.Remove(changed.Account);
        if (changed.InOffice)
            _regulators[changed.Account] = new(changed.Account, block.Time);
        else
            _regulators.Remove(changed.Account);
        _proposals.VoidOpen();
        _appointments.VoidVotes();
        return true;
    }

    private SortedDictionary<uint, BigInteger> ValuesOf(string rule) =>
        _rules.TryGetValue(rule, out var values) ? values : _rules[rule] = [];

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }
}
