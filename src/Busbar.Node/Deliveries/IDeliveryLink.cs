using Busbar.Domain.Metering;
using Busbar.Domain.Trading;

namespace Busbar.Node.Deliveries;

/// <summary>
/// The node's way to the meters that deliver: orders go out signed and are said again until they are answered, and what meters tell comes
/// in, its signatures checked. It keeps nothing over a restart: who uses it does, and says again what was not answered.
/// </summary>
internal interface IDeliveryLink
{
    /// <summary>Told of everything that meters tell of deliveries, on the thread that brought it; neither blocks nor throws.</summary>
    Action<MeterId, DeliveryTold>? Heard { get; set; }

    /// <summary>
    /// A number for the next order to a meter: above all that this link gave out or heard of, and not below the clock's milliseconds, so
    /// that a node that was restarted need not have kept them.
    /// </summary>
    ulong NextNumber(MeterId meter);

    /// <summary>
    /// Signs an order and says it until the meter answers, at growing pauses and whenever it comes online; what a meter refuses only for
    /// now, as while it does not know the time, is no answer. Orders to one meter go out one after
    /// the other, in the order of the calls.
    /// </summary>
    /// <param name="order">The order; the same with the same number may be sent again after a restart, and is obeyed once.</param>
    /// <param name="cancellation">Gives it up; whether the meter has obeyed is then not known.</param>
    Task<DeliveryAnswer> SendAsync(DeliveryOrder order, CancellationToken cancellation);
}

/// <summary>What a meter answered to an order. A closed set; the default is no answer.</summary>
internal abstract record DeliveryAnswer
{
    private DeliveryAnswer()
    {
    }

    /// <summary>The meter has it on disk and obeys.</summary>
    internal sealed record Taken : DeliveryAnswer;

    /// <summary>The meter refuses for good: the order's number is used up.</summary>
    /// <param name="Reason">One of the names of <see cref="OrderRefused"/>.</param>
    /// <param name="Detail">The same in words.</param>
    /// <param name="Newest">The number of the newest order that the meter knows; 0 for none.</param>
    internal sealed record Refused(string Reason, string Detail, ulong Newest) : DeliveryAnswer;

    /// <summary>Too many orders to this meter wait already; nothing was sent.</summary>
    internal sealed record TooManyWaiting : DeliveryAnswer;
}
