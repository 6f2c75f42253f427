using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Trading;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>A delivery as the desk carries it out. Not thread safe: the desk is.</summary>
internal sealed class DeliverySession
{
    // The store's meter counts for all who draw at a time, a payee's meter whatever it exports: they go on until the buyer's has ended.
    private static readonly Energy Unbounded = Energy.FromMilliwattHours(1_000_000_000_000);

    public DeliverySession(Hash256 id, DeliveryTerms terms)
    {
        (Id, Terms) = (id, terms);
        Source = new(terms.Source, EnergyFlow.Export);
        Sink = new(terms.Sink, EnergyFlow.Import);
    }

    public Hash256 Id { get; }

    public DeliveryTerms Terms { get; }

    public DeliverySide Source { get; }

    public DeliverySide Sink { get; }

    /// <summary>What keeps it from being settled.</summary>
    public string? Trouble { get; set; }

    /// <summary>The ledger is not asked before.</summary>
    public Instant NotBefore { get; set; }

    /// <summary>Whether it is under way on the ledger.</summary>
    public bool IsOpen { get; set; } = true;

    /// <summary>How much may flow for now, where it is paid for as it comes: a turn of a channel. Null for what was bought.</summary>
    public Energy? Allowed { get; set; }

    /// <summary>Whether it is a turn of a channel.</summary>
    public bool IsTurn => Allowed is not null;

    /// <summary>Of a turn, whether nothing is left to be done on the ledger.</summary>
    public bool IsDone { get; set; }

    public DeliveryStanding Standing => new(Id, Source.Standing, Sink.Standing, Trouble);

    /// <summary>The side that a meter's word is about; null when it is none of the two.</summary>
    public DeliverySide? SideOf(DeliveryTold told, Domain.Metering.MeterId meter)
    {
        EnergyFlow? flow = told switch
        {
            DeliveryTold.Started started => started.Flow,
            DeliveryTold.Stopped stopped => stopped.Span.Report.Flow,
            _ => null,
        };
        return Sides.FirstOrDefault(side => side.Meter == meter && (flow is null || side.Flow == flow));
    }

    public IEnumerable<DeliverySide> Sides => [Source, Sink];

    /// <summary>The most that a side's meter is to count.</summary>
    public Energy AmountOf(DeliverySide side) => side == Sink
        ? Allowed ?? Terms.Energy
        : Terms.IsStored || IsTurn ? Unbounded : Terms.WithLoss(Terms.Energy);
}
