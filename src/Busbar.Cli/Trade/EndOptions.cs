using System.CommandLine;
using NodaTime;

namespace Busbar.Cli.Trade;

/// <summary>Until when something waits: a time from now on, or an instant.</summary>
internal sealed class EndOptions
{
    private readonly Duration _usual;
    private readonly Option<Duration?> _span;
    private readonly Option<Instant?> _until = TradeArguments.Instant("--until", "instead of --for: such as 2026-01-31T10:15:00Z");

    /// <param name="usual">From now on when nothing is given.</param>
    public EndOptions(Duration usual)
    {
        _usual = usual;
        _span = TradeArguments.Span("--for", $"for how long, such as 90min, 6h or 2d; {usual.TotalHours:0}h by default");
        _span.Validators.Add(result =>
        {
            if (result.GetResult(_until) is { Implicit: false })
                result.AddError("give --for or --until, not both");
        });
    }

    public IReadOnlyList<Option> Options => [_span, _until];

    /// <summary>The instant, in whole seconds as ledgers count.</summary>
    public Instant Read(ParseResult parsed, Instant now) => Instant.FromUnixTimeSeconds(
        (parsed.GetValue(_until) ?? (now + (parsed.GetValue(_span) ?? _usual))).ToUnixTimeSeconds());
}
