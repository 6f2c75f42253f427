using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Domain.Tests.Metering;

public sealed class ConservationTests
{
    [Fact]
    public void Total_AnyReadingsGapsDelaysResetsAndRetirements_IsTheRegistersToTheMilliwattHour() =>
        Prop.ForAll<int>(seed =>
        {
            var day = new RandomDay(seed, resets: true);
            day.Run();
            day.AssertChained();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Total_WithoutResets_IsTheLastRegisterLessTheFirst() =>
        Prop.ForAll<int>(seed =>
        {
            var day = new RandomDay(seed, resets: false);
            day.Run();
            day.AssertTotals();
            day.AssertChained();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Replay_AppliedAsDecided_IsByteForByteTheStateThatJudgingLeft() =>
        Prop.ForAll<int>(seed =>
        {
            var day = new RandomDay(seed, resets: true);
            day.Run();
            return day.Street.Replay().ToCheckpoint().SequenceEqual(day.Street.Metering.ToCheckpoint());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void FromCheckpoint_AtAnyMoment_GoesOnAsIfNothingHadHappened() =>
        Prop.ForAll<int>(seed =>
        {
            var (through, restarted) = (new RandomDay(seed, resets: true), new RandomDay(seed, resets: true) { Restarts = true });
            through.Run();
            restarted.Run();
            return through.Street.Metering.ToCheckpoint().SequenceEqual(restarted.Street.Metering.ToCheckpoint())
                && through.Street.Newest.Count == restarted.Street.Newest.Count
                && through.Street.Newest.All(pair =>
                    restarted.Street.Newest[pair.Key].Tree.Root == pair.Value.Tree.Root
                    && restarted.Street.Newest[pair.Key].Version == pair.Value.Version);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void FromCheckpoint_OfAnotherVersion_Throws()
    {
        var state = new Street().Metering.ToCheckpoint();
        state[0]++;

        Assert.Throws<InvalidDataException>(() => MicrogridMetering.FromCheckpoint(state, Street.Microgrid, Street.Master, new()));
    }
}
