using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Channels;

/// <summary>
/// Pays for what flows, by itself: tells the payee's node again and again that it is there, with the highest voucher, and answers what arrived
/// with the next one. When it stops, or loses the node, at most one block more flows.
/// </summary>
/// <param name="session">What it signs, and never more.</param>
/// <param name="door">The payee's node.</param>
/// <param name="look">The channel as the ledger has it now; null when it is over.</param>
/// <param name="situation">The own meter's import register, and the time; null while the meter does not know it.</param>
/// <param name="time">For pauses.</param>
public sealed class ChannelPayer(
    PayerSession session,
    IPayeeDoor door,
    Func<CancellationToken, Task<OpenChannel?>> look,
    Func<(MeterRegister Register, Instant Now)?> situation,
    TimeProvider time)
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private PayerNews? _told;

    /// <summary>Told of each voucher that was taken, and of what keeps it from paying when that changes; neither blocks nor throws.</summary>
    public Action<PayerNews>? Told { get; init; }

    /// <summary>Pays until the channel is over.</summary>
    /// <returns>Why it is.</returns>
    /// <exception cref="IOException">The disk failed; nothing has left.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var (pause, looked) = (SayEvery, time.GetTimestamp());
        while (true)
        {
            var (end, isHeard) = await TurnAsync(cancellation);
            // A node refuses what is closed as a channel that it does not know.
            if (end is not null)
                return await LookAsync(cancellation) ?? end;
            if (time.GetElapsedTime(looked) >= LookEvery)
            {
                looked = time.GetTimestamp();
                if (await LookAsync(cancellation) is { } over)
                    return over;
            }

            pause = isHeard ? SayEvery : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause, time, cancellation);
        }
    }

    private async Task<(string? End, bool IsHeard)> TurnAsync(CancellationToken cancellation)
    {
        if (situation() is not { } known)
        {
            Tell(new(null, "the meter does not know the time yet"));
            return (null, true);
        }

        // For what was promised before, or for nothing: it says that the payer is there.
        var promised = session.Signed?.Energy ?? Energy.Zero;
        if (session.Answer(promised, known.Register, known.Now) is not PayerAnswer.Paid standing)
            return ("the time for vouchers of this channel is over", true);
        if (await SayAsync(standing.Signed, cancellation) is not { } first)
            return (null, false);
        if (first is PayeeAnswer.Refused refused)
            return ($"{refused.Code}: {refused.Detail}", true);
        if (((PayeeAnswer.Taken)first).Asked is var asked && asked <= promised)
            return (null, true);
        switch (session.Answer(asked, known.Register, known.Now))
        {
            case PayerAnswer.Paid paid:
                return await SayAsync(paid.Signed, cancellation) is PayeeAnswer.Refused { } no ? ($"{no.Code}: {no.Detail}", true) : (null, true);
            case PayerAnswer.NotDelivered wrong:
                Tell(new(null, $"the payee asks for {wrong.Asked} and this meter counted {wrong.Delivered}: nothing is paid for the rest"));
                break;
            case PayerAnswer.AboveLimit limit:
                Tell(new(null, $"{limit.Total} coins would be more than the limit of {limit.Limit}"));
                break;
            case PayerAnswer.AboveLocked locked:
                Tell(new(null, $"{locked.Total} coins would be more than the {locked.Locked} that are locked: top the channel up"));
                break;
        }

        return (null, true);
    }

    private async Task<PayeeAnswer?> SayAsync(SignedVoucher voucher, CancellationToken cancellation)
    {
        var answer = await door.HandOverAsync(voucher, cancellation);
        Tell(answer is null ? new(null, "the payee's node does not answer") : new(answer is PayeeAnswer.Taken ? voucher.Voucher : null, null));
        return answer;
    }

    private async Task<string?> LookAsync(CancellationToken cancellation)
    {
        try
        {
            if (await look(cancellation) is not { } channel)
                return "the channel is closed on the ledger";
            session.Update(channel);
        }
        catch (Exception away) when (away is HttpRequestException or Ethereum.JsonRpc.EthereumRpcException)
        {
            Tell(new(null, $"the ledger cannot be asked: {away.Message}"));
        }

        return null;
    }

    private void Tell(PayerNews news)
    {
        if (news == _told)
            return;
        _told = news;
        Told?.Invoke(news);
    }
}

/// <summary>What becomes of paying.</summary>
/// <param name="Paid">The voucher that was taken; null when none was.</param>
/// <param name="Trouble">What keeps it from paying; null when nothing does.</param>
public sealed record PayerNews(Voucher? Paid, string? Trouble);
