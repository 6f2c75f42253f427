using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Link;
using Busbar.Device.Protocol;
using Busbar.Device.Supply;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using Busbar.Mqtt;

namespace Busbar.Cli.Devices;

/// <summary>Says what happens on a meter's link to the person in front.</summary>
internal sealed class LinkVoice : IMeterLinkObserver
{
    private readonly TaskCompletionSource<string> _notAdmitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _wasConnected;
    private string? _said;

    /// <summary>
    /// Completes, with what to do, when the node does not know the token. A meter that was connected before goes on counting and
    /// trying instead: what it was given is right, so the node must change.
    /// </summary>
    public Task<string> NotAdmitted => _notAdmitted.Task;

    public void Connected()
    {
        _wasConnected = true;
        Terminal.Say("connected to the node");
    }

    public void Disconnected(string reason, TimeSpan retryAfter) =>
        Terminal.Say($"not connected ({reason}); readings are kept, trying again in {Math.Ceiling(retryAfter.TotalSeconds):0} s");

    public void Rejected(MqttConnectCode code)
    {
        if (!_wasConnected && code is MqttConnectCode.BadCredentials or MqttConnectCode.NotAuthorized)
            _notAdmitted.TrySetResult("the node refuses this meter's token; busbar up --tokens prints the right one, beside the meter's address");
    }

    public void Refused(RefusalNotice notice) =>
        Terminal.Say($"the node did not take reading {notice.Sequence}: {notice.Reason}: {notice.Detail}");

    public void Happened(SupplyEvent happened) => Terminal.Say(happened switch
    {
        SupplyEvent.RelaySwitched { Relay: RelayState.Closed } switched => $"relay closed: {Why(switched.Reason)}{Under(switched.Permit)}",
        SupplyEvent.RelaySwitched switched => $"relay open: {Why(switched.Reason)}{Under(switched.Permit)}",
        SupplyEvent.RelayStuck stuck => $"the relay does not follow: {stuck.Wanted} was commanded {stuck.Tries} times, it is {stuck.Reads}",
        SupplyEvent.PermitRefused refused => $"permit {refused.Sequence} not obeyed: {refused.Refused.Reason}: {refused.Refused.Detail}",
        SupplyEvent.ClockJumped jumped =>
            $"the clock jumped by {jumped.By.TotalSeconds:0} s and is not believed until the node confirms it",
        _ => "the clock is believed again",
    });

    public void Delivers(DeliveryTold told)
    {
        var line = told switch
        {
            DeliveryTold.Started started => $"delivery {Short(started.Subject)} runs ({started.Flow.ToString().ToLowerInvariant()})",
            DeliveryTold.Stopped stopped =>
                $"delivery {Short(stopped.Span.Report.Subject)} is over ({stopped.Reason}): {stopped.Seconds} s, {stopped.Energy}",
            DeliveryTold.Refused refused => $"order {refused.Order} not taken: {refused.Reason}: {refused.Detail}",
            _ => null,
        };
        // What is told again to the node until it has it safe is said once to the person in front.
        if (line is not null && line != _said)
            Terminal.Say(_said = line);
    }

    public void LossDeclared(ulong sequence) =>
        Terminal.Say($"readings before {sequence} are lost; the node is told so");

    private static string Short(Hash256 subject) => subject.ToString()[..10] + "…";

    private static string Under(ulong? permit) => permit is { } sequence ? $" (permit {sequence})" : "";

    private static string Why(SupplyReason reason) => reason switch
    {
        SupplyReason.NoPermitYet => "there was no permit yet",
        SupplyReason.PermitHeld => "the permit holds",
        SupplyReason.Protected => "the premises is protected",
        SupplyReason.Emergency => "an emergency is declared",
        SupplyReason.QuietHours => "no trip begins in quiet hours",
        SupplyReason.NoTripYet => "no trip begins on such a day",
        SupplyReason.WithinGrace => "the node is away, grace",
        SupplyReason.ClockUnknown => "the time is not known, so it stays as it was",
        SupplyReason.PermitEnded => "the permit has ended",
        SupplyReason.SafetyTrip => "tripped for safety",
        SupplyReason.TheftTrip => "tripped for theft",
        SupplyReason.LocalTrip => "tripped by the meter's own sensors",
        _ => reason.ToString(),
    };
}
