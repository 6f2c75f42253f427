using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.Abi;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Meters.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>A warning against a firmware.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Firmware">Against which.</param>
/// <param name="Nonce">What a meter signs with its report.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="StandsUntil">When it stops standing; null when a majority has confirmed it.</param>
/// <param name="Confirmations">Who has voted that it outlasts its 30 days.</param>
/// <param name="Withdrawals">Who has voted to withdraw it.</param>
public sealed record FirmwareAdvisory(
    ulong Id,
    Hash256 Firmware,
    Hash256 Nonce,
    Instant PublishedAt,
    Instant? StandsUntil,
    IReadOnlyList<Address> Confirmations,
    IReadOnlyList<Address> Withdrawals)
{
    /// <summary>Whether it stands at an instant.</summary>
    public bool StandsAt(Instant now) => StandsUntil is not { } end || now < end;
}

/// <summary>An advisory was lifted for a meter, because it reported an approved firmware.</summary>
/// <param name="Advisory">The advisory's number.</param>
/// <param name="Meter">Which meter.</param>
/// <param name="Firmware">What it reported.</param>
/// <param name="At">When.</param>
public sealed record AdvisoryClearance(ulong Advisory, MeterId Meter, Hash256 Firmware, Instant At);

/// <summary>Regulators who want an advisory that is not published yet.</summary>
/// <param name="Firmware">Against which firmware.</param>
/// <param name="Regulators">Who.</param>
public sealed record AdvisoryEndorsement(Hash256 Firmware, IReadOnlyList<Address> Regulators);

/// <summary>Advisories, their votes and the approved firmware. Not for concurrent callers.</summary>
internal sealed class AdvisoryBook
{
    private readonly SortedDictionary<BigInteger, FirmwareAdvisory> _advisories = [];
    private readonly Dictionary<Hash256, List<Address>> _endorsements = [];
    private readonly List<AdvisoryClearance> _clearances = [];
    private readonly HashSet<Hash256> _approved = [];

    public IReadOnlyList<FirmwareAdvisory> All() => [.. _advisories.Values.Reverse()];

    public IReadOnlyList<AdvisoryClearance> Clearances() => [.. _clearances];

    public IReadOnlyList<AdvisoryEndorsement> Endorsements() =>
        [.. _endorsements.Select(one => new AdvisoryEndorsement(one.Key, [.. one.Value]))];

    public IReadOnlyList<Hash256> Approved() => [.. _approved];

    public void Clear()
    {
        _advisories.Clear();
        _endorsements.Clear();
        _clearances.Clear();
        _approved.Clear();
    }

    public void VoidVotes()
    {
        _endorsements.Clear();
        foreach (var (id, one) in _advisories.ToList())
            _advisories[id] = one with { Confirmations = [], Withdrawals = [] };
    }

    public void Apply(Instant time, IContractEvent one)
    {
        switch (one)
        {
            case Events.FirmwareApproved approved:
                _approved.Add(approved.Firmware);
                break;
            case Events.FirmwareDisapproved disapproved:
                _approved.Remove(disapproved.Firmware);
                break;
            case Events.AdvisoryEndorsed endorsed:
                if (!_endorsements.TryGetValue(endorsed.Firmware, out var regulators))
                    regulators = _endorsements[endorsed.Firmware] = [];
                regulators.Add(endorsed.Regulator);
                break;
            case Events.AdvisoryPublished published:
                Publish(published, time);
                break;
            case Events.AdvisoryConfirmationVoted voted:
                Change(voted.Id, advisory => advisory with { Confirmations = [.. advisory.Confirmations, voted.Regulator] });
                break;
            case Events.AdvisoryConfirmed confirmed:
                Change(confirmed.Id, advisory => advisory with { StandsUntil = null });
                break;
            case Events.AdvisoryWithdrawalVoted voted:
                Change(voted.Id, advisory => advisory with { Withdrawals = [.. advisory.Withdrawals, voted.Regulator] });
                break;
            case Events.AdvisoryWithdrawn withdrawn:
                Change(withdrawn.Id, advisory => advisory with { StandsUntil = time });
                break;
            case Events.AdvisoryCleared cleared:
                _clearances.Add(new((ulong)cleared.Id, new(cleared.Key), cleared.Firmware, time));
                break;
        }
    }

    // Publishing ends the firmware's approval.
    private void Publish(Events.AdvisoryPublished published, Instant time)
    {
        _endorsements.Remove(published.Firmware);
        _approved.Remove(published.Firmware);
        _advisories[published.Id] = new(
            (ulong)published.Id, published.Firmware, published.Nonce, time, LedgerTime.Of(published.StandsUntil), [], []);
    }

    private void Change(BigInteger id, Func<FirmwareAdvisory, FirmwareAdvisory> change)
    {
        if (_advisories.TryGetValue(id, out var advisory))
            _advisories[id] = change(advisory);
    }
}
