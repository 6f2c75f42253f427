using Busbar.Cryptography;

namespace Busbar.Cli.Running;

/// <summary>Passwords and keys come from files, never from the command line, where others could see them.</summary>
internal static class Secrets
{
    public static string ReadPassword(string path)
    {
        if (!File.Exists(path))
            throw new CommandFailure($"there is no password file {path}; write the password into it and let only its owner read it");
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != UnixFileMode.None)
            throw new CommandFailure($"others may read {path}; run chmod 600 {path}");
        var secret = File.ReadAllText(path).TrimEnd('\r', '\n');
        return secret.Length > 0 ? secret : throw new CommandFailure($"{path} is empty");
    }

    public static PrivateKey OpenKey(string path, string passwordFile)
    {
        var password = ReadPassword(passwordFile);
        try
        {
            return Keystore.Decrypt(File.ReadAllText(path), password);
        }
        catch (Exception exception) when (exception is KeystoreException or IOException)
        {
            throw new CommandFailure($"the key {path} cannot be opened: {exception.Message}");
        }
    }
}
