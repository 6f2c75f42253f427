using System.Security.Cryptography;
using System.Text;
using Busbar.Cryptography;
using Busbar.Node.Access.Accounts;
using NodaTime;

namespace Busbar.Node.Access.Sessions;

/// <summary>A session as it is in memory.</summary>
internal sealed class Session(string id, Hash256 secretHash, string account, Instant created, Instant lastUsed)
{
    private long _lastUsed = lastUsed.ToUnixTimeMilliseconds();
    private long _lastWritten = lastUsed.ToUnixTimeMilliseconds();

    public string Id => id;

    public Hash256 SecretHash => secretHash;

    public string Account => account;

    public Instant Created => created;

    public Instant LastUsed => Instant.FromUnixTimeMilliseconds(Interlocked.Read(ref _lastUsed));

    /// <summary>What an unsafe request must show: made from the cookie's secret, which no page can read.</summary>
    public static string CsrfOf(string secret) => System.Buffers.Text.Base64Url.EncodeToString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "Busbar CSRF v1"u8));

    public static (Session Session, string Secret) Begin(string account, Instant now)
    {
        var secret = AccountId.NewSecret();
        return (new(AccountId.New(), AccountId.HashOf(secret), account, now, now), secret);
    }

    /// <summary>Notes a use; true when it is time to write that down, which is once in a while and for one caller only.</summary>
    public bool Use(Instant now, Duration writeEvery)
    {
        var at = now.ToUnixTimeMilliseconds();
        Interlocked.Exchange(ref _lastUsed, at);
        var written = Interlocked.Read(ref _lastWritten);
        return at - written >= (long)writeEvery.TotalMilliseconds && Interlocked.CompareExchange(ref _lastWritten, at, written) == written;
    }
}
