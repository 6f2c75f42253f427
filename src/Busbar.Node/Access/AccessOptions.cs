namespace Busbar.Node.Access;

/// <summary>How accounts and sessions are kept. The defaults are for use; tests make hashing cheap.</summary>
internal sealed record AccessOptions
{
    /// <summary>The chain that a wallet must sign in for (EIP-155).</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The community's name, for the sentence that a wallet shows.</summary>
    public required string Community { get; init; }

    /// <summary>Invented data: everybody sees what an auditor sees.</summary>
    public bool IsDemonstration { get; init; }

    /// <summary>Rounds of PBKDF2-HMAC-SHA-512 for a new hash; older hashes are made anew at the next sign-in. Default 250,000.</summary>
    public int PasswordRounds { get; init; } = 250_000;

    /// <summary>A session that is not used for so long ends. Default 7 days.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A session ends after so long, used or not. Default 30 days.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Sessions of one account; a further one ends the one that was not used for longest. Default 20.</summary>
    public int MostSessions { get; init; } = 20;

    /// <summary>Accounts on this node. Default 50,000.</summary>
    public int MostAccounts { get; init; } = 50_000;

    /// <summary>Invitations that are kept, used ones too. Default 10,000.</summary>
    public int MostInvitations { get; init; } = 10_000;

    /// <summary>How long an invitation's code works. Default 14 days.</summary>
    public TimeSpan InvitationLife { get; init; } = TimeSpan.FromDays(14);
}
