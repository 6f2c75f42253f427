using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Tests.Doubles;
using NodaTime;

namespace Busbar.Ledger.Tests.Indexing;

/// <summary>What the views say after real transactions on the real engine, read back from the index.</summary>
public sealed class OfficesViewTests
{
    private const byte OperatorOffice = 1;
    private const byte AuthorityOffice = 3;
    private const int EngineKept = Busbar.Ledger.Engine.EngineChain.KeptBlocks;

    private static readonly Instant Start = TestEngine.Genesis + Duration.FromHours(1);
    private static readonly PrivateKey Owner = TestEngine.NewKey("owner");
    private static readonly Hash256 GraceDays = NameWord.Write("graceDays");

    private static IReadOnlyList<PrivateKey> Regulators => TestCommunity.Regulators;

    [EngineFact]
    public async Task Council_AfterDeployment_RulersRulesAndDirectory()
    {
        await using var community = await TestCommunity.StartAsync();
        var council = (await ViewAsync(community)).Council;
        Assert.Equal((Owner.Address, null), (council.Owner, council.PendingOwner));
        Assert.Equal(Regulators.Select(key => key.Address).Order(), council.Regulators.Select(one => one.Account).Order());
        var contracts = community.Contracts;
        Assert.Equal(
            [
                ("Anchors", contracts.Anchors),
                ("Billing", contracts.Money!.Billing),
                ("Board", contracts.Market!.Board),
                ("Channels", contracts.Channels!.Value),
                ("Demands", contracts.Market.Demands),
                ("Members", contracts.Members),
                ("Meters", contracts.Meters),
                ("Payments", contracts.Money.Payments),
                ("Storage", contracts.Market.Storage),
                ("Taxes", contracts.Market.Taxes),
                ("Vault", contracts.Money.Vault),
            ],
            council.Directory.Select(entry => (entry.Key, entry.Value)));
        await council.ReadBoundsAsync(community.Chain.Client, contracts.Council, default);
        var rules = council.Rules(Start);
        Assert.Equal(25, rules.Count);
        foreach (var rule in rules)
        {
            var name = NameWord.Write(rule.Name);
            Assert.Equal(await Council.RuleAsync(community.Chain.Client, contracts.Council, name, BlockTag.Latest, default), rule.Value);
            Assert.InRange(rule.Value, rule.Bounds!.Minimum, rule.Bounds.Maximum);
        }

        var seat = Assert.Single(council.Appointments(Start));
        Assert.Equal((CouncilOffice.Operator, null, TestCommunity.Operator.Address), (seat.Office, seat.Microgrid, seat.Account));
        Assert.Empty(council.AppointmentVotes);
    }

    [EngineFact]
    public async Task Council_ProposalVotedDelayedExecuted_RuleChanged()
    {
        await using var community = await TestCommunity.StartAsync();
        var council = community.Contracts.Council;
        await DoAsync(community, Regulators[0], council, Council.EncodeProposeRule(GraceDays, 1, 21), Start);
        var open = Rule(await ViewAsync(community), Start).Pending.Single();
        Assert.Equal((1UL, ProposalState.Open, null), (open.Id, open.State, open.ExecutableAt));
        Assert.Equal((new MicrogridId(1), new BigInteger(21), Regulators[0].Address), (open.Microgrid!.Value, open.Value, open.By));
        Assert.Equal([Regulators[0].Address], open.Votes);

        await DoAsync(community, Regulators[1], council, Council.EncodeVote(1, true), Start + Duration.FromHours(1));
        var passed = Rule(await ViewAsync(community), Start).Pending.Single();
        Assert.Equal((ProposalState.Passed, Start + Duration.FromHours(1) + Duration.FromDays(7)), (passed.State, passed.ExecutableAt));
        await DoAsync(community, Regulators[1], council, Council.EncodeVote(1, false), Start + Duration.FromHours(2));
        var lost = Rule(await ViewAsync(community), Start).Pending.Single();
        Assert.Equal((ProposalState.Open, null, 1), (lost.State, lost.ExecutableAt, lost.Votes.Count));
        await DoAsync(community, Regulators[2], council, Council.EncodeVote(1, true), Start + Duration.FromHours(3));

        var ripe = Start + Duration.FromHours(3) + Duration.FromDays(7);
        Assert.Equal(ripe, Rule(await ViewAsync(community), Start).Pending.Single().ExecutableAt);
        await DoAsync(community, TestEngine.Key, council, Council.EncodeExecute(1), ripe);
        var view = await ViewAsync(community);
        var rule = Rule(view, ripe);
        Assert.Empty(rule.Pending);
        Assert.Equal((new BigInteger(14), new BigInteger(21)), (rule.Value, rule.Own[new(1)]));
        Assert.Equal(ProposalState.Executed, Assert.Single(view.Council.Proposals(ripe)).State);
    }

    [EngineFact]
    public async Task Council_RegulatorLeaves_OpenProposalsAndVotesCountNoMore()
    {
        await using var community = await TestCommunity.StartAsync();
        var council = community.Contracts.Council;
        var leaving = Regulators[2].Address;
        await DoAsync(community, Regulators[0], council, Council.EncodeProposeRule(GraceDays, 0, 21), Start);
        await DoAsync(community, Regulators[0], council, Council.EncodeAppoint(AuthorityOffice, 1, TestEngine.Key.Address, ulong.MaxValue), Start);
        await DoAsync(community, Owner, council, Council.EncodeScheduleRegulator(leaving, false), Start);
        var before = await ViewAsync(community);
        var vote = Assert.Single(before.Council.AppointmentVotes);
        Assert.Equal((CouncilOffice.Authority, Regulators[0].Address), (vote.Wanted.Office, vote.Votes.Single()));
        var scheduled = Assert.Single(before.Council.Scheduled);
        Assert.Equal((leaving, false), (scheduled.Account, scheduled.InOffice));
        Assert.True(before.RolesOf(leaving, Start).IsRegulator);

        await DoAsync(community, TestEngine.Key, council, Council.EncodeApplyRegulator(leaving), scheduled.EffectiveAt);
        var after = await ViewAsync(community);
        Assert.Equal([Regulators[0].Address, Regulators[1].Address], after.Council.Regulators.Select(one => one.Account));
        Assert.False(after.RolesOf(leaving, Start).IsRegulator);
        Assert.Empty(after.Council.Scheduled);
        Assert.Empty(after.Council.AppointmentVotes);
        Assert.Equal(ProposalState.Void, Assert.Single(after.Council.Proposals(Start)).State);
    }

    [EngineFact]
    public async Task RolesOf_AppointedOwnerAndNobody_WhatTheContractHolds()
    {
        await using var community = await TestCommunity.StartAsync();
        var council = community.Contracts.Council;
        var (key, end) = (TestEngine.Key.Address, Start + Duration.FromDays(1));
        var appoint = Council.EncodeAppoint(OperatorOffice, 7, key, (ulong)end.ToUnixTimeSeconds());
        await DoAsync(community, Regulators[0], council, appoint, Start);
        await DoAsync(community, Regulators[1], council, appoint, Start);
        await DoAsync(community, Owner, council, Council.EncodeTransferOwnership(key), Start);
        var view = await ViewAsync(community);
        var roles = view.RolesOf(key, end - Duration.FromSeconds(1));
        Assert.Equal((false, false, ParticipantRole.None), (roles.IsOwner, roles.IsRegulator, roles.Role));
        Assert.Equal(key, view.Council.PendingOwner);
        Assert.True(roles.Holds(CouncilOffice.Operator, new(7)));
        Assert.False(roles.Holds(CouncilOffice.Operator, new(1)));
        Assert.False(roles.Holds(CouncilOffice.Authority, new(7)));
        Assert.Empty(view.RolesOf(key, end).Offices);
        Assert.True(view.RolesOf(TestCommunity.Operator.Address, end).Holds(CouncilOffice.Operator, new(7)));
        await DoAsync(community, TestEngine.Key, council, Council.EncodeAcceptOwnership(), Start);
        view = await ViewAsync(community);
        Assert.Equal((true, false), (view.RolesOf(key, end).IsOwner, view.RolesOf(Owner.Address, end).IsOwner));
        Assert.Null(view.Council.PendingOwner);
    }

    [EngineFact]
    public async Task Members_AdmittedChangedRemoved_PremisesStay()
    {
        await using var community = await TestCommunity.StartAsync();
        var members = community.Contracts.Members;
        var (one, two) = (TestEngine.NewKey("household 1").Address, TestEngine.NewKey("household 2").Address);
        var (flat, shed) = (Keccak256.Hash([1]), Keccak256.Hash([2]));
        await DoAsync(community, Regulators[0], members, Members.EncodeAdmitMany([new(one, 1, flat), new(two, 2, default)]), Start);
        await DoAsync(community, Regulators[1], members, Members.EncodeRegisterPremisesFor(shed, one), Start);
        await DoAsync(community, Regulators[1], members, Members.EncodeChangeRole(one, 3), Start);
        var view = (await ViewAsync(community)).Members;
        var found = view.Find(one)!;
        Assert.Equal((ParticipantRole.Prosumer, Regulators[0].Address, null), (found.Role, found.AdmittedBy, found.RemovedAt));
        Assert.Equal([new(flat), new(shed)], found.Premises);
        Assert.Equal(ParticipantRole.Producer, view.Find(two)!.Role);
        Assert.Equal(one, view.HolderOf(new(shed)));

        await DoAsync(community, Regulators[2], members, Members.EncodeRemove(one), Start + Duration.FromHours(1));
        await DoAsync(community, Regulators[2], members, Members.EncodeReleasePremises(shed), Start + Duration.FromHours(1));
        var after = await ViewAsync(community);
        var roles = after.RolesOf(one, Start);
        Assert.False(roles.IsParticipant);
        Assert.Equal([new PremisesId(flat)], roles.Premises);
        Assert.Equal(Start + Duration.FromHours(1), after.Members.Find(one)!.RemovedAt);
        Assert.Null(after.Members.HolderOf(new(shed)));
        Assert.Null(after.Members.Find(TestEngine.Key.Address));
        Assert.Equal(2, after.Members.All.Count);
    }

    [EngineFact]
    public async Task Meters_AdvisoryPublishedAndMeterCleared_FirmwareAndServiceAsOnTheLedger()
    {
        await using var community = await TestCommunity.StartAsync();
        var (meters, household) = (community.Contracts.Meters, TestEngine.NewKey("household 1").Address);
        var (flat, good) = (Keccak256.Hash([1]), Keccak256.Hash([7]));
        var meter = new MeterId(community.Meters[0].Address);
        await DoAsync(community, Regulators[0], community.Contracts.Members, Members.EncodeAdmitMany([new(household, 1, flat)]), Start);
        await DoAsync(community, Regulators[0], meters, Meters.EncodeMove(meter.Key, 2, flat, household), Start);
        var moved = await ViewAsync(community);
        var bad = moved.Meters.Find(meter)!.Firmware;
        Assert.Equal([meter], moved.RolesOf(household, Start).Meters);
        Assert.Equal([1U, 2U], moved.Meters.SpansOf(meter).Select(span => span.Microgrid.Number));
        Assert.Equal(moved.Meters.SpansOf(meter)[0].RetiredAt, moved.Meters.SpansOf(meter)[1].RegisteredAt);

        await DoAsync(community, Regulators[0], meters, Meters.EncodePublishAdvisory(bad), Start);
        Assert.Equal([Regulators[0].Address], Assert.Single((await ViewAsync(community)).Meters.Endorsements).Regulators);
        await DoAsync(community, Regulators[1], meters, Meters.EncodePublishAdvisory(bad), Start);
        await DoAsync(community, Regulators[2], meters, Meters.EncodeConfirmAdvisory(1), Start);
        await DoAsync(community, Regulators[0], meters, Meters.EncodeApproveFirmware(good), Start);
        var advised = (await ViewAsync(community)).Meters;
        var advisory = Assert.Single(advised.Advisories);
        Assert.Equal((1UL, bad, 1), (advisory.Id, advisory.Firmware, advisory.Confirmations.Count));
        Assert.Equal(advisory.PublishedAt + Duration.FromDays(30), advisory.StandsUntil);
        Assert.Equal(advisory, advised.AdvisoryAgainst(meter, Start)! with { Confirmations = advisory.Confirmations, Withdrawals = advisory.Withdrawals });
        Assert.Empty(advised.Endorsements);
        Assert.Equal([good], advised.ApprovedFirmware);

        var digest = await Meters.ReportDigestAsync(community.Chain.Client, meters, 1, meter.Key, good, BlockTag.Latest, default);
        var report = community.Meters[0].Sign(digest).ToArray();
        await DoAsync(community, TestEngine.Key, meters, Meters.EncodeClear(1, meter.Key, good, report), Start);
        await DoAsync(community, Regulators[0], meters, Meters.EncodeRetire(meter.Key), Start + Duration.FromHours(1));
        var after = (await ViewAsync(community)).Meters;
        Assert.Null(after.AdvisoryAgainst(meter, Start));
        Assert.Equal((1UL, meter, good), (after.Clearances[0].Advisory, after.Clearances[0].Meter, after.Clearances[0].Firmware));
        Assert.Equal((good, Start + Duration.FromHours(1)), (after.Find(meter)!.Firmware, after.Find(meter)!.Registration.RetiredAt));
        Assert.Empty(after.Of(household));
        Assert.Equal(community.Meters.Count + 1, after.All.Count);
    }

    [EngineFact]
    public async Task Apply_BlocksTakenBack_AsIfTheyHadNeverBeen()
    {
        await using var community = await TestCommunity.StartAsync();
        var household = TestEngine.NewKey("household 1").Address;
        var council = community.Contracts.Council;
        await DoAsync(community, Regulators[0], council, Council.EncodeProposeRule(GraceDays, 0, 21), Start);
        var kept = (await community.Chain.HeadAsync(default)).Number;
        await DoAsync(community, Regulators[0], community.Contracts.Members, Members.EncodeAdmit(household, 1), Start);
        await DoAsync(community, Regulators[1], council, Council.EncodeVote(1, true), Start);
        await DoAsync(community, Regulators[0], community.Contracts.Meters, Meters.EncodeRetire(community.Meters[0].Address), Start);
        var view = await ViewAsync(community);
        Assert.Equal(ProposalState.Passed, view.Council.Proposals(Start)[0].State);
        view.Apply(new ChainChange.BlocksTakenBack(kept));
        Assert.Equal((ProposalState.Open, 1), (view.Council.Proposals(Start)[0].State, view.Council.Proposals(Start)[0].Votes.Count));
        Assert.Null(view.Members.Find(household));
        Assert.Null(view.Meters.Find(new(community.Meters[0].Address))!.Registration.RetiredAt);
        Assert.Equal(Regulators.Count, view.Council.Regulators.Count);
    }

    [EngineTheory]
    [InlineData(2_000)]
    // A snapshot that still has the beginning, and so many blocks after it that the engine would forget it.
    [InlineData(250)]
    public async Task CatchUpAsync_IndexThatLacksTheBeginning_FilledFromTheReplayedEngine(int snapshotBlocks)
    {
        await using var community = await TestCommunity.StartAsync(change: options => options with { SnapshotBlocks = snapshotBlocks });
        await new Indexer(community.Chain, community.Engine.Store, community.Contracts, 9).CatchUpAsync(default);
        for (var block = 0; block < EngineKept; block++)
            await community.Chain.MineAsync(Start, default);
        await new Indexer(community.Chain, community.Engine.Store, community.Contracts, 9).CatchUpAsync(default);
        await Assert.ThrowsAsync<ChainException>(() => community.Indexer.CatchUpAsync(default));
        await community.Chain.DisposeAsync();
        var again = await community.Engine.StartAsync(options => options with { EventsFrom = 1 });
        await new Indexer(again, community.Engine.Store, community.Contracts, 1).CatchUpAsync(default);
        var view = await LedgerView.LoadAsync(community.Engine.Store, community.Contracts, 1, default);
        Assert.Equal(Regulators.Count, view.Offices.Council.Regulators.Count);
    }

    private static CouncilRule Rule(OfficesView view, Instant now) =>
        view.Council.Rules(now).Single(rule => string.Equals(rule.Name, "graceDays", StringComparison.Ordinal));

    private static async Task DoAsync(TestCommunity community, PrivateKey key, Address contract, byte[] data, Instant time)
    {
        var order = new ChainOrder(key, [new(contract, data, 3_000_000)]) { Time = time };
        Assert.True((await community.Chain.ExecuteAsync(order, default))[0].Succeeded);
    }

    private static async Task<OfficesView> ViewAsync(TestCommunity community)
    {
        await community.Indexer.CatchUpAsync(default);
        return (await community.ViewAsync()).Offices;
    }
}
