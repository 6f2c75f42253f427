namespace Busbar.Cryptography;

/// <summary>A keystore file could not be opened; trying the same again cannot help.</summary>
public sealed class KeystoreException : Exception
{
    /// <summary>A refusal with its reason.</summary>
    public KeystoreException(KeystoreRefusal refusal, string message, Exception? innerException = null)
        : base(message, innerException) => Refusal = refusal;

    /// <summary>Why.</summary>
    public KeystoreRefusal Refusal { get; }
}
