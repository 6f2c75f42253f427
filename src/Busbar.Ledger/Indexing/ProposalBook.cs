using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Deploying;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Council.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>The proposals of the council and their votes. Not for concurrent callers.</summary>
internal sealed class ProposalBook
{
    private readonly SortedDictionary<BigInteger, CouncilProposal> _proposals = [];

    public void Clear() => _proposals.Clear();

    public IReadOnlyList<CouncilProposal> All(Instant now) => [.. _proposals.Values.Reverse().Select(one => At(one, now))];

    public void Apply(Instant time, IContractEvent one, int regulators)
    {
        switch (one)
        {
            case Events.Proposed proposed:
                _proposals[proposed.Id] = Make(proposed, time);
                break;
            case Events.Voted voted when _proposals.TryGetValue(voted.Id, out var open):
                _proposals[voted.Id] = Vote(open, voted, regulators);
                break;
            case Events.ProposalPassed passed when _proposals.TryGetValue(passed.Id, out var open):
                _proposals[passed.Id] = open with { State = ProposalState.Passed, ExecutableAt = LedgerTime.Of(passed.ExecutableAt) };
                break;
            case Events.ProposalExecuted executed when _proposals.TryGetValue(executed.Id, out var open):
                _proposals[executed.Id] = open with { State = ProposalState.Executed };
                break;
        }
    }

    /// <summary>The regulators changed: what is open counts no more.</summary>
    public void VoidOpen()
    {
        foreach (var (id, one) in _proposals.Where(pair => pair.Value.State is ProposalState.Open or ProposalState.Passed).ToList())
            _proposals[id] = one with { State = ProposalState.Void, ExecutableAt = null };
    }

    private static CouncilProposal Make(Events.Proposed proposed, Instant time) => new(
        (ulong)proposed.Id,
        (ProposalSubject)proposed.Subject,
        NameWord.Read(proposed.Name),
        proposed.Microgrid == 0 ? null : new MicrogridId(proposed.Microgrid),
        proposed.Value,
        proposed.By,
        time,
        time + CouncilProposal.Life,
        [],
        null,
        ProposalState.Open);

    // The contract says when a majority is there, and not when it is lost again.
    private static CouncilProposal Vote(CouncilProposal open, Events.Voted voted, int regulators)
    {
        IReadOnlyList<Address> votes = voted.Support
            ? [.. open.Votes, voted.Regulator]
            : [.. open.Votes.Where(account => account != voted.Regulator)];
        var stands = votes.Count * 2 > regulators;
        return open with
        {
            Votes = votes,
            State = stands ? open.State : ProposalState.Open,
            ExecutableAt = stands ? open.ExecutableAt : null,
        };
    }

    private static CouncilProposal At(CouncilProposal one, Instant now) =>
        one.State is ProposalState.Open or ProposalState.Passed && now > one.ExpiresAt ? one with { State = ProposalState.Expired } : one;
}
