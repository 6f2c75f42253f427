using Busbar.Bench.Web.Browser;

namespace Busbar.Bench.Web;

/// <summary>When the page of a visit shows which figure, after it was painted.</summary>
internal static class ShownFigures
{
    /// <summary>
    /// Notes the community's figure each time it changes on the page, and when it first stands there with the stream open. The instants are
    /// Unix milliseconds of the frame after the change.
    /// </summary>
    public const string Script = """
        (() => {
          const shown = {}, waiting = {};
          let last = '', live = false;
          const note = (name) => requestAnimationFrame(() => setTimeout(() => {
            shown[name] ??= Date.now();
            waiting[name]?.(shown[name]);
          }));
          window.busbarShown = (name) => new Promise((done) => shown[name] ? done(shown[name]) : waiting[name] = done);
          const look = () => {
            const text = document.querySelector('.figure .number')?.textContent ?? '';
            if (text !== '' && text !== last) note(last = text);
            if (!live && text !== '' && document.querySelector('header .live')) live = (note('live'), true);
          };
          new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        })()
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Milliseconds from the beginning of the navigation until figures stand on the page and its stream is open.</summary>
    public static async Task<double> LiveAsync(Visit visit, CancellationToken cancellation) =>
        await AskAsync(visit, "busbarShown('live').then((at) => at - performance.timeOrigin)", cancellation);

    /// <summary>When a figure was first shown, Unix milliseconds.</summary>
    public static async Task<double> WhenAsync(Visit visit, string figure, CancellationToken cancellation) =>
        await AskAsync(visit, $"busbarShown('{figure}')", cancellation);

    private static async Task<double> AskAsync(Visit visit, string expression, CancellationToken cancellation) =>
        (await visit.EvaluateAsync(expression, cancellation).WaitAsync(Patience, TimeProvider.System, cancellation)).GetDouble();
}
