using Busbar.Ledger.Engine;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>A fact that needs the real engine; skipped with the reason where Anvil is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute() => Skip = EngineTheoryAttribute.Missing;
}

/// <summary>A theory that needs the real engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute() => Skip = Missing;

    public static string? Missing { get; } = Find();

    private static string? Find()
    {
        try
        {
            AnvilBinary.Find();
            return null;
        }
        catch (EngineException missing)
        {
            return missing.Message;
        }
    }
}
