using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Busbar.Domain.Tests.Billing;

/// <summary>What only a program could get wrong; all that YAML can is tested with its reader in the node.</summary>
public sealed class TariffRulesTests
{
    private static readonly Tariff Plain = new() { Name = "Plain", Zone = DateTimeZone.Utc, ValidFrom = new(2026, 1, 1) };

    [Fact]
    public void Check_AnyTariffOfTheRanges_IsTaken() => Prop.ForAll(
        RandomBilling.Seeds, seed => TariffRules.Check(new RandomBilling(seed).Tariff()).Count == 0).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Check_WhatOnlyAProgramCanMake_IsRefused()
    {
        Assert.Empty(TariffRules.Check(Plain));
        Refuses<TariffRefused.OutOfRange>("due", Plain with { Due = Duration.FromMilliseconds(1_500) });
        Refuses<TariffRefused.OutOfRange>("grace", Plain with { Grace = Duration.FromSeconds(-1) });
        Refuses<TariffRefused.NotAscending>("holidays[2]", Plain with { Holidays = [new(2026, 5, 1), new(2026, 1, 1)] });
        Refuses<TariffRefused.NotAscending>("holidays[2]", Plain with { Holidays = [new(2026, 5, 1), new(2026, 5, 1)] });
        Refuses<TariffRefused.NotAscending>("weekend[2]", Plain with { Weekend = [IsoDayOfWeek.Sunday, IsoDayOfWeek.Saturday] });
        Refuses<TariffRefused.NotAscending>("slabs[1].upTo", Plain with { Slabs = [new(Energy.FromMilliwattHours(-1), default), new(null, default)] });
        foreach (var hours in new HourSpan[] { new(new(1, 0), new(1, 0)), new(new(1, 0, 30), new(2, 0)), new(new(1, 0), new(2, 0, 1)) })
        {
            var band = new RateBand("a", Price.Parse("1"), [new(DayKinds.None, [], [hours])]);
            Refuses<TariffRefused.OutOfRange>("bands[1].when[1].hours", Plain with { Bands = [band, new("b", default, [])] });
        }
    }

    [Fact]
    public void ToLedger_TariffAgainstTheRules_IsACallersBug() => Assert.Throws<ArgumentException>(
        () => (Plain with { ValidUntil = Plain.ValidFrom }).ToLedger(Address.Zero));

    [Fact]
    public void ToLedger_Payee_IsTheTariffsOwnOrTheCommunitys()
    {
        var (own, community) = (Address.Parse("0x2b5ad5c4795c026514f8317c7a215e218dccd6cf"), Address.Parse("0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c"));

        Assert.Equal(community, Plain.ToLedger(community).Payee);
        Assert.Equal(own, (Plain with { Payee = own }).ToLedger(community).Payee);
    }

    [Theory]
    [InlineData(1, "1 second")]
    [InlineData(60, "1 minute")]
    [InlineData(5_400, "90 minutes")]
    [InlineData(86_400, "1 day")]
    [InlineData(1_296_000, "15 days")]
    [InlineData(90_000, "25 hours")]
    public void Write_Span_IsInTheLargestWholeUnitAndReadBack(long seconds, string text)
    {
        Assert.Equal(text, TariffText.Write(Duration.FromSeconds(seconds)));
        Assert.True(TariffText.TryRead(text, out Duration again));
        Assert.Equal(Duration.FromSeconds(seconds), again);
    }

    private static void Refuses<T>(string member, Tariff tariff)
        where T : TariffRefused
    {
        var refused = Assert.Single(TariffRules.Check(tariff));
        Assert.IsType<T>(refused);
        Assert.Equal(member, refused.Member);
    }
}
