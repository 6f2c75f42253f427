namespace Busbar.Node.Notifications.Outbound;

/// <summary>A request may not go where it was asked to go.</summary>
internal sealed class OutboundRefusedException(string message) : Exception(message);
