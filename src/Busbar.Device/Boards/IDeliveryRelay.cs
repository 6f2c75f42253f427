namespace Busbar.Device.Boards;

/// <summary>
/// A board with a second relay, behind the one of the supply, through which traded energy alone flows: closed while a delivery runs, and
/// open else. On a board without one a delivery flows through the supply's relay, which the permit alone closes.
/// </summary>
public interface IDeliveryRelay
{
    /// <summary>The relay.</summary>
    IRelay Delivery { get; }
}
