namespace Busbar.Ethereum.Tests;

/// <summary>A fact that needs the Anvil engine, which npm puts under <c>contracts/node_modules</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnvilFactAttribute : FactAttribute
{
    public AnvilFactAttribute()
    {
        if (Anvil.Binary is null)
            Skip = "needs Anvil: run npm ci --ignore-scripts in contracts/, or name the binary in $BUSBAR_ANVIL";
    }
}
