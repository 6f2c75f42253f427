namespace Busbar.Node.Community;

/// <summary>The node cannot start. The message tells a person what is wrong and what to do; nothing was lost.</summary>
public sealed class NodeStartException : Exception
{
    /// <summary>Tells what is wrong and what to do.</summary>
    public NodeStartException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
