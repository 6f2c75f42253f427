using Busbar.Domain.Metering;
using Busbar.Node.Intake;
using Busbar.Node.Microgrids;
using NodaTime;

namespace Busbar.Node.Community;

/// <summary>Keeps the actors' metering rules in step with the community's description and the connections of the directory.</summary>
internal sealed class RulesKeeper(
    IReadOnlyList<MicrogridActor> actors, CommunityDescription community, HouseDirectory houses, JournalPump pump, IClock clock) : IDisposable
{
    private readonly Dictionary<MicrogridActor, byte[]> _applied = actors
        .Where(actor => actor.WasConfiguredAtStart)
        .ToDictionary(actor => actor, actor => RulesRecord.Write(actor.RulesAtStart));

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Journals the rules for the actors that have others, and waits until they are applied.</summary>
    /// <exception cref="NodeStartException">The length of intervals cannot change any more.</exception>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var rules = community.Rules with
            {
                Connections = houses.All().Where(house => house.Connection is not null)
                    .ToDictionary(house => house.Meter, house => house.Connection!.Value),
            };
            var wanted = RulesRecord.Write(rules);
            foreach (var actor in actors)
                await ApplyAsync(actor, rules, wanted, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task ApplyAsync(MicrogridActor actor, MeteringRules rules, byte[] wanted, CancellationToken cancellation)
    {
        if (_applied.TryGetValue(actor, out var applied) && applied.AsSpan().SequenceEqual(wanted))
            return;
        if (actor.RulesAtStart.Length != rules.Length && actor.HadReadingsAtStart)
            throw new NodeStartException($"the community's intervals are {actor.RulesAtStart.Length} and readings are in; {rules.Length} cannot be set any more");
        await actor.WhenAppliedAsync(await pump.WriteAsync(actor, RulesRecord.Record(rules, clock.GetCurrentInstant()), cancellation), cancellation);
        _applied[actor] = wanted;
    }
}
