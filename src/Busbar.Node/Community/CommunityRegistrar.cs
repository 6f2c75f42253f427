using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using NodaTime;

namespace Busbar.Node.Community;

/// <summary>
/// Brings the ledger in step with the community's description: admits participants with their premises and registers meters
/// that are not there yet. What the ledger has is never changed; a meter that is gone from the description stays.
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
    public async Task<int> RegisterAsync(CommunityDescription community, Instant? time, CancellationToken cancellation)
    {
        var missing = new List<(MicrogridDescription Microgrid, MeterDescription Meter)>();
        foreach (var pair in community.AllMeters)
        {
            var known = await Meters.MeterAsync(chain.Client, contracts.Meters, pair.Meter.Meter.Key, BlockTag.Latest, cancellation);
            if (known.Kind == 0)
                missing.Add(pair);
        }

        await AdmitAsync(missing.Select(pair => pair.Meter), time, cancellation);
        foreach (var part in missing.Chunk(MetersInCall))
        {
            var data = Meters.EncodeRegisterMany([.. part.Select(pair => InputOf(pair.Microgrid, pair.Meter))]);
            await CallAsync(contracts.Meters, data, "register meters", time, cancellation);
        }

        return missing.Count;
    }

    private async Task AdmitAsync(IEnumerable<MeterDescription> meters, Instant? time, CancellationToken cancellation)
    {
        var admissions = new List<Members.Admission>();
        foreach (var meter in meters.Where(meter => meter.Participant is not null))
        {
            var account = meter.Participant!.Value;
            if (!await Members.IsParticipantAsync(chain.Client, contracts.Members, account, BlockTag.Latest, cancellation)
                && admissions.TrueForAll(admission => admission.Account != account))
                admissions.Add(new(account, meter.Produces ? Prosumer : Consumer, PremisesOf(meter).Value));
        }

        foreach (var part in admissions.Chunk(MetersInCall))
            await CallAsync(contracts.Members, Members.EncodeAdmitMany(part), "admit participants", time, cancellation);
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

    private async Task CallAsync(Address contract, byte[] data, string what, Instant? time, CancellationToken cancellation)
    {
        var order = new ChainOrder(keys.Regulator, [new ChainCall(contract, data)]) { Time = time };
        var outcome = (await chain.ExecuteAsync(order, cancellation))[0];
        if (!outcome.Succeeded)
            throw new NodeStartException($"the ledger refused to {what}: {outcome.Refusal ?? "the call was undone"}; check the community's meters and keys");
    }
}
