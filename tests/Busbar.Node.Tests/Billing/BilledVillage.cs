using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Billing.Tariffs;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Rpc;
using Busbar.Node.Tests.Testing;
using Contract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Node.Tests.Billing;

/// <summary>Three households under a tariff that ends with the first day, so that each has one bill; and somebody with money.</summary>
public sealed class BilledVillage : SharedCommunity
{
    /// <summary>The boundary at which the bills' period ends.</summary>
    public const int End = 96;

    private readonly PrivateKey _holder = PrivateKey.FromSeed("a household with a bill"u8);

    internal static string Yaml => """
        name: "Village, first day"
        currency: NPR
        zone: UTC
        validFrom: 2026-06-20
        validUntil: 2026-06-22
        due: 10 days
        grace: 14 days
        slabs:
          - upTo: 10
            price: 0.01
          - price: 0.02
        export:
          price: 0.005
        taxes:
          - name: Levy
            percent: 5
        """;

    internal TestCommunity Community { get; private set; } = null!;

    internal HttpClient Operator { get; private set; } = null!;

    /// <summary>Who holds the first house.</summary>
    internal HttpClient Household { get; private set; } = null!;

    internal HttpClient Nobody { get; private set; } = null!;

    /// <summary>Who holds no house, and has money.</summary>
    internal PrivateKey Friend { get; } = PrivateKey.FromSeed("a friend of the village"u8);

    internal PremisesId PremisesOf(int house) => Community.Keys.PremisesOf(Community.Meters[house].Id);

    /// <summary>Sends somebody's own transaction and waits until the node's lists have what came of it.</summary>
    internal Task<string> SendAsync(PrivateKey key, Address to, byte[] data, Coin value = default) => SendAsync(Community, key, to, data, value);

    /// <inheritdoc cref="SendAsync(PrivateKey, Address, byte[], Coin)" />
    internal static async Task<string> SendAsync(TestCommunity community, PrivateKey key, Address to, byte[] data, Coin value = default)
    {
        using var caller = new RpcCaller(community.Node.Page);
        var hash = await caller.SendAsync(await caller.SignAsync(key, to, data, (UInt128)value.Wei));
        Assert.Equal("0x1", (await caller.ReceiptAsync(hash)).GetProperty("status").GetString());
        await community.Node.FollowedAsync(default);
        return hash;
    }

    /// <summary>Publishes a tariff as its regulator would.</summary>
    internal static async Task PublishAsync(TestCommunity community, string yaml)
    {
        var (tariff, faults) = TariffFile.Read(Encoding.UTF8.GetBytes(yaml));
        Assert.Empty(faults);
        var ledger = TariffForm.ToContract(tariff!.ToLedger(community.Keys.Operator.Address));
        var document = Encoding.UTF8.GetBytes(TariffDocument.Write(tariff));
        await SendAsync(community, community.Keys.Regulator, community.Node.Contracts.Money!.Billing, Contract.EncodePublishTariff(ledger, document));
    }

    /// <summary>The body of a success, which is as the API's description says.</summary>
    internal static async Task<JsonElement> TakeAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.Null(await DescribedAnswers.FaultAsync(answer));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonElement.Parse(text);
    }

    protected override async Task<TestCommunity> BeginAsync()
    {
        TestMeter[] meters =
        [
            new("house 1") { Holder = _holder },
            new("house 2") { Holder = PrivateKey.FromSeed("its neighbour"u8) },
            new("house 3") { Holder = PrivateKey.FromSeed("another neighbour"u8) },
        ];
        Community = new(meters) { IsOpen = false };
        try
        {
            await Community.OpenAsync(0, options => options with
            {
                Allotted = new Dictionary<Address, Coin>
                {
                    [Community.Keys.Operator.Address] = NodeOptions.TreasuryStock,
                    [Friend.Address] = Coin.FromCoins(1_000),
                },
            });
            await PublishAsync(Community, Yaml);
            await Community.RunAsync(0, 4);
            await Community.StepAsync(End, meters);
            await Community.StepAsync(End + 1, meters);
            await Community.StepAsync(End + 4, meters);
        }
        catch
        {
            await Community.DisposeAsync();
            throw;
        }

        Operator = (await TestSession.BeginAsync(Community, "operator", null, Role.Operator)).Client(Community);
        Household = (await TestSession.BeginAsync(Community, "household", _holder.Address)).Client(Community);
        Nobody = new() { BaseAddress = new(Community.Node.Page, "/api/v1/"), Timeout = TestConnection.Patience };
        return Community;
    }
}
