namespace Busbar.Cryptography.Tests;

/// <summary>The two implementations, for tests that hold them to each other.</summary>
internal static class Curves
{
    public static ISecp256k1 Managed { get; } = new ManagedSecp256k1();

    public static ISecp256k1? Native { get; } = NativeSecp256k1.TryLoad(out var native) ? native : null;
}
