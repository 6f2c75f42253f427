using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Store.Notifications;

namespace Busbar.Node.Tests.Notifications;

public sealed class TextTests
{
    [Theory]
    [InlineData(NotificationLanguage.English)]
    [InlineData(NotificationLanguage.Hindi)]
    public void Texts_EveryMessage_IsWholeAndUsesItsFieldsAlone(NotificationLanguage language) =>
        Assert.Empty(NotificationTexts.Faults(NotificationTexts.Load(language)));

    [Fact]
    public void Texts_AllLanguages_HaveTheSameKeysAndPlaceholders()
    {
        var (english, hindi) = (NotificationTexts.Load(NotificationLanguage.English), NotificationTexts.Load(NotificationLanguage.Hindi));

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), hindi.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, pair => Assert.Equal(
            NotificationTexts.Placeholders(pair.Value).Order(StringComparer.Ordinal),
            NotificationTexts.Placeholders(hindi[pair.Key]).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Faults_MissingUnknownAndWrongPlaceholder_AreNamed()
    {
        var texts = NotificationTexts.Load(NotificationLanguage.English).ToDictionary(StringComparer.Ordinal);
        texts.Remove("Test.body");
        texts["Tset.body"] = "x";
        texts["MeterHeard.body"] = "{metre} is heard";

        Assert.Equal(["MeterHeard.body has no {metre}", "Test.body is missing", "Tset.body is unknown"], NotificationTexts.Faults(texts));
    }

    [Theory]
    [InlineData("1500000000000000000", "", "To pay: 1.5000 NPR. Please")]
    [InlineData("", "2000000000000000000", "2.0000 NPR. A credit of 2.0000 NPR counts towards the next bill.")]
    public void Write_PartInBrackets_LeftOutWhereItsFieldIsEmpty(string toPay, string credit, string expected)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["house"] = "[house]",
            ["premises"] = "0x01",
            ["number"] = "7",
            ["version"] = "1",
            ["start"] = "2026-05-31T18:30:00Z",
            ["end"] = "2026-06-30T18:30:00Z",
            ["amount"] = "2000000000000000000",
            ["toPay"] = toPay,
            ["credit"] = credit,
            ["settled"] = "",
            ["due"] = toPay.Length > 0 ? "2026-07-15T18:30:00Z" : "",
            ["deadline"] = "",
            ["imported"] = "1",
            ["exported"] = "0",
            ["currency"] = "NPR",
        };
        var told = new ToldNotification(default, NotificationMessage.BillIssued, Samples.Noon, data);

        var (subject, body) = new NotificationTexts(Samples.India).Write(told, NotificationLanguage.English);

        Assert.Equal("Bill 7 of [house]: 2.0000 NPR", subject);
        Assert.Contains("for 2026-06-01 to 2026-06-30:", body, StringComparison.Ordinal);
        Assert.Contains(expected, body, StringComparison.Ordinal);
        Assert.DoesNotContain("permit ends", body, StringComparison.Ordinal);
        Assert.Equal("/bills/0x01/7", NotificationForm.Of(NotificationMessage.BillIssued).PageOf(data));
    }

    [Fact]
    public void Placeholders_BracketOpen_IsAFault() =>
        Assert.Throws<InvalidDataException>(() => NotificationTexts.Placeholders("a [b {c}").ToList());

    [Fact]
    public void Write_Times_AreThoseOfTheCommunityAndValuesAreNotFilledAgain()
    {
        var delivery = Samples.Claimed(new(NotificationChannel.Push, "1"), notification: Samples.Silent(1, "{minutes} house"));

        var text = Samples.Text(delivery);

        Assert.Equal("{minutes} house is silent", text.Subject);
        Assert.Contains("for 30 minutes, since 2026-01-01 05:00.", text.Body, StringComparison.Ordinal);
    }
}
