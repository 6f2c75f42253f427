using Microsoft.Extensions.Logging;

namespace Busbar.Node.Access;

/// <summary>What is worth knowing of who comes in. Never a name that somebody typed, a password, a code or a secret.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(1501, LogLevel.Information, "Signed in: account {Account} by {Way} from {Client}")]
    public static partial void LogSignedIn(this ILogger log, string account, string way, string client);

    [LoggerMessage(1502, LogLevel.Warning, "Sign-in refused: {Code} by {Way} from {Client}")]
    public static partial void LogSignInRefused(this ILogger log, string code, string way, string client);

    [LoggerMessage(1503, LogLevel.Information, "Account {Account} made as {Kind} from {Client}")]
    public static partial void LogAccountMade(this ILogger log, string account, string kind, string client);

    [LoggerMessage(1504, LogLevel.Information, "Invitation {Invitation} as {Kind} made by {Maker}")]
    public static partial void LogInvited(this ILogger log, string invitation, string kind, string maker);

    [LoggerMessage(1505, LogLevel.Information, "Invitation {Invitation} as {Kind} used by {Account}")]
    public static partial void LogInvitationUsed(this ILogger log, string invitation, string kind, string account);

    [LoggerMessage(1506, LogLevel.Information, "Invitation {Invitation} taken back by {Account}")]
    public static partial void LogInvitationTakenBack(this ILogger log, string invitation, string account);

    [LoggerMessage(1507, LogLevel.Information, "Signed out: account {Account}, everywhere {Everywhere}")]
    public static partial void LogSignedOut(this ILogger log, string account, bool everywhere);

    [LoggerMessage(1508, LogLevel.Information, "Password of account {Account} changed; its other sessions ended")]
    public static partial void LogPasswordChanged(this ILogger log, string account);

    [LoggerMessage(1509, LogLevel.Information, "Account {Account}: {What}")]
    public static partial void LogAccountChanged(this ILogger log, string account, string what);

    [LoggerMessage(1510, LogLevel.Warning, "When a session was last used could not be written down")]
    public static partial void LogUseNotWritten(this ILogger log, Exception exception);

    [LoggerMessage(1511, LogLevel.Information, "Account {Account} has of the node's roles '{Roles}' by {Operator}")]
    public static partial void LogRolesChanged(this ILogger log, string account, string roles, string @operator);
}
