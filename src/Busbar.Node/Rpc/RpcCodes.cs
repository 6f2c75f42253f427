namespace Busbar.Node.Rpc;

/// <summary>Error numbers. Sources: JSON-RPC 2.0 (section 5.1), EIP-1474; 3 is what nodes answer a revert with.</summary>
internal static class RpcCodes
{
    public const int Reverted = 3;
    public const int NotJson = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotOffered = -32601;
    public const int InvalidParameters = -32602;
    public const int Internal = -32603;
    public const int Refused = -32000;
    public const int NotKept = -32001;
    public const int Unavailable = -32002;
    public const int LimitReached = -32005;
}
