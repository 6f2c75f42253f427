using Busbar.Cryptography;
using Busbar.Device.Channels;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Tests.Channels;

public sealed class PayerSessionTests : IDisposable
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly PrivateKey Key = PrivateKey.FromSeed("payer"u8);
    private static readonly ChannelDomain Domain = new(31337, PrivateKey.FromSeed("contract"u8).Address);
    private static readonly MeterRegister Begin = MeterRegister.FromMilliwattHours(5_000_000);

    /// <summary>A block of 10 Wh costs 1,000 wei; ten of them are locked.</summary>
    private static readonly OpenChannel Channel = new(
        new(Key.Address, PrivateKey.FromSeed("payee"u8).Address, Key.Address, Price.FromWeiPerKilowattHour(100_000), Noon),
        Coin.FromWei((Int128)10_000),
        Noon + Duration.FromHours(6));

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-payer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Answer_ABlockThatCame_SignedAtThePrice()
    {
        var paid = Paid(Open().Answer(Blocks(1), After(1), Noon));
        Assert.Equal(new Voucher(Channel.Id, Coin.FromWei((Int128)1_000), Blocks(1)), paid.Voucher);
        Assert.True(paid.IsGenuine(Domain, Key.Address));
    }

    [Fact]
    public void Answer_OneBlockAheadOfTheMeter_Signed() => Paid(Open().Answer(Blocks(1), After(0), Noon));

    [Fact]
    public void Answer_MoreThanOneBlockAhead_Refused()
    {
        var session = Open();
        var asked = Blocks(2) + Energy.FromMilliwattHours(1);
        Assert.Equal(new PayerAnswer.NotDelivered(asked, Blocks(1), Blocks(1)), session.Answer(asked, After(1), Noon));
        Assert.Null(session.Signed);
    }

    [Fact]
    public void Answer_AWeiAboveTheLimit_Refused()
    {
        var session = Open(limit: 2_999);
        Paid(session.Answer(Blocks(2), After(2), Noon));
        Assert.Equal(new PayerAnswer.AboveLimit(Coin.FromWei((Int128)3_000), Coin.FromWei((Int128)2_999)), session.Answer(Blocks(3), After(3), Noon));
        session.Limit = Coin.FromWei((Int128)3_000);
        Paid(session.Answer(Blocks(3), After(3), Noon));
    }

    [Fact]
    public void Answer_MoreThanLocked_RefusedUntilToppedUp()
    {
        var session = Open(limit: 1_000_000);
        Paid(session.Answer(Blocks(10), After(10), Noon));
        Assert.IsType<PayerAnswer.AboveLocked>(session.Answer(Blocks(11), After(11), Noon));
        session.Update(Channel with { Locked = Coin.FromWei((Int128)11_000) });
        Paid(session.Answer(Blocks(11), After(11), Noon));
    }

    [Fact]
    public void Answer_AfterTheGrace_Refused()
    {
        var session = Open();
        Paid(session.Answer(Blocks(1), After(1), Channel.LastClosing));
        Assert.IsType<PayerAnswer.TooLate>(session.Answer(Blocks(1), After(1), Channel.LastClosing + Duration.FromSeconds(1)));
    }

    [Fact]
    public void Answer_AskedAgain_TheSame()
    {
        var session = Open();
        var first = session.Answer(Blocks(2), After(2), Noon);
        Assert.Equal(first, session.Answer(Blocks(2), After(2), Noon));
        Assert.Equal(first, session.Answer(Blocks(1), After(2), Noon));
    }

    [Fact]
    public void Open_AfterARestart_GoesOnWhereItWas()
    {
        var paid = Paid(Open().Answer(Blocks(3), After(3), Noon));

        // The register that an opening begins with is that of the first time.
        var again = Open(register: After(3));
        Assert.Equal(paid.Voucher, again.Signed);
        Assert.Equal(paid, Paid(again.Answer(Blocks(3), After(3), Noon)));
        Assert.Equal(Blocks(4), Paid(again.Answer(Blocks(4), After(4), Noon)).Voucher.Energy);
        Assert.IsType<PayerAnswer.NotDelivered>(again.Answer(Blocks(6), After(4), Noon));
    }

    [Fact]
    public void Answer_DiskFails_NothingLeaves()
    {
        var session = Open();
        // A folder in the place of the new file: nothing can be written there.
        Directory.CreateDirectory(Path.Combine(_folder, $"channel-{Channel.Id}.json.new", "x"));
        Assert.ThrowsAny<Exception>(() => session.Answer(Blocks(1), After(1), Noon));
        Assert.Null(session.Signed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"begin\":5000000}")]
    [InlineData("{\"begin\":5000000,\"energy\":10000,\"totalWei\":null}")]
    [InlineData("{\"begin\":5000000,\"energy\":10000,\"totalWei\":\"-5\"}")]
    public void Open_DamagedFile_Refused(string text)
    {
        Open();
        File.WriteAllText(Directory.GetFiles(_folder).Single(), text);
        Assert.Throws<InvalidDataException>(() => Open());
    }

    [Fact]
    public void Open_KeyOfAnother_Throws()
    {
        using var other = PrivateKey.FromSeed("other"u8);
        Assert.Throws<ArgumentException>(() => PayerSession.Open(_folder, Channel, Domain, VoucherSigner.Of(other), BlockRule.Default, Coin.Zero, Begin));
    }

    [Fact]
    public void Update_AnotherChannel_Throws() =>
        Assert.Throws<ArgumentException>(() => Open().Update(Channel with { Terms = Channel.Terms with { Price = Price.Zero } }));

    private static SignedVoucher Paid(PayerAnswer answer) => Assert.IsType<PayerAnswer.Paid>(answer).Signed;

    private static Energy Blocks(int count) => Energy.FromMilliwattHours(10_000L * count);

    private static MeterRegister After(int blocks) => Begin.Advance(Blocks(blocks));

    private PayerSession Open(int limit = 10_000, MeterRegister? register = null) =>
        PayerSession.Open(_folder, Channel, Domain, VoucherSigner.Of(Key), BlockRule.Default, Coin.FromWei((Int128)limit), register ?? Begin);
}
