using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Busbar.Node.Notifications.Mail;

/// <summary>Hands mails to a server, one connection for each (RFC 5321, 3207, 4954). Safe for concurrent callers.</summary>
/// <param name="options">The server.</param>
/// <param name="time">Measures the limit.</param>
internal sealed class SmtpClient(MailOptions options, TimeProvider time)
{
    /// <summary>Hands a message over.</summary>
    /// <param name="to">Who receives it.</param>
    /// <param name="message">The message, headers and all.</param>
    /// <param name="cancellation">Gives up; whether the server has taken the message is then unknown.</param>
    /// <returns>The server's last word.</returns>
    /// <exception cref="SmtpException">It was not taken, or no answer came in time; no secret is in the message.</exception>
    public async Task<string> SendAsync(MailAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await SpeakAsync(to, message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SmtpException($"{options} gave no answer in {options.Limit.TotalSeconds:0} s", isFinal: false);
        }
        catch (Exception failed) when (failed is IOException or SocketException)
        {
            throw new SmtpException($"{options} is not reached: {failed.Message}", isFinal: false, failed);
        }
        catch (AuthenticationException failed)
        {
            throw new SmtpException($"the certificate of {options} is not trusted: {failed.Message}", isFinal: false, failed);
        }
    }

    private async Task<string> SpeakAsync(MailAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await using var connection = await SmtpConnection.OpenAsync(options, cancellation);
        if (options.Security == MailSecurity.Plain && !connection.IsLocal && !options.AllowPlain)
            throw new SmtpException($"{options} is another machine; mails go there encrypted, or plainly only where it is allowed", isFinal: false);
        if (options.Security == MailSecurity.Tls)
            await connection.EncryptAsync(options, cancellation);
        Expect(await connection.ReplyAsync(cancellation), "the greeting");
        var hello = await HelloAsync(connection, cancellation);
        if (options.Security == MailSecurity.StartTls)
        {
            if (hello.Extension("STARTTLS") is null)
                throw new SmtpException($"{options} does not offer STARTTLS; nothing was sent", isFinal: false);
            Expect(await connection.CommandAsync("STARTTLS", cancellation), "STARTTLS");
            await connection.EncryptAsync(options, cancellation);
            hello = await HelloAsync(connection, cancellation);
        }

        if (options.User is not null)
            await LogInAsync(connection, hello, cancellation);
        var size = hello.Extension("SIZE") is null ? "" : string.Create(CultureInfo.InvariantCulture, $" SIZE={message.Length}");
        Expect(await connection.CommandAsync($"MAIL FROM:<{options.From}>{size}", cancellation), "the sender", isRetried: true);
        Expect(await connection.CommandAsync($"RCPT TO:<{to}>", cancellation), "the receiver");
        Expect(await connection.CommandAsync("DATA", cancellation), "DATA");
        var taken = await connection.MessageAsync(message, cancellation);
        Expect(taken, "the message");
        await GoodbyeAsync(connection, cancellation);
        return taken.ToString();
    }

    private static async Task<SmtpReply> HelloAsync(SmtpConnection connection, CancellationToken cancellation)
    {
        // The node's own name says nothing to the server, and the machine's name is nobody's business.
        var hello = await connection.CommandAsync("EHLO [127.0.0.1]", cancellation);
        Expect(hello, "EHLO");
        return hello;
    }

    private async Task LogInAsync(SmtpConnection connection, SmtpReply hello, CancellationToken cancellation)
    {
        if (!connection.IsEncrypted && !connection.IsLocal && !options.AllowPlain)
            throw new SmtpException("the password does not go over an unencrypted line", isFinal: false);
        var ways = (hello.Extension("AUTH") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (user, password) = (options.User!, options.Password ?? "");
        SmtpReply said;
        if (ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            said = await connection.CommandAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancellation);
        }
        else if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            Expect(await connection.CommandAsync("AUTH LOGIN", cancellation), "AUTH LOGIN", isRetried: true);
            Expect(await connection.CommandAsync(Base64(user), cancellation), "the user's name", isRetried: true);
            said = await connection.CommandAsync(Base64(password), cancellation);
        }
        else
        {
            throw new SmtpException($"{options} offers neither AUTH PLAIN nor AUTH LOGIN", isFinal: false);
        }

        Expect(said, "name and password", isRetried: true);
    }

    // The mail is taken already: what the server says to the goodbye changes nothing.
    private static async Task GoodbyeAsync(SmtpConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.CommandAsync("QUIT", cancellation);
        }
        catch (Exception late) when (late is IOException or SmtpException or OperationCanceledException)
        {
            return;
        }
    }

    // A refused password or sender is the operator's to mend, and no reason to give a person's mail up.
    private static void Expect(SmtpReply reply, string what, bool isRetried = false)
    {
        if (!reply.IsGood)
            throw new SmtpException($"the mail server refused {what}: {reply}", reply.IsFinal && !isRetried);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
