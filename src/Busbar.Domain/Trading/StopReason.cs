namespace Busbar.Domain.Trading;

/// <summary>Why a delivery stopped. The names are on the wire and in stores: none is ever renamed.</summary>
public enum StopReason
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>All that was ordered has flowed.</summary>
    AmountReached,

    /// <summary>Its time is over.</summary>
    DeadlinePassed,

    /// <summary>The community called it off.</summary>
    Cancelled,

    /// <summary>The premises has no permit to be supplied, or no more.</summary>
    NotPermitted,

    /// <summary>The premises is tripped, for safety or for theft.</summary>
    Tripped,

    /// <summary>The relay did not close when it was told to.</summary>
    RelayStuck,

    /// <summary>The relay opened though nobody told it to.</summary>
    RelayOpened,

    /// <summary>The voltage is gone.</summary>
    PowerFailed,
}
