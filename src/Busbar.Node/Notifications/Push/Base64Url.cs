using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Busbar.Node.Notifications.Push;

/// <summary>Base64 for addresses and headers, without padding (RFC 4648, 5).</summary>
internal static class Base64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    /// <summary>Reads bytes of a known length; false for anything else.</summary>
    public static bool TryDecode(string? text, int length, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var given = (text ?? "").TrimEnd('=');
        var buffer = new byte[length];
        if (given.Length > (length * 4 / 3) + 3 || given.AsSpan().ContainsAny(" \t\r\n"))
            return false;
        var status = System.Buffers.Text.Base64Url.DecodeFromChars(given, buffer, out _, out var written);
        if (status != OperationStatus.Done || written != length)
            return false;
        bytes = buffer;
        return true;
    }
}
