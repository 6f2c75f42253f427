namespace Busbar.Cryptography.Tests;

/// <summary>The two implementations, for tests that hold them to each other.</summary>
internal static class Curves
{
    public static ISecp256k1 Managed { get; } = new ManagedSecp256k1();

    public static ISecp256k1? Native { get; } = NativeSecp256k1.TryLoad(out var native) ? native : null;

    public static ISecp256k1 Get(string name) =>
        string.Equals(name, "managed", StringComparison.Ordinal) ? Managed : Native!;
}

/// <summary>A fact that needs the system's libsecp256k1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
    {
        if (Curves.Native is null)
            Skip = "needs libsecp256k1 on this system";
    }
}
