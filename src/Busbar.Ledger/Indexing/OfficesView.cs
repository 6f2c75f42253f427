using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>What the ledger lets an account do at an instant.</summary>
/// <param name="Account">Who.</param>
/// <param name="IsOwner">Decides who regulates.</param>
/// <param name="IsRegulator">Is a regulator in office.</param>
/// <param name="Offices">The offices that it is appointed to, each with its end.</param>
/// <param name="Role">As what it takes part; none after removal.</param>
/// <param name="Premises">The premises that it holds, after removal too.</param>
/// <param name="Meters">The meters in service that are registered for it.</param>
public sealed record AccountRoles(
    Address Account,
    bool IsOwner,
    bool IsRegulator,
    IReadOnlyList<Appointment> Offices,
    ParticipantRole Role,
    IReadOnlyList<PremisesId> Premises,
    IReadOnlyList<MeterId> Meters)
{
    /// <summary>Whether it takes part in the community.</summary>
    public bool IsParticipant => Role != ParticipantRole.None;

    /// <summary>Whether it holds an office in a microgrid, by itself or in all.</summary>
    public bool Holds(CouncilOffice office, MicrogridId microgrid) =>
        Offices.Any(one => one.Office == office && (one.Microgrid is not { } own || own == microgrid));
}

/// <summary>
/// Who holds which office, who takes part, and what stands where: the views of the contracts, in step with each other. Safe for
/// concurrent callers; each answer is of one moment.
/// </summary>
public sealed class OfficesView
{
    private readonly Lock _lock = new();
    private readonly ContractAddresses _contracts;

    // A chain that goes back is rare and these events are few: what stands is applied anew then.
    private readonly List<(IndexedBlock Block, IndexedEvent Event)> _applied = [];

    /// <summary>Views that know nothing yet.</summary>
    /// <param name="contracts">Whose events count.</param>
    public OfficesView(ContractAddresses contracts)
    {
        _contracts = contracts;
        Council = new(_lock);
        Members = new(_lock);
        Meters = new(_lock);
    }

    /// <summary>Who rules and by what numbers.</summary>
    public CouncilView Council { get; }

    /// <summary>Who takes part.</summary>
    public MembersView Members { get; }

    /// <summary>Which meters stand where.</summary>
    public MetersView Meters { get; }

    /// <summary>What the ledger lets an account do.</summary>
    /// <param name="account">Who.</param>
    /// <param name="now">Tells which appointments have ended.</param>
    public AccountRoles RolesOf(Address account, Instant now)
    {
        lock (_lock)
        {
            return new(
                account,
                Council.Owner == account,
                Council.IsRegulator(account),
                [.. Council.Appointments(now).Where(one => one.Account == account)],
                Members.Find(account)?.Role ?? ParticipantRole.None,
                Members.PremisesOf(account),
                [.. Meters.Of(account).Select(one => one.Registration.Meter)]);
        }
    }

    /// <summary>Takes a change in; changes come in the order of <see cref="Indexer.ChangesAsync"/>.</summary>
    public void Apply(ChainChange change)
    {
        lock (_lock)
        {
            switch (change)
            {
                case ChainChange.BlockAdded added:
                    foreach (var one in added.Events.Where(IsOurs))
                    {
                        _applied.Add((added.Block, one));
                        Apply(added.Block, one);
                    }

                    break;
                case ChainChange.BlocksTakenBack back:
                    TakeBack(back.KeptNumber);
                    break;
                default:
                    throw new ArgumentException($"unknown change {change}", nameof(change));
            }
        }
    }

    private bool IsOurs(IndexedEvent one) =>
        one.Contract == _contracts.Council || one.Contract == _contracts.Members || one.Contract == _contracts.Meters;

    private void Apply(IndexedBlock block, IndexedEvent one)
    {
        var log = new Log { Address = one.Contract, Topics = one.Topics, Data = one.Data };
        if (one.Contract == _contracts.Members)
            Members.Apply(block, log);
        else if (one.Contract == _contracts.Meters)
            Meters.Apply(block, one, log);
        else if (Council.Apply(block, log))
            Meters.VoidVotes();
    }

    private void TakeBack(ulong kept)
    {
        if (_applied.RemoveAll(pair => pair.Block.Number > kept) == 0)
            return;
        Council.Clear();
        Members.Clear();
        Meters.Clear();
        foreach (var (block, one) in _applied)
            Apply(block, one);
    }
}
