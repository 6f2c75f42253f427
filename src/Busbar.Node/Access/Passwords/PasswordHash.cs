using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Busbar.Node.Access.Passwords;

/// <summary>
/// A password's hash with what is needed to make it again: <c>pbkdf2-sha512$rounds$salt$hash</c>, the last two base64url.
/// </summary>
internal sealed record PasswordHash(int Rounds, byte[] Salt, byte[] Hash)
{
    private const string Scheme = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static PasswordHash Make(string password, int rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new(rounds, salt, Derive(password, salt, rounds));
    }

    /// <exception cref="InvalidDataException">It is not such a text.</exception>
    public static PasswordHash Parse(string text)
    {
        try
        {
            if (text.Split('$') is [Scheme, var rounds, var salt, var hash])
            {
                return new(
                    int.Parse(rounds, NumberStyles.None, CultureInfo.InvariantCulture),
                    Base64Url.DecodeFromChars(salt),
                    Base64Url.DecodeFromChars(hash));
            }
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException("a stored password hash is damaged", exception);
        }

        throw new InvalidDataException("a stored password hash is damaged");
    }

    /// <summary>Whether the password is the one; takes the same time whatever differs.</summary>
    public bool IsOf(string password) => CryptographicOperations.FixedTimeEquals(Hash, Derive(password, Salt, Rounds));

    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Base64Url.EncodeToString(Salt)}${Base64Url.EncodeToString(Hash)}");

    /// <summary>Never the hash: a log is no place for it.</summary>
    public override string ToString() => "password hash (not shown)";

    private static byte[] Derive(string password, byte[] salt, int rounds)
    {
        var bytes = PasswordRules.Bytes(password);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(bytes, salt, rounds, HashAlgorithmName.SHA512, HashBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
