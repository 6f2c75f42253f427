using Busbar.Ledger.Engine;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>A test against the real engine; skipped with the reason where Anvil is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute()
    {
        try
        {
            AnvilBinary.Find();
        }
        catch (EngineException missing)
        {
            Skip = missing.Message;
        }
    }
}
