using Busbar.Domain.Supply;
using Busbar.Node.Supply;
using Busbar.Node.Tests.Testing;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Node.Tests.Supply;

/// <summary>How far a meter has followed, as a script of seconds.</summary>
public sealed class MeterSupplyTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 21, 0, 0);

    private readonly TestMeter _meter = new("house 1");
    private readonly ManualTimeProvider _time = new();
    private readonly MeterSupply _supply = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Look_NothingSaid_IsNone() => Assert.Equal(SupplyStatus.None, Look());

    [Fact]
    public void Look_Away_NobodyKnows()
    {
        Say(Now + Duration.FromDays(1));

        Assert.Equal(SupplyStatus.Unacknowledged, Look(isOnline: false));
    }

    [Fact]
    public void Look_MeterWithoutARelay_IsNotWaitedFor()
    {
        Say(Now);
        Tell("""{"online":true}""");
        Wait(MeterSupply.Patience);

        Assert.Equal(SupplyStatus.NoRelay, Look());
    }

    [Theory]
    [InlineData("closed", "PermitHeld", "7", 1, true)]
    [InlineData("closed", "PermitHeld", "6", 1, false)]
    [InlineData("open", "PermitEnded", "7", 1, false)]
    [InlineData("open", "LocalTrip", "7", 1, true)]
    [InlineData("closed", "LocalTrip", "7", 1, false)]
    [InlineData("open", "PermitEnded", "7", -1, true)]
    [InlineData("closed", "PermitEnded", "7", -1, false)]
    [InlineData("closed", "WithinGrace", "7", -1, false)]
    [InlineData("unknown", "PermitEnded", "7", -1, false)]
    public void Look_AgainstWhatTheMeterTold_FollowsOrWaits(string relay, string reason, string permit, int days, bool isFollowed)
    {
        Say(Now + Duration.FromDays(days));
        Tell($$"""{"online":true,"relay":"{{relay}}","reason":"{{reason}}","permit":"{{permit}}"}""");

        Assert.Equal(isFollowed ? SupplyStatus.Followed : SupplyStatus.Waiting, Look());
    }

    [Theory]
    [InlineData("open", "PermitEnded")]
    [InlineData("closed", "QuietHours")]
    public void Look_InQuietHours_EitherIsRight(string relay, string reason)
    {
        _supply.Say(Sign(Now - Duration.FromDays(1)) with { Permit = Permit(Now - Duration.FromDays(1)) with { Quiet = new(1380, 60) } }, _time.GetTimestamp());
        Tell($$"""{"online":true,"relay":"{{relay}}","reason":"{{reason}}","permit":"7"}""");

        Assert.Equal(SupplyStatus.Followed, Look());
    }

    [Fact]
    public void Look_DoesNotFollow_IsToldAgainEverMoreSlowlyAndThenLate()
    {
        Say(Now - Duration.FromDays(1));
        Tell("""{"online":true,"relay":"closed","reason":"PermitEnded","permit":"7"}""");
        var repeats = new List<int>();
        SupplyStatus status = default;
        for (var second = 0; second <= MeterSupply.Patience.TotalSeconds; second++)
        {
            status = _supply.Look(isOnline: true, Now, _time, repeat: true, out var mustRepeat);
            if (mustRepeat)
                repeats.Add(second);
            Assert.Equal(second < MeterSupply.Patience.TotalSeconds ? SupplyStatus.Waiting : SupplyStatus.Late, status);
            Wait(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([5, 15], repeats);
        Tell("""{"online":true,"relay":"open","reason":"PermitEnded","permit":"7"}""");
        Assert.Equal(SupplyStatus.Followed, Look());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[")]
    [InlineData("")]
    public void Read_Nonsense_IsNothing(string payload) => Assert.Null(SupplyTold.Read(System.Text.Encoding.UTF8.GetBytes(payload)));

    [Theory]
    [InlineData("""{"permit":"99999999999999999999999"}""")]
    [InlineData("""{"permit":"18446744073709551615"}""")]
    [InlineData("""{"permit":7}""")]
    [InlineData("""{"permit":{"permit":"7"}}""")]
    public void Read_PermitThatNobodyIssued_IsPassedOver(string payload) =>
        Assert.Null(SupplyTold.Read(System.Text.Encoding.UTF8.GetBytes(payload))!.Permit);

    private SupplyPermit Permit(Instant until) => new(_meter.Id, 7, Now - Duration.FromDays(10), until);

    private SignedPermit Sign(Instant until) => SignedPermit.Sign(Permit(until), new(1, _meter.Key.Address), _meter.Key);

    private void Say(Instant until) => _supply.Say(Sign(until), _time.GetTimestamp());

    private void Tell(string state) => _supply.Told = SupplyTold.Read(System.Text.Encoding.UTF8.GetBytes(state));

    private void Wait(TimeSpan span)
    {
        Look();
        _time.Advance(span);
    }

    private SupplyStatus Look(bool isOnline = true) => _supply.Look(isOnline, Now, _time, repeat: false, out _);
}
