using Busbar.Domain.Supply;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node.Tests.Community;

public sealed class SupplyFormTests
{
    private static readonly DateTimeZone India = DateTimeZoneProviders.Tzdb["Asia/Kolkata"];

    [Fact]
    public void Read_WholeForm_IsTheCalendarAndComesBack()
    {
        var community = Read(
            """
            name: Hill village
            zone: Asia/Kolkata
            microgrids: [{id: 1, name: Upper street}]
            supply:
              quietHours: "22:00-06:30"
              holidays: [2026-12-25, 2027-01-26]
              graceHours: 48.5
            """);

        AssertCalendar(community.Supply!);
        AssertCalendar(Read(CommunityFile.Write(community)).Supply!);

        static void AssertCalendar(SupplyCalendar calendar)
        {
            Assert.Equal(new QuietMinutes(22 * 60, (6 * 60) + 30), calendar.Quiet);
            Assert.Equal([new LocalDate(2026, 12, 25), new LocalDate(2027, 1, 26)], calendar.Holidays.Order());
            Assert.Equal((India, Duration.FromHours(48.5)), (calendar.Zone, calendar.Grace));
        }
    }

    [Fact]
    public void Read_WithoutSupply_HasNone() => Assert.Null(Read("{name: a, zone: UTC, microgrids: [{id: 1, name: b}]}").Supply);

    [Theory]
    [InlineData("quietHours: 22:00", "quietHours")]
    [InlineData("quietHours: \"24:00-06:00\"", "quietHours")]
    [InlineData("quietHours: \"06:00-06:00\"", "quietHours")]
    [InlineData("holidays: [2026-02-30]", "2026-02-30")]
    [InlineData("holidays: [Christmas]", "Christmas")]
    [InlineData("graceHours: -1", "graceHours")]
    [InlineData("graceHours: 9000", "graceHours")]
    [InlineData("graceHours: .nan", "graceHours")]
    [InlineData("quiet: 1", "quiet")]
    public void Read_AnythingElse_IsRefusedByItsName(string member, string told)
    {
        var refused = Assert.Throws<NodeStartException>(
            () => Read($"name: a\nzone: UTC\nmicrogrids: [{{id: 1, name: b}}]\nsupply:\n  {member}\n"));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    private static CommunityDescription Read(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return CommunityFile.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
