namespace Busbar.Cli.Running;

/// <summary>Clients for the addresses that people give.</summary>
internal static class Http
{
    /// <summary>Reads an option that is an address.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public static Uri Endpoint(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)
            ? endpoint
            : throw new CommandFailure($"{option} is an address such as http://127.0.0.1:8080, not {text}");

    // JSON-RPC has its own patience for each exchange. A proxy of the environment is for the world outside, and knows nothing of this machine.
    public static HttpClient ClientFor(Uri endpoint) =>
        new(new SocketsHttpHandler { UseProxy = !endpoint.IsLoopback }) { Timeout = Timeout.InfiniteTimeSpan };
}
