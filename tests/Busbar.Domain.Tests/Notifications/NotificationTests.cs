using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class NotificationTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly MeterId Meter = new(new Address(Keccak256.Hash("meter"u8).ToArray().AsSpan(0, 20)));
    private static readonly NotificationScope Community = new NotificationScope.Community();

    [Fact]
    public void Forms_EveryMessage_HasOne() => Assert.All(
        Enum.GetValues<NotificationMessage>().Where(message => message != NotificationMessage.None),
        message => Assert.Equal(message, NotificationForm.Of(message).Message));

    [Fact]
    public void Of_FieldMissingOrUnknown_IsACallersBug()
    {
        Assert.Throws<ArgumentException>(() => Notification.Of(NotificationMessage.MemberRemoved, Community, "c", Noon));
        Assert.Throws<ArgumentException>(() => Notification.Of(NotificationMessage.MemberRemoved, Community, "c", Noon, ("member", "a"), ("role", "b")));
        Assert.Throws<ArgumentException>(() => Notification.Of(NotificationMessage.MemberRemoved, Community, "", Noon, ("member", "a")));
    }

    [Fact]
    public void Of_LineEndsAndReversedText_BecomeBlanksAndLongTextIsCut()
    {
        var text = Notification.Of(NotificationMessage.MemberRemoved, Community, "c", Noon, ("member", "a\r\nBcc: b\u202Ec\u2028d")).Data["member"];
        var cut = Notification.Of(NotificationMessage.MemberRemoved, Community, "c", Noon, ("member", new string('x', 199) + "😀")).Data["member"];

        Assert.Equal("a  Bcc: b c d", text);
        Assert.Equal(new string('x', 199), cut);
    }

    [Fact]
    public void ReadingRefused_ManyInAnHour_AreOne()
    {
        var first = Refused(Noon, new ReadingRefused.ClockNotSet());

        Assert.Equal(first.Id, Refused(Noon + Duration.FromMinutes(59), new ReadingRefused.SequenceGap(1, 2)).Id);
        Assert.NotEqual(first.Id, Refused(Noon + Duration.FromMinutes(60), new ReadingRefused.ClockNotSet()).Id);
    }

    [Fact]
    public void Id_TheSamePlaceOnTheLedger_IsTheSameForOneMessageAlone()
    {
        var place = new LedgerPlace(Keccak256.Hash("tx"u8), 3);
        var changed = NotificationCauses.RuleChanged(Community, "a", "1", Noon, place);

        Assert.Equal(changed.Id, NotificationCauses.RuleChanged(Community, "a", "1", Noon, place).Id);
        Assert.NotEqual(changed.Id, NotificationCauses.RuleChanged(Community, "a", "1", Noon, place with { LogIndex = 4 }).Id);
        Assert.NotEqual(changed.Id, NotificationCauses.RuleProposed(Community, "a", "1", Noon, Noon, place).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void RecipientId_NotPrintableAscii_IsRefused(string value) => Assert.ThrowsAny<ArgumentException>(() => new RecipientId(value));

    private static Notification Refused(Instant at, ReadingRefused refused) =>
        NotificationCauses.ReadingRefused(Meter, "house 1", Community, refused, at);
}
