using System.ComponentModel;

namespace Busbar.Node.Access.Bodies;

/// <summary>A part of a list.</summary>
/// <param name="Items">The part.</param>
/// <param name="Next">The cursor of the next part; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items,
    [property: Description("The cursor of the next part; null at the end.")] string? Next);
