using System.Text;
using Busbar.Node.Notifications.Mail;

namespace Busbar.Node.Tests.Notifications;

public sealed class MailFormTests
{
    [Theory]
    [InlineData("a@example.org")]
    [InlineData("first.last+tag@sub.example.org")]
    [InlineData(" o'brien@example.org ")]
    [InlineData("node@localhost")]
    public void MailAddress_Usual_IsTaken(string text)
    {
        Assert.True(MailAddress.TryParse(text, out var address));
        Assert.Equal(text.Trim(), address.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("a@b@c")]
    [InlineData("a b@example.org")]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("a@example.org\n")]
    [InlineData("a>@example.org")]
    [InlineData("<a@example.org>")]
    [InlineData("\"a b\"@example.org")]
    [InlineData("a@exam_ple.org")]
    [InlineData("a@-example.org")]
    [InlineData("a@example.org.")]
    [InlineData(".a@example.org")]
    [InlineData("ä@example.org")]
    [InlineData("a@[127.0.0.1]")]
    public void MailAddress_AnythingElse_IsRefused(string? text) => Assert.False(MailAddress.TryParse(text, out _));

    [Fact]
    public void MailAddress_TooLong_IsRefused()
    {
        Assert.False(MailAddress.TryParse(new string('a', 65) + "@example.org", out _));
        Assert.False(MailAddress.TryParse("a@" + string.Join('.', Enumerable.Repeat("example", 40)), out _));
    }

    [Theory]
    [InlineData("two\r\nlines")]
    [InlineData("a\0")]
    [InlineData("naïve")]
    public void Plain_WhatCouldEndTheLine_IsACallersBug(string value) =>
        Assert.Throws<ArgumentException>(() => MailHeader.Plain("X", value));

    [Theory]
    [InlineData("plain words")]
    [InlineData("line\r\nBcc: b@example.org")]
    [InlineData("=?utf-8?B?QQ==?=")]
    [InlineData("मीटर से कोई सूचना नहीं आ रही, मीटर से कोई सूचना नहीं आ रही, मीटर से कोई सूचना नहीं आ रही")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀")]
    public void Text_Anything_StaysInItsHeaderAndComesBackTheSame(string value)
    {
        var written = MailHeader.Text("Subject", value);

        var lines = written.TrimEnd().Split("\r\n");
        Assert.StartsWith("Subject: ", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith(" =?utf-8?B?", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length <= 76 && line.All(character => character is >= ' ' and <= '~')));
        Assert.Equal(value, Decode(lines));
    }

    [Fact]
    public void Mailbox_NameWithAnAddressInIt_NamesOneAddressAlone()
    {
        Assert.True(MailAddress.TryParse("node@example.org", out var address));

        var written = MailHeader.Mailbox("From", "Asha, <b@example.org>", address);

        Assert.Equal(1, written.Count(character => character == '@'));
        Assert.DoesNotContain(',', written);
        Assert.Equal("From: Test village <node@example.org>\r\n", MailHeader.Mailbox("From", "Test village", address));
    }

    [Theory]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData(".\r\n.b\r\n", "..\r\n..b\r\n.\r\n")]
    [InlineData("a.b\n.c", "a.b\n..c\r\n.\r\n")]
    public void Stuffed_DotsAtTheBeginning_AreDoubledAndTheEndIsMarked(string message, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(SmtpConnection.Stuffed(Encoding.ASCII.GetBytes(message))));

    private static string Decode(string[] lines) => string.Concat(lines.Select((line, i) =>
    {
        var value = i == 0 ? line["Subject: ".Length..] : line[1..];
        return value.StartsWith("=?utf-8?B?", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(value["=?utf-8?B?".Length..^2]))
            : value;
    }));
}
