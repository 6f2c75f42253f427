using Busbar.Cli.Running;
using Busbar.Device.Link;
using Busbar.Device.Protocol;
using Busbar.Mqtt;

namespace Busbar.Cli.Devices;

/// <summary>Says what happens on a meter's link to the person in front.</summary>
internal sealed class LinkVoice : IMeterLinkObserver
{
    private readonly TaskCompletionSource<string> _notAdmitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _wasConnected;

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

    public void LossDeclared(ulong sequence) =>
        Terminal.Say($"readings before {sequence} are lost; the node is told so");
}
