namespace Busbar.Ledger.Chains;

/// <summary>Another chain cannot be used: not reached, not the expected one, or out of order.</summary>
public sealed class ChainException : Exception
{
    /// <summary>A failure, told so that a person knows what to do.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="isTransient">Whether the same call may succeed later.</param>
    /// <param name="inner">The cause.</param>
    public ChainException(string message, bool isTransient, Exception? inner = null)
        : base(message, inner) => IsTransient = isTransient;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; }
}
