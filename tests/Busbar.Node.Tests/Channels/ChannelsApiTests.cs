using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api;
using Busbar.Node.Channels;
using Busbar.Store.Sqlite;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using static Busbar.Node.Tests.Channels.MemoryChannels;

namespace Busbar.Node.Tests.Channels;

public sealed class ChannelsApiTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-channels-").FullName;
    private readonly Hand _clock = new();
    private MemoryChannels _ledger = null!;
    private SqliteStore _store = null!;
    private NodeParts _parts = null!;

    public async Task InitializeAsync()
    {
        _ledger = new(_clock);
        _ledger.Put(Channel);
        _store = await SqliteStore.OpenAsync(_folder, TimeProvider.System, null, default);
        _parts = new()
        {
            Channels = await PayeeDesk.OpenAsync(
                _ledger, _store.Vouchers, MemoryChannels.Domain, BlockRule.Default, _clock, NullLogger<PayeeDesk>.Instance, default),
        };
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Voucher_Good_TakenAndToldHowFarEnergyMayFlow()
    {
        var answer = Assert.IsType<Ok<VoucherAnswer>>(await PostAsync(Voucher(3))).Value!;
        Assert.Equal(new VoucherAnswer("3000", "30000", "40000", "0"), answer);
    }

    [Fact]
    public async Task Voucher_Refused_EachWithItsCode()
    {
        await PostAsync(Voucher(3));
        Assert.Equal((409, "VoucherLower"), await RefusalAsync(Voucher(2)));
        Assert.Equal((409, "VoucherAboveLocked"), await RefusalAsync(Voucher(101)));
        Assert.Equal((401, "WrongSignature"), await RefusalAsync(Voucher(4, key: Payee)));
        var cheap = Voucher(4).Voucher with { Total = Coin.FromWei((Int128)3_999) };
        Assert.Equal((409, "VoucherTooLittle"), await RefusalAsync(SignedVoucher.Sign(cheap, MemoryChannels.Domain, Payer)));
        var other = Channel with { Terms = Channel.Terms with { Price = Price.Zero } };
        Assert.Equal((404, "ChannelUnknown"), await RefusalAsync(Voucher(4, other)));
        _clock.Now = Channel.LastClosing + Duration.FromSeconds(1);
        Assert.Equal((409, "ChannelTooLate"), await RefusalAsync(Voucher(4)));
    }

    [Theory]
    [InlineData("-1", "1", null, "totalWei")]
    [InlineData("170141183460469231731687303715884105728", "1", null, "totalWei")]
    [InlineData("1", "9223372036854775808", null, "energyMwh")]
    [InlineData("1", "1.5", null, "energyMwh")]
    [InlineData("1", "1", "0x12", "signature")]
    [InlineData("1", "1", "none", "signature")]
    public void Form_OutOfItsBounds_Refused(string total, string energy, string? signature, string field)
    {
        var form = new VoucherForm { TotalWei = total, EnergyMwh = energy, Signature = signature ?? Voucher(1).Signature.ToString() };
        Assert.Contains(field, form.Check()!.Detail, StringComparison.Ordinal);
    }

    /// <summary>r and s in order and a v that is none, and hexadecimal digits that are none.</summary>
    [Fact]
    public void Form_SignatureOfNoShape_Refused()
    {
        var good = Voucher(1).Signature.ToString();
        Assert.Null(new VoucherForm { TotalWei = "1", EnergyMwh = "1", Signature = good }.Check());
        foreach (var bad in new[] { good[..^2] + "1d", good[..^1] + "g" })
            Assert.NotNull(new VoucherForm { TotalWei = "1", EnergyMwh = "1", Signature = bad }.Check());
    }

    [Fact]
    public async Task List_OnesOwn_AndTheSignatureForThePayeeAlone()
    {
        await PostAsync(Voucher(3));
        var stranger = PrivateKey.FromSeed("stranger"u8).Address;
        Assert.Empty(List(Of(stranger, Grant.Own)).Items);
        Assert.Empty(List(Of(null, Grant.Own)).Items);
        foreach (var access in new[] { Of(Payer.Address, Grant.Own), Of(stranger, Grant.All), Of(Payee.Address, Grant.Own) })
        {
            var row = Assert.Single(List(access).Items);
            Assert.Equal((Channel.Id.ToString(), "open", "3000", "40000"), (row.Id, row.Phase, row.VoucherWei, row.MayFlowMwh));
            Assert.Equal(access.Caller.Address == Payee.Address ? Voucher(3).Signature.ToString() : null, row.VoucherSignature);
        }
    }

    [Fact]
    public void One_OfAnothers_NotFound()
    {
        var id = Channel.Id.ToString();
        Assert.IsType<Ok<ChannelRow>>(ChannelsApi.One(_parts, Of(Payee.Address, Grant.Own), id).Result);
        Assert.IsType<ProblemHttpResult>(ChannelsApi.One(_parts, Of(PrivateKey.FromSeed("stranger"u8).Address, Grant.Own), id).Result);
        Assert.IsType<ProblemHttpResult>(ChannelsApi.One(_parts, Of(Payee.Address, Grant.All), Hash256.Zero.ToString()).Result);
        Assert.IsType<ProblemHttpResult>(ChannelsApi.One(_parts, Of(Payee.Address, Grant.All), "x").Result);
    }

    [Fact]
    public void One_EnergyTakenOffTheBills_Told()
    {
        _ledger.Put(Channel, Blocks(2));
        var row = Assert.IsType<Ok<ChannelRow>>(ChannelsApi.One(_parts, Of(Payer.Address, Grant.Own), Channel.Id.ToString()).Result).Value!;
        Assert.Equal(("20000", null), (row.CountedMwh, row.VoucherMwh));
    }

    [Fact]
    public void List_InPages_EachOnce()
    {
        for (var price = 1; price < 5; price++)
            _ledger.Put(Channel with { Terms = Channel.Terms with { Price = Price.FromWeiPerKilowattHour((UInt128)price) } });
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = List(Of(Payer.Address, Grant.Own), cursor, 2);
            seen.AddRange(page.Items.Select(row => row.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(5, seen.Count);
        Assert.Equal(5, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task CommunityWithoutChannels_NotFound()
    {
        _parts.Channels = null;
        Assert.Equal((404, "NotFound"), await RefusalAsync(Voucher(1)));
        Assert.IsType<ProblemHttpResult>(ChannelsApi.List(_parts, Of(Payer.Address, Grant.All), null, null).Result);
    }

    private static RequestAccess Of(Address? address, Grant grant) => new(new() { Address = address }, grant, null, []);

    private ChannelPage List(RequestAccess access, string? cursor = null, int? limit = null) =>
        Assert.IsType<Ok<ChannelPage>>(ChannelsApi.List(_parts, access, cursor, limit).Result).Value!;

    private async Task<IResult> PostAsync(SignedVoucher signed)
    {
        var (voucher, form) = (signed.Voucher, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            totalWei = signed.Voucher.Total.Wei.ToString(System.Globalization.CultureInfo.InvariantCulture),
            energyMwh = signed.Voucher.Energy.MilliwattHours.ToString(System.Globalization.CultureInfo.InvariantCulture),
            signature = signed.Signature.ToString(),
        })));
        return (await ChannelsApi.TakeAsync(_parts, voucher.Channel.ToString(), Body<VoucherForm>.Read(form), default)).Result;
    }

    private async Task<(int Status, string Code)> RefusalAsync(SignedVoucher signed)
    {
        var problem = Assert.IsType<ProblemHttpResult>(await PostAsync(signed));
        return (problem.StatusCode, (string)problem.ProblemDetails.Extensions["code"]!);
    }
}
