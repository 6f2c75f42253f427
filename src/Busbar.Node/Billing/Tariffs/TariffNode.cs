namespace Busbar.Node.Billing.Tariffs;

/// <summary>A value in a tariff's YAML with where it stands.</summary>
/// <param name="Path">Its place in the tariff, such as <c>slabs[2].upTo</c>.</param>
internal abstract record TariffNode(string Path)
{
    /// <summary>Text, a number or a date, as it was written.</summary>
    public sealed record Scalar(string Path, string Text) : TariffNode(Path);

    /// <summary>A list.</summary>
    public sealed record List(string Path, IReadOnlyList<TariffNode> Items) : TariffNode(Path);

    /// <summary>Members with values.</summary>
    public sealed record Map(string Path, IReadOnlyDictionary<string, TariffNode> Members) : TariffNode(Path)
    {
        /// <summary>The path of a member of this.</summary>
        public string PathOf(string member) => Path.Length == 0 ? member : $"{Path}.{member}";
    }
}
