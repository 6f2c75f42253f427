using Busbar.Cli.Commands;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Identity;
using Busbar.Ethereum.Transactions;

namespace Busbar.Cli.Trade;

/// <summary>An account that trades, with its key.</summary>
internal sealed class TradeSigner : IDisposable
{
    private readonly Func<Transaction, SignedTransaction> _sign;
    private readonly Func<string, Signature> _signText;
    private readonly IDisposable _key;

    private TradeSigner(Address account, Func<Transaction, SignedTransaction> sign, Func<string, Signature> signText, IDisposable key) =>
        (Account, _sign, _signText, _key) = (account, sign, signText, key);

    /// <summary>The key's account on the ledger.</summary>
    public Address Account { get; }

    /// <summary>A person's, from a keystore file.</summary>
    /// <exception cref="CommandFailure">The file cannot be opened with the password.</exception>
    public static TradeSigner OfKeystore(string path, string passwordFile)
    {
        var key = Secrets.OpenKey(path, passwordFile);
        return new(key.Address, transaction => transaction.Sign(key), text => key.Sign(PersonalMessage.HashOf(text)), key);
    }

    /// <summary>A device's own, from its folder; made there when there is none.</summary>
    /// <exception cref="CommandFailure">The key cannot be opened with the password.</exception>
    public static TradeSigner OfDevice(string folder, string passwordFile)
    {
        var password = Secrets.ReadPassword(passwordFile);
        var identity = DeviceCommand.Opened(folder, () => MeterIdentity.Open(folder, password, KeystoreCost.Light));
        return new(identity.Id.Key, identity.Sign, identity.SignText, identity);
    }

    /// <summary>Signs a transaction.</summary>
    public SignedTransaction Sign(Transaction transaction) => _sign(transaction);

    /// <summary>Signs a text.</summary>
    public Signature SignText(string text) => _signText(text);

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();
}
