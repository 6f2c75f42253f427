using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;

namespace Busbar.Device.Channels;

/// <summary>Where a payer's vouchers go: the payee's node.</summary>
public interface IPayeeDoor
{
    /// <summary>Hands a voucher over; the same one may be handed over again.</summary>
    /// <returns>What the node answers; null when it could not be asked, or cannot answer now.</returns>
    Task<PayeeAnswer?> HandOverAsync(SignedVoucher voucher, CancellationToken cancellation);
}

/// <summary>What a payee's node answers to a voucher. A closed set.</summary>
public abstract record PayeeAnswer
{
    private PayeeAnswer()
    {
    }

    /// <summary>It is on the node's disk.</summary>
    /// <param name="MayFlow">Up to so much since the opening may flow now.</param>
    /// <param name="Asked">So much has arrived since the opening, as the meters told: what the next voucher is to be for.</param>
    public sealed record Taken(Energy MayFlow, Energy Asked) : PayeeAnswer;

    /// <summary>It is not taken, nor will it be.</summary>
    /// <param name="Code">The refusal's name.</param>
    /// <param name="Detail">The same in words.</param>
    public sealed record Refused(string Code, string Detail) : PayeeAnswer;
}
