namespace Busbar.Ethereum.JsonRpc;

/// <summary>Which block a question is about. The default value is <see cref="Latest"/>.</summary>
public readonly record struct BlockTag
{
    private readonly string? _text;

    private BlockTag(string text) => _text = text;

    /// <summary>The newest block.</summary>
    public static BlockTag Latest => default;

    /// <summary>The first block.</summary>
    public static BlockTag Earliest => new("earliest");

    /// <summary>What the node would put in the next block.</summary>
    public static BlockTag Pending => new("pending");

    /// <summary>The newest block that is unlikely to be undone.</summary>
    public static BlockTag Safe => new("safe");

    /// <summary>The newest block that cannot be undone.</summary>
    public static BlockTag Finalized => new("finalized");

    /// <summary>The block of that number.</summary>
    public static BlockTag At(ulong number) => new(Quantity.Format(number));

    /// <summary>The form for the wire.</summary>
    public override string ToString() => _text ?? "latest";
}
