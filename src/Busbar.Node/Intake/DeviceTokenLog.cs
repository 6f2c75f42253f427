using Busbar.Domain.Metering;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Intake;

/// <summary>What is worth knowing of devices' tokens; never a token.</summary>
internal static partial class DeviceTokenLog
{
    [LoggerMessage(1511, LogLevel.Information, "Token of {Meter} renewed by account {Account}; {Closed} connections closed")]
    public static partial void LogTokenRenewed(this ILogger log, MeterId meter, string account, int closed);
}
