using Busbar.Cryptography;
using Busbar.Device.Supply;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Device.Fleet;

/// <summary>The supply of a virtual meter: it believes permits and decides as a real one, and its relay always follows. Thread safe.</summary>
/// <param name="meter">Whose.</param>
/// <param name="domain">Where signatures hold.</param>
/// <param name="community">The address of the community's key.</param>
internal sealed class VirtualSupply(MeterId meter, SigningDomain domain, Address community)
{
    private readonly PermitJudge _judge = new(meter, domain, community);
    private readonly Lock _gate = new();
    private SignedPermit? _newest;
    private ulong? _trippedUnder;
    private Instant? _now;
    private SupplyReport _report = new(RelayState.Closed, SupplyReason.NoPermitYet, null);

    /// <summary>How the supply is.</summary>
    public SupplyReport Report
    {
        get
        {
            lock (_gate)
                return _report;
        }
    }

    /// <summary>A permit came; whether it changed what is to be told.</summary>
    public bool Take(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (SupplyPermitJson.Decode(payload).Permit is not { } signed || _judge.Judge(signed, _newest, now: null) is not null)
                return false;
            _newest = signed;
            return Decide();
        }
    }

    /// <summary>The time moves on; whether it changed what is to be told.</summary>
    public bool MoveTo(Instant now)
    {
        lock (_gate)
        {
            _now = now;
            return Decide();
        }
    }

    private bool Decide()
    {
        var decided = SupplyRule.Decide(new(_newest?.Permit, _now) { TrippedUnder = _trippedUnder });
        _trippedUnder = decided.Reason == SupplyReason.PermitEnded ? _trippedUnder ?? _newest!.Permit.Sequence
            : decided.Relay == RelayState.Closed ? null
            : _trippedUnder;
        var report = new SupplyReport(decided.Relay, decided.Reason, _newest?.Permit.Sequence);
        if (report == _report)
            return false;
        _report = report;
        return true;
    }
}
