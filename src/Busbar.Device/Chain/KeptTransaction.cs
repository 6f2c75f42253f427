using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Cryptography;
using Busbar.Device.Files;
using Busbar.Ethereum.Transactions;

namespace Busbar.Device.Chain;

/// <summary>The one signed transaction that a device has on its way, on disk before it is sent.</summary>
internal sealed class KeptTransaction : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _path;

    private KeptTransaction(FileStream @lock, string path) => (_lock, _path) = (@lock, path);

    /// <summary>Keeps other processes out of the folder's transactions; a meter may run in it.</summary>
    /// <exception cref="IOException">Another process sends from it, or it cannot be written.</exception>
    public static KeptTransaction Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var held = new FileStream(Path.Combine(folder, "sending.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        return new(held, Path.Combine(folder, "sending.json"));
    }

    /// <summary>What is kept; null where nothing is, or what is there is no transaction of this account on this chain.</summary>
    public SignedTransaction? Load(ulong chainId, Address sender)
    {
        try
        {
            var form = JsonSerializer.Deserialize(File.ReadAllBytes(_path), KeptTransactionJson.Default.KeptTransactionForm);
            return form?.Raw is { } raw && SignedTransaction.TryDecode(raw, out var kept, out _)
                && TransactionRules.Check(kept, chainId, out var signer) == TransactionRefusal.None && signer == sender ? kept : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Keep(SignedTransaction transaction)
    {
        var form = new KeptTransactionForm(transaction.Raw.ToArray());
        DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(form, KeptTransactionJson.Default.KeptTransactionForm));
    }

    public void Forget()
    {
        File.Delete(_path);
        DirectorySync.Force(Path.GetDirectoryName(Path.GetFullPath(_path))!);
    }

    public void Dispose() => _lock.Dispose();
}

/// <summary>The file: the transaction byte for byte as it goes on the wire.</summary>
internal sealed record KeptTransactionForm(byte[]? Raw);

[JsonSerializable(typeof(KeptTransactionForm))]
internal sealed partial class KeptTransactionJson : JsonSerializerContext;
