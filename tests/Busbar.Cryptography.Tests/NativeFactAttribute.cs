namespace Busbar.Cryptography.Tests;

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

/// <summary>A fact that needs the system's libsecp256k1 and the measured data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeDataFactAttribute : FactAttribute
{
    public NativeDataFactAttribute()
    {
        if (Curves.Native is null || SharedData.Folder is null)
            Skip = "needs libsecp256k1 on this system, and the measured data in ../shared/data or $BUSBAR_DATA";
    }
}
