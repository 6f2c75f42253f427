using Busbar.Domain.Quantities;

namespace Busbar.Node.Channels;

/// <summary>Whether energy flows in a channel.</summary>
internal enum ChannelFlowPhase
{
    /// <summary>The payer is not there: nothing was heard of it for a while.</summary>
    Idle,

    /// <summary>The payer is there, and nothing flows: see the trouble, or a voucher is awaited.</summary>
    Waiting,

    /// <summary>The payer's meter counts.</summary>
    Flowing,
}

/// <summary>Where the energy of a channel stands.</summary>
/// <param name="Phase">Whether it flows.</param>
/// <param name="Arrived">What both meters have shown since the opening, as they told last: what the payee wants to be paid for.</param>
/// <param name="Trouble">Why nothing flows although it might; null when nothing is in the way.</param>
internal sealed record ChannelFlow(ChannelFlowPhase Phase, Energy Arrived, string? Trouble)
{
    public static ChannelFlow None { get; } = new(ChannelFlowPhase.Idle, Energy.Zero, null);
}
