using System.Collections.Frozen;

namespace Busbar.Ledger.Deploying;

/// <summary>What the commonest errors of our contracts mean, for a person.</summary>
internal static class ContractErrorWords
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["NotRegulator"] = "only a regulator in office may do this",
        ["NotOperator"] = "only the microgrid's operator may do this",
        ["OwnableUnauthorizedAccount"] = "only the owner may do this",
        ["NotParticipant"] = "the account takes no part in the community; a regulator has to admit it first",
        ["AlreadyParticipant"] = "the account takes part already",
        ["OfficeHolderCannotParticipate"] = "the owner and regulators cannot be participants",
        ["ParticipantCannotHoldOffice"] = "a participant cannot hold this office; remove the participant first",
        ["OwnerCannotBeRegulator"] = "the owner cannot be a regulator",
        ["PremisesTaken"] = "the premises are registered for someone already",
        ["NotHolder"] = "the premises are not registered for this account",
        ["InvalidPremises"] = "there are no such premises",
        ["MeterInService"] = "the meter is in service already; retire it first",
        ["MeterNotInService"] = "the meter is not in service",
        ["TransformerInService"] = "the microgrid has a transformer meter already; retire it first",
        ["MembershipUnchanged"] = "nothing would change: the account is in or out of office already",
        ["NothingScheduled"] = "no change is scheduled for this account",
        ["TooEarly"] = "the waiting time is not over yet",
        ["NoMajority"] = "most regulators in office have to vote for it first",
        ["VoteUnchanged"] = "this regulator has voted so already",
        ["AlreadyVoted"] = "this regulator has voted already",
        ["UnknownProposal"] = "there is no such proposal",
        ["ProposalClosed"] = "the proposal has been carried out already",
        ["ProposalVoid"] = "the proposal is void, because the regulators changed since; make it again",
        ["ProposalExpired"] = "the proposal is too old; make it again",
        ["UnknownRule"] = "there is no such rule",
        ["RuleOutOfBounds"] = "the value is outside the rule's bounds",
        ["RuleWithoutMeaning"] = "the value has no meaning for this rule",
        ["RuleIsCommunityWide"] = "this rule is the same for all microgrids",
        ["HolderIsNotAContract"] = "there is no contract at this address",
        ["HolderWasReplaced"] = "this contract held the office before and cannot come back",
        ["EntryIsPermanent"] = "this contract is never replaced",
        ["FirmwareUnderAdvisory"] = "an advisory stands against this firmware",
        ["FirmwareNotApproved"] = "no regulator has approved this firmware",
        ["AdvisoryStands"] = "an advisory against this firmware stands already",
        ["AdvisoryDoesNotStand"] = "this advisory does not stand",
        ["WrongSigner"] = "the signature is not of the key that it has to be of",
        ["MayNotBuy"] = "who buys or pays is no consumer or prosumer of the community",
        ["MayNotSell"] = "who sells or is paid is no producer or prosumer of the community",
        ["NotOpen"] = "no such channel is open",
        ["NotCloser"] = "only the payee, and who the payee named, may close the channel",
        ["CloseTooLate"] = "the time for closing is over; the payer takes everything back",
        ["ReclaimTooEarly"] = "the payee may still close the channel",
        ["NothingToCount"] = "the meters show nothing of it that was not counted already",
        ["NotTheirMeter"] = "the meter is not one of theirs that counts trades, or was not when this began",
        ["ReportMissing"] = "one of the two meters has signed nothing",
        ["ChannelEnded"] = "the channel has ended; open another one",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string? Of(string error) => Words.GetValueOrDefault(error);
}
