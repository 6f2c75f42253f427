namespace Busbar.Node.Rpc;

/// <summary>A request is refused. Thrown while one is read or answered, and caught where its answer is written.</summary>
internal sealed class RpcRefusedException(int code, string name, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>The refusal's stable name, such as <c>BatchTooLarge</c>.</summary>
    public string Name { get; } = name;

    public static RpcRefusedException Request(string name, string message) => new(RpcCodes.InvalidRequest, name, message);

    public static RpcRefusedException Parameter(string name, string message) => new(RpcCodes.InvalidParameters, name, message);

    public static RpcRefusedException Limit(string name, string message) => new(RpcCodes.LimitReached, name, message);
}
