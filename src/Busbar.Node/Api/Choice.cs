namespace Busbar.Node.Api;

/// <summary>Names that a caller chooses among.</summary>
internal static class Choice
{
    /// <summary>Reads a name, whatever the case of its letters; no number, and no list, both of which <see cref="Enum"/> itself would take.</summary>
    public static bool TryRead<T>(string? text, out T chosen)
        where T : struct, Enum
    {
        foreach (var one in Enum.GetValues<T>())
        {
            if (string.Equals(one.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                chosen = one;
                return true;
            }
        }

        chosen = default;
        return false;
    }
}
