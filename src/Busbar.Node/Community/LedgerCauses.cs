using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Node.Billing;
using Busbar.Node.Deliveries;
using NodaTime;
using CouncilEvents = Busbar.Ledger.Contracts.Council.Events;
using MembersEvents = Busbar.Ledger.Contracts.Members.Events;
using MetersEvents = Busbar.Ledger.Contracts.Meters.Events;

namespace Busbar.Node.Community;

/// <summary>Which events of the ledger people are told of.</summary>
/// <param name="contracts">Whose events count.</param>
/// <param name="bills">Tells of money.</param>
/// <param name="market">Tells of trade; null in a community without a market.</param>
internal sealed class LedgerCauses(ContractAddresses contracts, BillCauses bills, MarketCauses? market)
{
    /// <summary>What is told of an event, which the ledger's view has already; nothing of most.</summary>
    /// <param name="record">The event.</param>
    /// <param name="at">Its block's time.</param>
    public IReadOnlyList<Notification> Of(IndexedEvent record, Instant at)
    {
        var log = new Log { Address = record.Contract, Topics = record.Topics, Data = record.Data };
        if (market?.IsOurs(record.Contract) == true)
            return market.Of(log, record, at);
        return Of(record, log, at) is { } one ? [one] : [];
    }

    private Notification? Of(IndexedEvent record, Log log, Instant at)
    {
        var place = new LedgerPlace(record.Transaction, record.LogIndex);
        return record.Contract switch
        {
            _ when record.Contract == contracts.Council => OfCouncil(log, at, place),
            _ when record.Contract == contracts.Members => OfMembers(log, at, place),
            _ when record.Contract == contracts.Meters && MetersEvents.AdvisoryPublished.TryDecode(log, out var advisory) =>
                NotificationCauses.Advisory(advisory.Firmware, LedgerTime.Of(advisory.StandsUntil), at, place),
            _ when record.Contract == contracts.Money?.Billing => bills.OfBilling(log, record, at),
            _ when record.Contract == contracts.Money?.Payments => bills.OfPayments(log, record, at),
            _ => null,
        };
    }

    private static Notification? OfCouncil(Log log, Instant at, LedgerPlace place)
    {
        if (CouncilEvents.RuleChanged.TryDecode(log, out var rule))
            return NotificationCauses.RuleChanged(ScopeOf(rule.Microgrid), NameWord.Read(rule.Name), rule.Value.ToString(), at, place);
        if (!CouncilEvents.Proposed.TryDecode(log, out var proposed))
            return null;
        var value = CouncilProposal.HolderIn((ProposalSubject)proposed.Subject, proposed.Value)?.ToString() ?? proposed.Value.ToString();
        return NotificationCauses.RuleProposed(
            ScopeOf(proposed.Microgrid), NameWord.Read(proposed.Name), value, at + CouncilProposal.Life, at, place);
    }

    private static Notification? OfMembers(Log log, Instant at, LedgerPlace place)
    {
        if (MembersEvents.ParticipantAdmitted.TryDecode(log, out var admitted))
            return Member(MembershipChange.Admitted, admitted.Account, admitted.Role, at, place);
        if (MembersEvents.ParticipantRoleChanged.TryDecode(log, out var changed))
            return Member(MembershipChange.RoleChanged, changed.Account, changed.Role, at, place);
        return MembersEvents.ParticipantRemoved.TryDecode(log, out var removed)
            ? Member(MembershipChange.Removed, removed.Account, 0, at, place)
            : null;
    }

    private static Notification Member(MembershipChange change, Address account, byte role, Instant at, LedgerPlace place) =>
        NotificationCauses.Membership(change, account, account.ToString(), ((ParticipantRole)role).ToString(), at, place);

    private static NotificationScope ScopeOf(uint microgrid) =>
        microgrid == 0 ? new NotificationScope.Community() : new NotificationScope.Microgrid(new(microgrid));
}
