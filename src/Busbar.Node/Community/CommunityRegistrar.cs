using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Node.Community;

/// <summary>
/// Brings the ledger in step with the community's description: admits participants, registers their premises and then the
/// meters that are not there yet. What the ledger has is never changed; a meter that is gone from the description stays. Where people
/// regulate instead of the node's own key, registering is theirs, and what is described waits for them.
/// </summary>
internal sealed class CommunityRegistrar(IChain chain, ContractAddresses contracts, NodeKeys keys)
{
    private const int MetersInCall = 32;
    private const byte Consumer = 1;
    private const byte Prosumer = 3;

    /// <summary>Registers what is missing.</summary>
    /// <param name="community">The description.</param>
    /// <param name="time">The block's time on a stepped engine; null for the clock's.</param>
    /// <param name="cancellation">Gives up before the next call.</param>
    /// <returns>How many meters were registered.</returns>
    /// <exception cref="NodeStartException">A contract refuses; the message has its reason with the values.</exception>
    public async Task<int> RegisterAsync(CommunityDescription community, Instant? time, CancellationToken cancellation)
    {
        var missing = new List<(MicrogridDescription Microgrid, MeterDescription Meter)>();
        foreach (var pair in community.AllMeters)
        {
            var known = await Meters.MeterAsync(chain.Client, contracts.Meters, pair.Meter.Meter.Key, BlockTag.Latest, cancellation);
            if (known.Kind == 0)
                missing.Add(pair);
        }

        if (missing.Count == 0 || !await Council.IsRegulatorAsync(chain.Client, contracts.Council, keys.Regulator.Address, BlockTag.Latest, cancellation))
            return 0;
        var owned = missing.Select(pair => pair.Meter).Where(meter => meter.Participant is not null).ToList();
        await AdmitAsync(owned, community, time, cancellation);
        await RegisterPremisesAsync(owned, time, cancellation);
        foreach (var part in missing.Chunk(MetersInCall))
        {
            var data = Meters.EncodeRegisterMany([.. part.Select(pair => InputOf(pair.Microgrid, pair.Meter))]);
            var names = string.Join(", ", part.Select(pair => pair.Meter.Name));
            await CallAsync(new(contracts.Meters, data), $"register the meters of {names}", time, cancellation);
        }

        return missing.Count;
    }

    private async Task AdmitAsync(
        IReadOnlyList<MeterDescription> meters, CommunityDescription community, Instant? time, CancellationToken cancellation)
    {
        var givers = community.AllMeters.Where(pair => pair.Meter.Produces).Select(pair => pair.Meter.Participant).ToHashSet();
        var admissions = new List<(MeterDescription First, Members.Admission Admission)>();
        foreach (var meter in meters.DistinctBy(meter => meter.Participant))
        {
            var account = meter.Participant!.Value;
            if (!await Members.IsParticipantAsync(chain.Client, contracts.Members, account, BlockTag.Latest, cancellation))
                admissions.Add((meter, new(account, givers.Contains(account) ? Prosumer : Consumer, PremisesOf(meter).Value)));
        }

        foreach (var part in admissions.Chunk(MetersInCall))
        {
            var data = Members.EncodeAdmitMany([.. part.Select(one => one.Admission)]);
            var names = string.Join(", ", part.Select(one => one.First.Name));
            await CallAsync(new(contracts.Members, data), $"admit the participants of {names}", time, cancellation);
        }
    }

    // Whoever was admitted has the premises of one meter; the others, and those of who took part before, come here.
    private async Task RegisterPremisesAsync(IReadOnlyList<MeterDescription> meters, Instant? time, CancellationToken cancellation)
    {
        foreach (var meter in meters)
        {
            var (premises, participant) = (PremisesOf(meter).Value, meter.Participant!.Value);
            if (await Members.HolderOfAsync(chain.Client, contracts.Members, premises, BlockTag.Latest, cancellation) == participant)
                continue;
            var call = new ChainCall(contracts.Members, Members.EncodeRegisterPremisesFor(premises, participant));
            await CallAsync(call, $"register the premises of {meter.Name}", time, cancellation);
        }
    }

    // A premises id may not be guessed from an address, and a restart must find the same one.
    private PremisesId PremisesOf(MeterDescription meter) => meter.Participant is null
        ? default
        : keys.PremisesOf(meter.Meter);

    private Meters.MeterInput InputOf(MicrogridDescription microgrid, MeterDescription meter) => new(
        meter.Meter.Key,
        (byte)meter.Kind,
        (byte)Commodity.Electricity,
        microgrid.Id.Number,
        PremisesOf(meter).Value,
        meter.Participant ?? default,
        meter.Firmware);

    private async Task CallAsync(ChainCall call, string what, Instant? time, CancellationToken cancellation)
    {
        var preview = await chain.PreviewAsync(keys.Regulator.Address, call, time, cancellation);
        if (!preview.Succeeds)
            throw Refused(what, ContractErrors.Describe(preview));
        var outcome = (await chain.ExecuteAsync(new ChainOrder(keys.Regulator, [call]) { Time = time }, cancellation))[0];
        if (!outcome.Succeeded)
            throw Refused(what, outcome.Refusal ?? "the call was undone");
    }

    private static NodeStartException Refused(string what, string why) =>
        new($"the ledger refused to {what}: {why}; check the community's meters and keys");
}
