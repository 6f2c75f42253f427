using System.Security.Cryptography.X509Certificates;

namespace Busbar.Node.Notifications.Outbound;

/// <summary>Trust in one authority's certificates alone, for servers of one's own.</summary>
internal static class TrustedAuthority
{
    public static X509ChainPolicy Policy(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }
}
