using Busbar.Domain.Trading;

namespace Busbar.Device.Deliveries;

/// <content>Taking orders.</content>
internal sealed partial class DeliveryControl
{
    /// <summary>
    /// An order came: it is on disk and answered when this returns, or refused by name. What it asks for is done at the next step.
    /// </summary>
    public void Take(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            var (signed, malformed) = DeliveryOrderJson.Decode(payload);
            if (signed is null)
            {
                Refuse(null, malformed!);
                return;
            }

            try
            {
                Answer(signed, payload);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Refuse(signed.Order.Number, new OrderRefused.NotKept(failure.Message));
            }
        }
    }

    private void Answer(SignedOrder signed, ReadOnlySpan<byte> payload)
    {
        var order = signed.Order;
        var digest = order.Digest(_judge.Domain).ToString();
        var refused = _judge.Judge(signed, _memory.Newest, _situation.Now);
        // Said again because the answer was lost: the answer is said again, and nothing is done twice.
        if (refused is OrderRefused.Replayed
            && _memory.Answers.FirstOrDefault(answer => answer.Number == order.Number && answer.Digest == digest) is { } before)
        {
            Tell(before.Reason is { } reason
                ? new DeliveryTold.Refused(order.Number, reason, before.Detail ?? "", IsTransient: false, _memory.Newest)
                : new DeliveryTold.Taken(order.Number));
            TellReportsOf(order);
            return;
        }

        if (refused is not null)
        {
            Refuse(order.Number, refused);
            return;
        }

        var (sessions, hindered) = Obey(order, payload);
        if (hindered is { IsTransient: true })
        {
            Refuse(order.Number, hindered);
            return;
        }

        // A refused order's number is used up too: nobody can say it again when it would be taken.
        var answer = new OrderAnswer(order.Number, digest, hindered?.Reason, hindered?.Detail);
        Save(new(order.Number, [.. _memory.Answers.TakeLast(MostAnswers - 1), answer], sessions));
        Follow();
        if (hindered is not null)
            Refuse(order.Number, hindered);
        else
            Tell(new DeliveryTold.Taken(order.Number));
        TellReportsOf(order);
    }

    private (IReadOnlyList<DeliverySession> Sessions, OrderRefused? Refused) Obey(DeliveryOrder order, ReadOnlySpan<byte> payload)
    {
        var run = _runs.GetValueOrDefault(order.Subject);
        if (order.Kind == OrderKind.Open && run is { IsToGoOn: true } && run.Order.IsRaisedBy(order))
            return With(run.Session, run.Session with { Order = payload.ToArray() });
        if (order.Kind == OrderKind.Open)
        {
            return HindranceOf(order, run) is { } hindered
                ? (_memory.Sessions, hindered)
                : ([.. _memory.Sessions, new(payload.ToArray())], null);
        }

        if (run is null)
            return (_memory.Sessions, new OrderRefused.UnknownSubject());
        var session = run.Session;
        return order.Kind switch
        {
            OrderKind.Cancel => With(session, session with { IsCancelled = true }),
            OrderKind.Report when session.IsStopped => (_memory.Sessions, null),
            OrderKind.Report when session.Opened is null => (_memory.Sessions, new OrderRefused.NotStarted()),
            OrderKind.Report when session.Reports.Count >= MostReports =>
                (_memory.Sessions, new OrderRefused.ReportsWaiting(session.Reports.Count)),
            OrderKind.Report => With(session, session with { IsReportDue = true }),
            _ when order.Amount > session.Made => (_memory.Sessions, new OrderRefused.UnknownReport(order.Amount, session.Made)),
            _ when session.IsStopped && order.Amount == session.Made =>
                ([.. _memory.Sessions.Where(kept => !ReferenceEquals(kept, session))], null),
            _ => With(session, Acknowledged(session, (int)order.Amount)),
        };

        (IReadOnlyList<DeliverySession> Sessions, OrderRefused? Refused) With(DeliverySession known, DeliverySession changed)
        {
            IReadOnlyList<DeliverySession> sessions = [.. _memory.Sessions.Select(kept => ReferenceEquals(kept, known) ? changed : kept)];
            return (sessions, null);
        }
    }

    private OrderRefused? HindranceOf(DeliveryOrder order, DeliveryRun? run) => _situation.Now is not { } now
        ? new OrderRefused.ClockUnknown()
        : order.Deadline <= now ? new OrderRefused.Expired(order.Deadline, now)
        : run is not null ? new OrderRefused.AlreadyOpen()
        : _situation.Hindrance != StopReason.None ? new OrderRefused.NotPermitted(_situation.Supply.Reason)
        : _runs.Values.Count(other => !other.Session.IsStopped) >= MostOpen ? new OrderRefused.TooManySessions(MostOpen)
        : _runs.Count >= MostKept ? new OrderRefused.TooManySessions(MostKept)
        : null;

    private static DeliverySession Acknowledged(DeliverySession session, int count) => count <= session.Acknowledged
        ? session
        : session with { Acknowledged = count, Reports = [.. session.Reports.Skip(count - session.Acknowledged)] };

    // Brings what runs to what is kept.
    private void Follow()
    {
        var kept = new Dictionary<Cryptography.Hash256, DeliverySession>();
        foreach (var session in _memory.Sessions)
            kept[DeliveryOrderJson.Decode(session.Order).Order!.Order.Subject] = session;
        foreach (var gone in _runs.Keys.Where(subject => !kept.ContainsKey(subject)).ToArray())
            _runs.Remove(gone);
        foreach (var (subject, session) in kept)
        {
            if (_runs.TryGetValue(subject, out var run))
                run.Session = session;
            else
                _runs.Add(subject, new(session, _time, _situation));
        }
    }

    private void TellReportsOf(DeliveryOrder order)
    {
        if (order.Kind != OrderKind.Acknowledge && _runs.TryGetValue(order.Subject, out var run))
            TellReportsOf(run);
    }

    private void TellReportsOf(DeliveryRun run)
    {
        foreach (var report in run.Session.Reports)
        {
            if (DeliveryTold.Decode(_judge.Meter, report) is { } told)
                Tell(told);
        }
    }

    private void Refuse(ulong? number, OrderRefused refused) =>
        Tell(new DeliveryTold.Refused(number, refused.Reason, refused.Detail, refused.IsTransient, _memory.Newest));
}
