using Busbar.Device.Protocol;
using Busbar.Device.Supply;
using Busbar.Domain.Trading;
using Busbar.Mqtt;

namespace Busbar.Device.Link;

/// <summary>Hears what happens on a meter's link, to log it and to show it. Called on the link's own loops: must neither block nor throw.</summary>
public interface IMeterLinkObserver
{
    /// <summary>The link is up.</summary>
    void Connected()
    {
    }

    /// <summary>The link is down, or could not be opened; when it is tried again.</summary>
    void Disconnected(string reason, TimeSpan retryAfter)
    {
    }

    /// <summary>The node answered and did not let the meter in; <see cref="Disconnected"/> follows, since it is tried again.</summary>
    void Rejected(MqttConnectCode code)
    {
    }

    /// <summary>The node did not believe a reading.</summary>
    void Refused(RefusalNotice notice)
    {
    }

    /// <summary>Readings before this sequence number are lost and are now declared so.</summary>
    void LossDeclared(ulong sequence)
    {
    }

    /// <summary>Something happened to the supply.</summary>
    void Happened(SupplyEvent happened)
    {
    }

    /// <summary>Something is told of a delivery.</summary>
    void Delivers(DeliveryTold told)
    {
    }

    /// <summary>A command or a calendar came.</summary>
    void Received(MqttMessage message)
    {
    }
}
