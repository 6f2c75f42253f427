using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Notifications;

/// <summary>Which of the neighbours' offers and wishes a person is told of. By default all, but for their own.</summary>
public sealed record OfferFilter
{
    /// <summary>The most microgrids that it names.</summary>
    public const int MostMicrogrids = 64;

    /// <summary>No advert above this price; null for any.</summary>
    public Price? HighestPrice { get; init; }

    /// <summary>No demand below this price; null for any.</summary>
    public Price? LowestPrice { get; init; }

    /// <summary>Nothing smaller than this.</summary>
    public Energy LeastEnergy { get; init; }

    /// <summary>Nothing from elsewhere; empty for anywhere.</summary>
    public IReadOnlySet<MicrogridId> Microgrids { get; init; } = new HashSet<MicrogridId>();

    /// <summary>Whether a person is told of it; always of what is no offer.</summary>
    /// <param name="notification">What would be told.</param>
    /// <param name="self">The person's address on the ledger; null without one.</param>
    public bool LetsThrough(Notification notification, Address? self)
    {
        ArgumentNullException.ThrowIfNull(notification);
        if (notification.Form.Topic != NotificationTopic.Offers)
            return true;
        var data = notification.Data;
        var price = UInt128.Parse(data["price"], CultureInfo.InvariantCulture);
        var isPriced = notification.Form.Message == NotificationMessage.DemandPosted
            ? LowestPrice is not { } lowest || price >= lowest.WeiPerKilowattHour
            : HighestPrice is not { } highest || price <= highest.WeiPerKilowattHour;
        return isPriced
            && long.Parse(data["energy"], CultureInfo.InvariantCulture) >= LeastEnergy.MilliwattHours
            && (Microgrids.Count == 0 || Microgrids.Contains(new(uint.Parse(data["microgrid"], CultureInfo.InvariantCulture))))
            && self?.ToString() != data["account"];
    }

    /// <inheritdoc />
    public bool Equals(OfferFilter? other) => other is not null && HighestPrice == other.HighestPrice && LowestPrice == other.LowestPrice
        && LeastEnergy == other.LeastEnergy && Microgrids.SetEquals(other.Microgrids);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(HighestPrice, LowestPrice, LeastEnergy, Microgrids.Count);
}
