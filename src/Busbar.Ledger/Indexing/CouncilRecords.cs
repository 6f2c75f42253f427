using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>A narrow office that regulators appoint keys to. The numbers are those of the <c>Council</c> contract.</summary>
public enum CouncilOffice
{
    /// <summary>Not an office.</summary>
    None = 0,

    /// <summary>Anchors intervals, issues bills, reports deliveries.</summary>
    Operator = 1,

    /// <summary>Commits the order sets of the auction.</summary>
    Sequencer = 2,

    /// <summary>Sets load priorities.</summary>
    Authority = 3,

    /// <summary>Issues and redeems the community's own coin against the cash desk.</summary>
    Treasurer = 4,
}

/// <summary>What a proposal changes. The numbers are those of the <c>Council</c> contract.</summary>
public enum ProposalSubject
{
    /// <summary>Not a subject.</summary>
    None = 0,

    /// <summary>A rule's value.</summary>
    Rule = 1,

    /// <summary>The contract that holds an office of the directory.</summary>
    Directory = 2,
}

/// <summary>How a proposal stands.</summary>
public enum ProposalState
{
    /// <summary>Not told.</summary>
    None = 0,

    /// <summary>Votes are being given; there is no majority.</summary>
    Open,

    /// <summary>A majority stands; it can be carried out when its delay is over.</summary>
    Passed,

    /// <summary>It was carried out.</summary>
    Executed,

    /// <summary>The regulators changed since; it counts no more.</summary>
    Void,

    /// <summary>It was not carried out within 90 days.</summary>
    Expired,
}

/// <summary>A regulator in office.</summary>
/// <param name="Account">Who.</param>
/// <param name="Since">The time of the block that brought them in.</param>
public sealed record Regulator(Address Account, Instant Since);

/// <summary>A change of the regulators that the owner has scheduled.</summary>
/// <param name="Account">Whom it is about.</param>
/// <param name="InOffice">Whether they come in or go out.</param>
/// <param name="EffectiveAt">From when on anyone can carry it out.</param>
public sealed record ScheduledMembership(Address Account, bool InOffice, Instant EffectiveAt);

/// <summary>A proposal of the regulators.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Subject">What it changes.</param>
/// <param name="Name">The rule's or the directory entry's name.</param>
/// <param name="Microgrid">The one microgrid whose rule it changes; null for the community's.</param>
/// <param name="Value">The rule's new value in its own unit; of a directory entry the holder's address as a number.</param>
/// <param name="By">Who proposed it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">When it dies unless it was carried out.</param>
/// <param name="Votes">The regulators whose vote for it stands, in the order in which they gave it.</param>
/// <param name="ExecutableAt">From when on anyone can carry it out while the majority stands; null without a majority.</param>
/// <param name="State">How it stands.</param>
public sealed record CouncilProposal(
    ulong Id,
    ProposalSubject Subject,
    string Name,
    MicrogridId? Microgrid,
    BigInteger Value,
    Address By,
    Instant CreatedAt,
    Instant ExpiresAt,
    IReadOnlyList<Address> Votes,
    Instant? ExecutableAt,
    ProposalState State)
{
    /// <summary>How long a proposal can be voted on: 90 days, as <c>PROPOSAL_LIFE</c> of the contract.</summary>
    public static readonly Duration Life = Duration.FromDays(90);

    /// <summary>The proposed holder of a directory entry; null for a rule.</summary>
    public Address? Holder => HolderIn(Subject, Value);

    /// <summary>The proposed holder of a directory entry in a proposal's value; null for a rule.</summary>
    /// <param name="subject">What is proposed.</param>
    /// <param name="value">The value as the contract has it.</param>
    public static Address? HolderIn(ProposalSubject subject, BigInteger value) =>
        subject == ProposalSubject.Directory ? AddressIn(value) : null;

    private static Address AddressIn(BigInteger value)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        bytes.Clear();
        var written = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes[(Address.Length - written.Length)..]);
        return new Address(bytes);
    }
}

/// <summary>The bounds of a rule, which no vote can leave.</summary>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value.</param>
public sealed record RuleBounds(BigInteger Minimum, BigInteger Maximum);

/// <summary>A rule as it stands.</summary>
/// <param name="Name">Its name, which ends in its unit, such as <c>delaySeconds</c>.</param>
/// <param name="Value">The community's value.</param>
/// <param name="Own">Values of single microgrids that differ.</param>
/// <param name="Bounds">Its bounds; null until they were read from the contract.</param>
/// <param name="Pending">The open and passed proposals about it.</param>
public sealed record CouncilRule(
    string Name,
    BigInteger Value,
    IReadOnlyDictionary<MicrogridId, BigInteger> Own,
    RuleBounds? Bounds,
    IReadOnlyList<CouncilProposal> Pending);

/// <summary>A key's appointment to an office.</summary>
/// <param name="Office">To which.</param>
/// <param name="Microgrid">In which microgrid; null for all.</param>
/// <param name="Account">Who.</param>
/// <param name="Until">When it ends.</param>
public sealed record Appointment(CouncilOffice Office, MicrogridId? Microgrid, Address Account, Instant Until);

/// <summary>An appointment that is being voted on.</summary>
/// <param name="Wanted">What it would be.</param>
/// <param name="Votes">Who has voted for it.</param>
public sealed record AppointmentVote(Appointment Wanted, IReadOnlyList<Address> Votes);
