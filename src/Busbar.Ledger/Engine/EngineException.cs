namespace Busbar.Ledger.Engine;

/// <summary>What is wrong with the engine.</summary>
public enum EngineFailure
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>No Anvil binary was found.</summary>
    BinaryMissing,

    /// <summary>The folder belongs to a node that is running.</summary>
    FolderInUse,

    /// <summary>Something else listens on the port.</summary>
    PortTaken,

    /// <summary>The engine did not start.</summary>
    DidNotStart,

    /// <summary>What answers is not Anvil.</summary>
    NotAnvil,

    /// <summary>The engine is of another version than the journal was made with.</summary>
    WrongVersion,

    /// <summary>The engine runs another hardfork than the journal was made with.</summary>
    WrongHardfork,

    /// <summary>The engine or the journal is of another chain.</summary>
    WrongChain,

    /// <summary>Replaying the journal gave another block than the one that was mined.</summary>
    ReplayDiffers,

    /// <summary>The journal holds a record that cannot be understood.</summary>
    JournalUnusable,

    /// <summary>The engine stopped answering and could not be restored.</summary>
    Stopped,
}

/// <summary>The engine cannot be started, restored or used.</summary>
public sealed class EngineException : Exception
{
    /// <summary>A failure, told so that a person knows what to do.</summary>
    /// <param name="failure">Which.</param>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="inner">The cause.</param>
    public EngineException(EngineFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Which failure.</summary>
    public EngineFailure Failure { get; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Failure is EngineFailure.Stopped;
}
