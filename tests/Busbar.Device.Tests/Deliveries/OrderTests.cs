using System.Text;
using Busbar.Cryptography;
using Busbar.Device.Deliveries;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Tests.Deliveries;

/// <summary>Orders that a meter must not take, each by its name.</summary>
public sealed class OrderTests
{
    [Fact]
    public void Refused_ForWhatItIs_ByNameAndChangesNothing()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        var good = rig.Order(OrderKind.Cancel);
        rig.Told.Clear();
        var kept = File.ReadAllBytes(rig.File);

        rig.Say("{}"u8.ToArray());
        rig.Say(good with { Meter = new(DeliveryRig.Community.Address) });
        rig.Say(DeliveryOrderJson.Encode(SignedOrder.Sign(good, TestReadings.Domain, TestReadings.Key)));
        rig.Say(DeliveryOrderJson.Encode(SignedOrder.Sign(good, new(1, TestReadings.Domain.Deployment), DeliveryRig.Community)));
        rig.Say(good with { Number = 1 });
        rig.Say(good with { IssuedAt = rig.Now + Duration.FromHours(1) });

        Assert.Equal(
            "Malformed WrongMeter WrongSigner WrongSigner Replayed IssuedInFuture",
            string.Join(' ', rig.Told.Cast<DeliveryTold.Refused>().Select(refused => refused.Reason)));
        Assert.All(rig.Told.Cast<DeliveryTold.Refused>(), refused => Assert.Equal(1UL, refused.Newest));
        Assert.Equal(kept, File.ReadAllBytes(rig.File));
        Assert.IsType<DeliveryTold.Taken>(rig.Say(good));
    }

    [Fact]
    public void Refused_ForWhatItAsks_ByName()
    {
        using var rig = new DeliveryRig();
        var other = Keccak256.Hash("another delivery"u8);
        var open = rig.Opening(1_000_000, wait: 3600);

        Assert.Equal("Expired", Reason(rig.Opening(1, seconds: 0, other, wait: -3600)));
        Assert.Equal("UnknownSubject", Reason(rig.Order(OrderKind.Cancel)));
        Assert.Equal("Taken", Reason(open with { Number = rig.Order(OrderKind.Open).Number }));
        Assert.Equal("AlreadyOpen", Reason(open with { Number = rig.Order(OrderKind.Open).Number }));
        Assert.Equal("NotStarted", Reason(rig.Order(OrderKind.Report)));
        Assert.Equal("UnknownReport", Reason(rig.Order(OrderKind.Acknowledge) with { Amount = 1 }));
        Assert.Equal("Taken", Reason(rig.Order(OrderKind.Cancel)));

        rig.Open(subject: other);
        for (var report = 0; report < DeliveryControl.MostReports; report++)
        {
            rig.Run(1);
            Assert.Equal("Taken", Reason(rig.Order(OrderKind.Report, other)));
        }

        rig.Run(1);
        Assert.Equal("ReportsWaiting", Reason(rig.Order(OrderKind.Report, other)));

        string Reason(DeliveryOrder order) => rig.Say(order) is DeliveryTold.Refused refused ? refused.Reason : "Taken";
    }

    [Fact]
    public void TooManySessions_OpenOrNotAcknowledged_AreRefused()
    {
        using var rig = new DeliveryRig();
        for (var session = 0; session < DeliveryControl.MostOpen; session++)
            Assert.IsType<DeliveryTold.Taken>(rig.Open(subject: Keccak256.Hash([(byte)session])));
        Assert.Equal("TooManySessions", Assert.IsType<DeliveryTold.Refused>(rig.Open(subject: Keccak256.Hash([99]))).Reason);

        for (var session = 0; session < DeliveryControl.MostKept; session++)
        {
            rig.Open(subject: Keccak256.Hash([(byte)session]));
            rig.Say(rig.Order(OrderKind.Cancel, Keccak256.Hash([(byte)session])));
        }

        Assert.Equal("TooManySessions", Assert.IsType<DeliveryTold.Refused>(rig.Open(subject: Keccak256.Hash([99]))).Reason);
        rig.Say(rig.Order(OrderKind.Acknowledge, Keccak256.Hash([0])) with { Amount = 1 });
        Assert.IsType<DeliveryTold.Taken>(rig.Open(subject: Keccak256.Hash([99])));
    }

    [Fact]
    public void ClockUnknown_IsRefusedForNow_AndTakenWhenTheTimeIsKnown()
    {
        using var rig = new DeliveryRig(ownClock: false);
        var order = rig.Opening(1);

        var refused = Assert.IsType<DeliveryTold.Refused>(rig.Say(order));
        Assert.Equal(("ClockUnknown", true), (refused.Reason, refused.IsTransient));
        rig.Meter.Clock.Set(rig.Now);
        rig.Run(1);
        Assert.IsType<DeliveryTold.Taken>(rig.Say(order));
    }

    [Fact]
    public void NotKept_IsRefusedForNow_AndNothingBegins()
    {
        using var rig = new DeliveryRig();
        var order = rig.Opening(1);
        // A folder where the new file is to be written refuses it as a full disk does, whoever runs the test.
        Directory.CreateDirectory(rig.File + ".new");

        var refused = Assert.IsType<DeliveryTold.Refused>(rig.Say(order));
        Assert.Equal(("NotKept", true), (refused.Reason, refused.IsTransient));
        Assert.Equal(0, rig.Meter.Deliveries.Open);

        Directory.Delete(rig.File + ".new");
        Assert.IsType<DeliveryTold.Taken>(rig.Say(order));
    }

    [Fact]
    public void SaidAgain_GetsTheSameAnswerAndIsDoneOnce()
    {
        using var rig = new DeliveryRig();
        rig.Permit(rig.Now - Duration.FromSeconds(1));
        rig.Run(1);
        var refused = rig.Opening(1000);
        Assert.Equal("NotPermitted", Assert.IsType<DeliveryTold.Refused>(rig.Say(refused)).Reason);

        // The permit is back; who kept the order that nobody waits for any more gains nothing by it.
        rig.Permit(rig.Now + Duration.FromDays(1));
        rig.Run(1);
        Assert.Equal("NotPermitted", Assert.IsType<DeliveryTold.Refused>(rig.Say(refused)).Reason);

        var taken = refused with { Number = rig.Order(OrderKind.Open).Number };
        Assert.IsType<DeliveryTold.Taken>(rig.Say(taken));
        rig.Restart();
        Assert.IsType<DeliveryTold.Taken>(rig.Say(taken));
        Assert.Equal(1, rig.Meter.Deliveries.Open);

        // Over, acknowledged, forgotten: the order that opened it opens nothing again.
        rig.Run(30);
        rig.Say(rig.Order(OrderKind.Acknowledge) with { Amount = 1 });
        rig.Say(taken);
        Assert.Equal(0, rig.Meter.Deliveries.Open);
    }

    [Fact]
    public void Reordered_TheLaterWinsAndTheEarlierIsRefused()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        var earlier = rig.Order(OrderKind.Report);
        var later = rig.Order(OrderKind.Cancel);

        Assert.IsType<DeliveryTold.Taken>(rig.Say(later));
        Assert.Equal(new DeliveryTold.Refused(earlier.Number, "Replayed", "number 2, the newest is 3", false, 3), rig.Say(earlier));
    }

    [Theory]
    [InlineData("number", "\"number\":\"2\",\"number\":\"2\"")]
    [InlineData("kind", "\"kind\":\"None\"")]
    [InlineData("flow", "\"flow\":\"sideways\"")]
    [InlineData("flow", "\"flow\":\"none\"")]
    [InlineData("amount", "\"amount\":\"0\"")]
    [InlineData("amount", "\"amount\":\"-1\"")]
    [InlineData("amount", "\"amount\":\"9223372036854775808\"")]
    [InlineData("deadline", "\"deadline\":0")]
    [InlineData("subject", "\"subject\":\"0x12\"")]
    [InlineData("issuedAt", "\"issuedAt\":[1]")]
    [InlineData("issuedAt", "\"issuedAt\":1,\"more\":1")]
    [InlineData("signature", "\"signature\":null")]
    [InlineData("meter", "\"meter\":\"\\uD800\"")]
    public void Malformed_IsRefused(string name, string instead)
    {
        using var rig = new DeliveryRig();
        var order = rig.Opening(1);
        var text = Encoding.UTF8.GetString(DeliveryOrderJson.Encode(SignedOrder.Sign(order, TestReadings.Domain, DeliveryRig.Community)));
        Assert.NotNull(DeliveryOrderJson.Decode(Encoding.UTF8.GetBytes(text)).Order);
        var at = text.IndexOf($"\"{name}\":", StringComparison.Ordinal);
        var end = text.IndexOfAny([',', '}'], at);

        rig.Say(Encoding.UTF8.GetBytes(text[..at] + instead + text[end..]));

        Assert.Equal("Malformed", Assert.IsType<DeliveryTold.Refused>(rig.Last).Reason);
    }
}
