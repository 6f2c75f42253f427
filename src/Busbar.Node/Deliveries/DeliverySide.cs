using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Store.Deliveries;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>One meter of a delivery as the desk knows it. Not thread safe: the desk is.</summary>
/// <param name="meter">Which.</param>
/// <param name="flow">By which register it counts.</param>
internal sealed class DeliverySide(MeterId meter, EnergyFlow flow)
{
    public MeterId Meter => meter;

    public EnergyFlow Flow => flow;

    /// <summary>What it was ordered; on disk before it is said.</summary>
    public DeliveryOrder? Order { get; set; }

    /// <summary>Whether the meter has said that it obeys, or was heard of about it.</summary>
    public bool IsTaken { get; set; }

    public Instant? Opened { get; set; }

    public long Seconds { get; set; }

    public Energy Energy { get; set; }

    /// <summary>Its signed report, on disk.</summary>
    public DeliveryTold.Stopped? End { get; set; }

    public bool IsAcknowledged { get; set; }

    /// <summary>Why it does not take part; null when it does.</summary>
    public string? Refusal { get; set; }

    /// <summary>No order is given before.</summary>
    public Instant NotBefore { get; set; }

    /// <summary>Whether the meter has said that it stops.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Whether the meter no longer knows of it, and no report will come.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>What is being said to it; null when nothing is.</summary>
    public Errand? Errand { get; set; }

    /// <summary>Whether it was ordered and no end of it is known.</summary>
    public bool IsUnderWay => Order is not null && End is null && Refusal is null && !IsForgotten;

    /// <summary>Whether it is to say something at once: the answer to an order, or that it has stopped as it was told to.</summary>
    public bool IsAwaited => Errand is not null || (IsCancelled && IsUnderWay);

    /// <summary>What has flowed, as it told last.</summary>
    public Energy Counted => End?.Energy ?? Energy;

    public SideStanding Standing => new(
        Meter, Stage, End?.Span.Report.Opened ?? Opened, End?.Seconds ?? Seconds, Counted, End?.Reason ?? StopReason.None, Refusal);

    private SideStage Stage => End is not null ? SideStage.Stopped
        : Refusal is not null || IsForgotten ? SideStage.Refused
        : Opened is not null ? SideStage.Running
        : Order is not null ? SideStage.Ordered
        : SideStage.Waiting;

    /// <summary>What is kept of it; null before it was ordered.</summary>
    public StoredSide? Stored => Order is null ? null : new(Order, Opened, End, IsAcknowledged);

    /// <summary>Goes on from what was kept.</summary>
    public void Restore(StoredSide stored) =>
        (Order, Opened, End, IsAcknowledged, IsTaken) = (stored.Order, stored.Opened, stored.End, stored.IsAcknowledged, stored.Opened is not null);
}

/// <summary>An order that is being said until it is answered.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Answer">What the meter answers.</param>
/// <param name="Stopping">Gives it up.</param>
internal sealed record Errand(OrderKind Kind, Task<DeliveryAnswer> Answer, CancellationTokenSource Stopping);
