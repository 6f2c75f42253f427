using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Node.Billing;

/// <summary>Why premises have no bill, or no account, that they should have; it is tried again.</summary>
/// <param name="Premises">Whose.</param>
/// <param name="Reason">The contract's error with its values, or what the node lacks.</param>
/// <param name="At">When it was tried last.</param>
public sealed record BillingRefusal(PremisesId Premises, string Reason, Instant At);
