namespace Busbar.Domain.Access;

/// <summary>How far a role may use an endpoint; the widest of a caller's roles counts.</summary>
public enum Grant
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>For the caller's own premises.</summary>
    Own,

    /// <summary>Without a limit.</summary>
    All,
}
