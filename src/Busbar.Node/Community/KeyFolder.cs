using System.Security.Cryptography;
using Busbar.Cryptography;

namespace Busbar.Node.Community;

/// <summary>The node's keys on disk: encrypted keystores that only their owner may read, made at the first start.</summary>
public static class KeyFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens the keys, or makes them when the folder is new.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="password">What encrypts them; at least 12 characters.</param>
    /// <exception cref="NodeStartException">The password is wrong or too short, or the folder has some of the keys only.</exception>
    public static NodeKeys OpenOrCreate(string folder, string password)
    {
        if (password.Length < 12)
            throw new NodeStartException("the password of the node's keys is shorter than 12 characters; choose a longer one");
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        string[] offices = ["owner", "regulator", "operator", "master"];
        var present = offices.Count(office => File.Exists(PathOf(folder, office)));
        if (present is not 0 && present != offices.Length)
            throw new NodeStartException($"{folder} lacks some of the keys {string.Join(", ", offices)}; restore the folder from a backup");
        if (present == 0)
        {
            foreach (var office in offices)
                Create(PathOf(folder, office), password);
        }

        using var master = Open(PathOf(folder, "master"), password);
        return new()
        {
            Owner = Open(PathOf(folder, "owner"), password),
            Regulator = Open(PathOf(folder, "regulator"), password),
            Operator = Open(PathOf(folder, "operator"), password),
            Master = Keccak256.Hash(master.ExportBytes()),
        };
    }

    private static string PathOf(string folder, string office) => Path.Combine(folder, office + ".json");

    private static void Create(string path, string password)
    {
        using var key = PrivateKey.Generate();
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(Keystore.Encrypt(key, password, KeystoreCost.Standard)));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }

    private static PrivateKey Open(string path, string password)
    {
        try
        {
            return Keystore.Decrypt(File.ReadAllText(path), password);
        }
        catch (Exception exception) when (exception is KeystoreException or IOException or CryptographicException)
        {
            throw new NodeStartException($"the key {path} cannot be opened: {exception.Message}", exception);
        }
    }
}
