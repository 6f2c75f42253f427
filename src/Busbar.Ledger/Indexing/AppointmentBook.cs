using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.Abi;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Council.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>The appointments of the council and the votes about them. Not for concurrent callers.</summary>
internal sealed class AppointmentBook
{
    private readonly Dictionary<(byte Office, uint Microgrid, Address Account), Appointment> _seats = [];
    private readonly Dictionary<(byte Office, uint Microgrid, Address Account, ulong Until), List<Address>> _votes = [];

    public void Clear()
    {
        _seats.Clear();
        _votes.Clear();
    }

    public IReadOnlyList<Appointment> Standing(Instant now) =>
    [
        .. _seats.Values.Where(one => now < one.Until)
            .OrderBy(one => one.Office).ThenBy(one => one.Microgrid?.Number ?? 0).ThenBy(one => one.Account),
    ];

    public IReadOnlyList<AppointmentVote> Votes() =>
    [
        .. _votes.Select(vote => new AppointmentVote(
            Make(vote.Key.Office, vote.Key.Microgrid, vote.Key.Account, vote.Key.Until), [.. vote.Value])),
    ];

    public void Apply(IContractEvent one)
    {
        switch (one)
        {
            case Events.AppointmentVoted voted:
                var ballot = (voted.Office, voted.Microgrid, voted.Account, voted.Until);
                if (!_votes.TryGetValue(ballot, out var votes))
                    votes = _votes[ballot] = [];
                votes.Add(voted.Regulator);
                break;
            case Events.Appointed made:
                var seat = (made.Office, made.Microgrid, made.Account);
                // A made appointment voids what else was voted about this seat.
                foreach (var other in _votes.Keys.Where(key => (key.Office, key.Microgrid, key.Account) == seat).ToList())
                    _votes.Remove(other);
                _seats[seat] = Make(made.Office, made.Microgrid, made.Account, made.Until);
                break;
        }
    }

    /// <summary>The regulators changed: their votes count no more; what was made stands.</summary>
    public void VoidVotes() => _votes.Clear();

    private static Appointment Make(byte office, uint microgrid, Address account, ulong until) =>
        new((CouncilOffice)office, microgrid == 0 ? null : new MicrogridId(microgrid), account, LedgerTime.Of(until));
}
