using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Node.Api;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Busbar.Node.Tests.Api;

/// <summary>What the node says of its own health.</summary>
public sealed class HealthTests
{
    private static readonly AnchorFailure Failure = new(new(new(1), new(TestCommunity.At(1), IntervalLength.FromMinutes(15)), 2), "NotOperator");

    [Fact]
    public void Health_NothingWrong_Well() => Assert.True(HealthApi.Of(null, [], [], []).Well);

    [Fact]
    public void Health_AnythingWrong_NotWellAndTold()
    {
        var damage = new JournalDamage(new("microgrid-1"), 7, 9, null, "record 7 is damaged");

        Assert.Equal((false, "the disk is full"), (HealthApi.Of("the disk is full", [], [], []).Well, HealthApi.Of("the disk is full", [], [], []).Trouble));
        var damaged = HealthApi.Of(null, [damage], [], []);
        Assert.Equal((false, 7, "record 7 is damaged"), (damaged.Well, damaged.DamagedJournals[0].Position, damaged.DamagedJournals[0].Detail));
        var blocked = HealthApi.Of(null, [], [Failure], []);
        Assert.Equal((false, new(1, "2026-06-21T00:15:00Z", 2, "NotOperator")), (blocked.Well, Assert.Single(blocked.BlockedAnchors)));
        Assert.False(HealthApi.Of(null, [], [], [Failure]).Well);
    }

    [Fact]
    public void Refusals_ManyReported_NewestFirstAndNoMoreThanAFew()
    {
        var refusals = new AnchorRefusals(_ => { }, NullLogger<AnchorRefusals>.Instance);
        foreach (var version in Enumerable.Range(1, 30))
            refusals.Report(new(0, [Failure with { Key = Failure.Key with { Version = version } }], [], 0));

        Assert.Equal(20, refusals.Newest.Count);
        Assert.Equal(30, refusals.Newest[0].Key.Version);
    }
}
