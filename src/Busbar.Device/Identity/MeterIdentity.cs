using System.Text;
using Busbar.Cryptography;
using Busbar.Device.Files;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Ethereum.Transactions;

namespace Busbar.Device.Identity;

/// <summary>
/// Who a meter is: a private key, made on the device when it first starts and kept in an encrypted keystore file (Web3 secret storage,
/// version 3) that only the device's own account can read. The key never leaves the device in any other form.
/// </summary>
public sealed class MeterIdentity : IDisposable
{
    /// <summary>The name of the keystore file in the meter's folder.</summary>
    public const string FileName = "key.json";

    private readonly PrivateKey _key;

    private MeterIdentity(PrivateKey key) => _key = key;

    /// <summary>The address of the key, under which the meter is registered on the ledger.</summary>
    public MeterId Id => new(_key.Address);

    /// <summary>Opens the key in a folder, or makes folder and key when there is none.</summary>
    /// <param name="folder">The meter's own folder.</param>
    /// <param name="password">The password of the keystore, from a file or the environment.</param>
    /// <param name="cost">What guessing the password of a new keystore costs. <see cref="KeystoreCost.Light"/> suits small devices.</param>
    /// <exception cref="KeystoreException">The file cannot be opened with this password.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static MeterIdentity Open(string folder, string password, KeystoreCost cost)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
            return new MeterIdentity(Keystore.Decrypt(File.ReadAllText(path), password));
        var key = PrivateKey.Generate();
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(Keystore.Encrypt(key, password, cost)));
        return new MeterIdentity(key);
    }

    /// <summary>Signs a reading of this meter.</summary>
    public SignedReading Sign(Reading reading, SigningDomain domain) => SignedReading.Sign(reading, domain, _key);

    /// <summary>Signs a span of this meter.</summary>
    public SignedSpan Sign(SpanReport span, SigningDomain domain) => SignedSpan.Sign(span, domain, _key);

    /// <summary>Signs a voucher of a channel.</summary>
    public SignedVoucher Sign(Voucher voucher, ChannelDomain domain) => SignedVoucher.Sign(voucher, domain, _key);

    /// <summary>Signs a transaction of the meter's own account.</summary>
    public SignedTransaction Sign(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Sign(_key);
    }

    /// <summary>Signs a text as wallets do (<see cref="PersonalMessage"/>), such as to sign in at the node.</summary>
    public Signature SignText(string text) => _key.Sign(PersonalMessage.HashOf(text));

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();
}
