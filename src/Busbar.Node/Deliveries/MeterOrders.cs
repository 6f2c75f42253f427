using Busbar.Domain.Trading;

namespace Busbar.Node.Deliveries;

/// <summary>The orders to one meter: one at a time, each until it is answered. Thread safe.</summary>
internal sealed class MeterOrders
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<DeliveryAnswer>? _answer;
    private ulong _expected;
    private ulong _newest;
    private int _waiting;

    /// <summary>Completes when what waits is to be said again.</summary>
    public Task NextSaying
    {
        get
        {
            lock (_gate)
                return _again.Task;
        }
    }

    public bool TryEnter()
    {
        lock (_gate)
            return _waiting < DeliveryLink.MostWaiting && ++_waiting > 0;
    }

    public void Leave()
    {
        lock (_gate)
            _waiting--;
    }

    public Task TurnAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    public void Yield() => _turn.Release();

    public ulong NextNumber(ulong atLeast)
    {
        lock (_gate)
            return _newest = Math.Max(_newest + 1, atLeast);
    }

    /// <summary>Completes with the answer to an order.</summary>
    public Task<DeliveryAnswer> Expect(ulong number)
    {
        lock (_gate)
        {
            _newest = Math.Max(_newest, number);
            (_expected, _answer) = (number, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _answer.Task;
        }
    }

    public void Answer(ulong number, DeliveryAnswer answer)
    {
        lock (_gate)
        {
            if (number == _expected)
                _answer?.TrySetResult(answer);
        }
    }

    /// <summary>The meter refused an order, or something that was none.</summary>
    public void Refuse(DeliveryTold.Refused refused)
    {
        lock (_gate)
        {
            // A meter that claims numbers that no node gives out would use them up.
            if (refused.Newest <= long.MaxValue)
                _newest = Math.Max(_newest, refused.Newest);
        }

        if (refused is { IsTransient: false, Order: { } number })
            Answer(number, new DeliveryAnswer.Refused(refused.Reason, refused.Detail, refused.Newest));
    }

    public void SayAgain()
    {
        lock (_gate)
        {
            _again.TrySetResult();
            _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
