using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>Bitcoin Core's libsecp256k1 as the system has it.</summary>
/// <remarks>
/// Called through exports and not DllImport, since the file's name differs by release. Arguments are checked before the call:
/// the library ends the process on an argument that breaks its contract.
/// </remarks>
internal sealed unsafe class NativeSecp256k1 : ISecp256k1
{
    private const uint ContextSignVerify = 0x301;
    private const uint Uncompressed = 2;

    // The signatures of the functions used are the same in all of these releases.
    private static readonly string[] FileNames =
        ["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so.6", "libsecp256k1.so.0", "libsecp256k1.so"];

    private readonly nint _context;
    private readonly delegate* unmanaged<nint, byte*, int> _secretVerify;
    private readonly delegate* unmanaged<nint, byte*, byte*, int> _publicCreate;
    private readonly delegate* unmanaged<nint, byte*, byte*, nuint, int> _publicParse;
    private readonly delegate* unmanaged<nint, byte*, nuint*, byte*, uint, int> _publicSerialize;
    private readonly delegate* unmanaged<nint, byte*, byte*, byte*, nint, nint, int> _signRecoverable;
    private readonly delegate* unmanaged<nint, byte*, int*, byte*, int> _recoverableSerialize;
    private readonly delegate* unmanaged<nint, byte*, byte*, int, int> _recoverableParse;
    private readonly delegate* unmanaged<nint, byte*, byte*, byte*, int> _recover;
    private readonly delegate* unmanaged<nint, byte*, byte*, int> _signatureParse;
    private readonly delegate* unmanaged<nint, byte*, byte*, int> _signatureNormalize;
    private readonly delegate* unmanaged<nint, byte*, byte*, byte*, int> _verify;

    private NativeSecp256k1(nint library, string fileName)
    {
        Name = $"libsecp256k1 ({fileName})";
        // An export that is missing (a build without the recovery module) throws EntryPointNotFoundException.
        nint Export(string name) => NativeLibrary.GetExport(library, "secp256k1_" + name);
        _secretVerify = (delegate* unmanaged<nint, byte*, int>)Export("ec_seckey_verify");
        _publicCreate = (delegate* unmanaged<nint, byte*, byte*, int>)Export("ec_pubkey_create");
        _publicParse = (delegate* unmanaged<nint, byte*, byte*, nuint, int>)Export("ec_pubkey_parse");
        _publicSerialize = (delegate* unmanaged<nint, byte*, nuint*, byte*, uint, int>)Export("ec_pubkey_serialize");
        _signRecoverable = (delegate* unmanaged<nint, byte*, byte*, byte*, nint, nint, int>)Export("ecdsa_sign_recoverable");
        _recoverableSerialize =
            (delegate* unmanaged<nint, byte*, int*, byte*, int>)Export("ecdsa_recoverable_signature_serialize_compact");
        _recoverableParse = (delegate* unmanaged<nint, byte*, byte*, int, int>)Export("ecdsa_recoverable_signature_parse_compact");
        _recover = (delegate* unmanaged<nint, byte*, byte*, byte*, int>)Export("ecdsa_recover");
        _signatureParse = (delegate* unmanaged<nint, byte*, byte*, int>)Export("ecdsa_signature_parse_compact");
        _signatureNormalize = (delegate* unmanaged<nint, byte*, byte*, int>)Export("ecdsa_signature_normalize");
        _verify = (delegate* unmanaged<nint, byte*, byte*, byte*, int>)Export("ecdsa_verify");
        var create = (delegate* unmanaged<uint, nint>)Export("context_create");
        var randomize = (delegate* unmanaged<nint, byte*, int>)Export("context_randomize");

        _context = create(ContextSignVerify);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        fixed (byte* blinding = seed)
        {
            if (_context == 0 || randomize(_context, blinding) != 1)
                throw new InvalidOperationException("libsecp256k1 made no context");
        }

        CryptographicOperations.ZeroMemory(seed);
    }

    public string Name { get; }

    /// <summary>Loads the library; false where there is none, or none with public-key recovery.</summary>
    public static bool TryLoad([NotNullWhen(true)] out NativeSecp256k1? native)
    {
        native = null;
        foreach (var fileName in FileNames)
        {
            if (!NativeLibrary.TryLoad(fileName, out var library))
                continue;
            try
            {
                native = new NativeSecp256k1(library, fileName);
                return true;
            }
            catch (EntryPointNotFoundException)
            {
                NativeLibrary.Free(library);
            }
        }

        return false;
    }

    public bool IsValidPrivateKey(ReadOnlySpan<byte> secret)
    {
        fixed (byte* key = secret)
            return secret.Length == 32 && _secretVerify(_context, key) == 1;
    }

    public void CreatePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey)
    {
        Require(secret.Length == 32 && publicKey.Length == 64);
        var point = stackalloc byte[64];
        fixed (byte* key = secret)
            Require(_publicCreate(_context, point, key) == 1);
        Serialize(point, publicKey);
    }

    public int Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> digest, Span<byte> proof)
    {
        Require(secret.Length == 32 && digest.Length == 32 && proof.Length == 64);
        var signature = stackalloc byte[65];
        int recoveryId;
        fixed (byte* key = secret, message = digest, output = proof)
        {
            Require(_signRecoverable(_context, signature, message, key, 0, 0) == 1);
            Require(_recoverableSerialize(_context, output, &recoveryId, signature) == 1);
        }

        // 2 and 3 mean a nonce whose x is not below the group order: one in 2^127, and Ethereum has no v for it.
        Require(recoveryId is 0 or 1);
        return recoveryId;
    }

    public bool TryRecover(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> proof, int recoveryId, Span<byte> publicKey)
    {
        Require(digest.Length == 32 && proof.Length == 64 && recoveryId is 0 or 1 && publicKey.Length == 64);
        var signature = stackalloc byte[65];
        var point = stackalloc byte[64];
        fixed (byte* message = digest, input = proof)
        {
            if (_recoverableParse(_context, signature, input, recoveryId) != 1 || _recover(_context, point, signature, message) != 1)
                return false;
        }

        Serialize(point, publicKey);
        return true;
    }

    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> publicKey)
    {
        Require(digest.Length == 32 && proof.Length == 64 && publicKey.Length == 64);
        var point = stackalloc byte[64];
        var signature = stackalloc byte[64];
        var encoded = stackalloc byte[65];
        encoded[0] = 4;
        publicKey.CopyTo(new Span<byte>(encoded + 1, 64));
        fixed (byte* message = digest, input = proof)
        {
            if (_publicParse(_context, point, encoded, 65) != 1 || _signatureParse(_context, signature, input) != 1)
                return false;
            _ = _signatureNormalize(_context, signature, signature);
            return _verify(_context, signature, message, point) == 1;
        }
    }

    private static void Require(bool condition)
    {
        if (!condition)
            throw new CryptographicException("an argument of the curve has the wrong length or is out of range");
    }

    private void Serialize(byte* point, Span<byte> publicKey)
    {
        var encoded = stackalloc byte[65];
        nuint length = 65;
        Require(_publicSerialize(_context, encoded, &length, point, Uncompressed) == 1 && length == 65);
        new ReadOnlySpan<byte>(encoded + 1, 64).CopyTo(publicKey);
    }
}
