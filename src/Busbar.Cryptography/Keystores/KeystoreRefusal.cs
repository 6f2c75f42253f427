namespace Busbar.Cryptography;

/// <summary>Why a keystore file could not be opened.</summary>
public enum KeystoreRefusal
{
    /// <summary>No JSON of a Web3 secret storage, or a field is missing or of the wrong form.</summary>
    Malformed,

    /// <summary>Another version, cipher or key derivation than those understood.</summary>
    Unsupported,

    /// <summary>The file asks for more memory or work than we give to a file of unknown origin.</summary>
    TooCostly,

    /// <summary>The password is wrong, or the file was changed.</summary>
    WrongPassword,

    /// <summary>The file opens, but the secret in it is no private key or not that of the address beside it.</summary>
    WrongKey,
}
