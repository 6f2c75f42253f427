namespace Busbar.Device.Chain;

/// <summary>Why a device's transaction did not do its work.</summary>
public enum RawSendFailure
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>The node does not answer. What was signed is kept, and sent again by the next call.</summary>
    NodeAway,

    /// <summary>The node is of another chain; nothing was signed.</summary>
    WrongChain,

    /// <summary>The account has not what the transaction takes along and may cost; nothing was sent.</summary>
    NoFunds,

    /// <summary>The contract would refuse; nothing was sent.</summary>
    WouldRevert,

    /// <summary>The contract refused; the fee is paid.</summary>
    Reverted,

    /// <summary>Another transaction of the account took the nonce: this one will never be in a block.</summary>
    NonceTaken,

    /// <summary>The node did not take it, for another reason.</summary>
    Refused,

    /// <summary>It is in no block yet. It is kept, and the next call goes on waiting.</summary>
    StillPending,

    /// <summary>A unit of gas costs more than the device may pay; nothing was sent.</summary>
    TooDear,

    /// <summary>The device's folder cannot be written, or another process sends from it; nothing was sent.</summary>
    NotKept,
}

/// <summary>A device's transaction did not do its work. The one failure of this edge.</summary>
public sealed class RawSendException : Exception
{
    internal RawSendException(RawSendFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why.</summary>
    public RawSendFailure Reason { get; }

    /// <summary>Whether the same call may pass later; what was signed is not sent twice by it.</summary>
    public bool IsTransient => Reason is RawSendFailure.NodeAway or RawSendFailure.StillPending;
}
