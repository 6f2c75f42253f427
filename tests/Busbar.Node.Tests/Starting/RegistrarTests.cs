using System.Text;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;
using Busbar.Node.Community;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Starting;

/// <summary>What the description of a community becomes on the ledger.</summary>
public sealed class RegistrarTests
{
    private const byte Consumer = 1;
    private const byte Prosumer = 3;

    private static readonly Address Household = AddressOf("household");

    [EngineFact]
    public async Task Start_ParticipantWithTwoMeters_AdmittedOnceWithBothPremises()
    {
        await using var community = new TestCommunity(new TestMeter("flat"), new TestMeter("workshop"), new TestMeter("shop"));
        await community.OpenAsync(change: options => With(options, meter => meter.Name switch
        {
            "flat" => meter with { Participant = Household },
            "workshop" => meter with { Participant = Household, Produces = true },
            _ => meter with { Participant = AddressOf("shopkeeper") },
        }));
        var (client, contracts) = (community.Node.Chain.Client, community.Node.Contracts);
        Assert.Equal(Prosumer, await Members.RoleOfAsync(client, contracts.Members, Household, BlockTag.Latest, default));
        Assert.Equal(Consumer, await Members.RoleOfAsync(client, contracts.Members, AddressOf("shopkeeper"), BlockTag.Latest, default));
        var premises = new HashSet<Hash256>();
        foreach (var meter in community.Meters)
        {
            var record = await Meters.MeterAsync(client, contracts.Meters, meter.Key.Address, BlockTag.Latest, default);
            Assert.Equal(record.Participant, await Members.HolderOfAsync(client, contracts.Members, record.Premises, BlockTag.Latest, default));
            Assert.True(premises.Add(record.Premises));
        }

        var before = await community.Node.Chain.HeadAsync(default);
        await community.CloseAsync();
        await community.OpenAsync();
        Assert.Equal(before, await community.Node.Chain.HeadAsync(default));
    }

    [EngineFact]
    public async Task Start_MeterAddedToWhoTakesPartAlready_ItsPremisesRegistered()
    {
        await using var community = new TestCommunity(new TestMeter("flat"), new TestMeter("workshop"));
        await community.OpenAsync(change: options => Only(With(options, meter => meter with { Participant = Household }), "flat"));
        await community.CloseAsync();
        await community.OpenAsync(change: options => With(options, meter => meter with { Participant = Household }));
        var record = await Meters.MeterAsync(
            community.Node.Chain.Client, community.Node.Contracts.Meters, community.Meters[1].Key.Address, BlockTag.Latest, default);
        Assert.Equal(Household, record.Participant);
    }

    [EngineFact]
    public async Task Start_ContractRefuses_ItsErrorWithValues()
    {
        await using var community = new TestCommunity(new TestMeter("flat"));
        var owner = community.Keys.Owner.Address;
        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => community.OpenAsync(change: options => With(options, meter => meter with { Participant = owner })));
        Assert.Contains("admit the participants of flat", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"OfficeHolderCannotParticipate(account: {owner})", refused.Message, StringComparison.Ordinal);
    }

    private static Address AddressOf(string name)
    {
        using var key = PrivateKey.FromSeed(Encoding.UTF8.GetBytes(name));
        return key.Address;
    }

    private static NodeOptions With(NodeOptions options, Func<MeterDescription, MeterDescription> change) => options with
    {
        Community = options.Community with
        {
            Microgrids = [.. options.Community.Microgrids.Select(grid => grid with { Meters = [.. grid.Meters.Select(change)] })],
        },
    };

    private static NodeOptions Only(NodeOptions options, string name) => options with
    {
        Community = options.Community with
        {
            Microgrids =
            [
                .. options.Community.Microgrids.Select(
                    grid => grid with { Meters = [.. grid.Meters.Where(meter => string.Equals(meter.Name, name, StringComparison.Ordinal))] }),
            ],
        },
    };
}
