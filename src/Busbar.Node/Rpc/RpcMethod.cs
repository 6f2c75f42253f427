using System.Text.Json;

namespace Busbar.Node.Rpc;

/// <summary>A method that is offered.</summary>
/// <param name="Cost">How many tokens of <see cref="RpcRate"/> it takes.</param>
/// <param name="AnswerAsync">Checks the parameters and answers.</param>
internal sealed record RpcMethod(int Cost, Func<RpcParameters, CancellationToken, Task<JsonElement>> AnswerAsync)
{
    /// <summary>A method without parameters whose answer never changes.</summary>
    public static RpcMethod Fixed<T>(T answer)
    {
        var element = JsonSerializer.SerializeToElement(answer);
        return new(1, (parameters, _) =>
        {
            parameters.AtMost(0);
            return Task.FromResult(element);
        });
    }
}
