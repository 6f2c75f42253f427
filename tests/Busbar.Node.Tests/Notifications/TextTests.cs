using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;

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

    [Fact]
    public void Write_Times_AreThoseOfTheCommunityAndValuesAreNotFilledAgain()
    {
        var delivery = Samples.Claimed(new(NotificationChannel.Push, "1"), notification: Samples.Silent(1, "{minutes} house"));

        var text = Samples.Text(delivery);

        Assert.Equal("{minutes} house is silent", text.Subject);
        Assert.Contains("for 30 minutes, since 2026-01-01 05:00.", text.Body, StringComparison.Ordinal);
    }
}
