using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>What becomes of a reading.</summary>
public enum ReadingVerdict
{
    /// <summary>It is refused.</summary>
    Refused = 0,

    /// <summary>It is new and believed.</summary>
    Accepted = 1,

    /// <summary>It was taken before, word for word; nothing changes.</summary>
    Repeated = 2,
}

/// <summary>The checks of a genuine reading against what its microgrid knows, in their order.</summary>
internal static class ReadingJudge
{
    public static (ReadingVerdict Verdict, ReadingRefused? Refused) Judge(
        MeterAccount account, Reading reading, Hash256 digest, Instant now, MeteringRules rules)
    {
        if (IsRepeat(account, reading, digest) is { } repeated)
            return repeated;
        var refused = Sequence(account, reading) ?? Clock(reading, now, rules) ?? Registers(account, reading, rules);
        return refused is null ? (ReadingVerdict.Accepted, null) : (ReadingVerdict.Refused, refused);
    }

    private static (ReadingVerdict, ReadingRefused?)? IsRepeat(MeterAccount account, Reading reading, Hash256 digest)
    {
        if (account.NextSequence is not { } next || reading.Sequence >= next)
            return null;
        var (sequence, known) = account.Recent[reading.Sequence % MeterAccount.RecentCount];
        return sequence == reading.Sequence && known == digest
            ? (ReadingVerdict.Repeated, null)
            : (ReadingVerdict.Refused, new ReadingRefused.SequenceRepeated(reading.Sequence));
    }

    private static ReadingRefused? Clock(Reading reading, Instant now, MeteringRules rules)
    {
        if (!reading.Flags.HasFlag(ReadingFlags.ClockSet))
            return new ReadingRefused.ClockNotSet();
        if (reading.Instant > now + rules.ClockTolerance)
            return new ReadingRefused.ClockOff(reading.Instant, now, rules.ClockTolerance);
        if (reading.Instant < now - rules.LateLimit)
            return new ReadingRefused.TooLate(reading.Instant, now - rules.LateLimit);
        return reading.Flags.HasFlag(ReadingFlags.OnRequest) || rules.Length.IsBoundary(reading.Instant)
            ? null
            : new ReadingRefused.Misaligned(reading.Instant, rules.Length);
    }

    private static ReadingRefused? Sequence(MeterAccount account, Reading reading) =>
        account.NextSequence is { } next && reading.Sequence > next && !reading.Flags.HasFlag(ReadingFlags.ReadingsLost)
            ? new ReadingRefused.SequenceGap(next, reading.Sequence)
            : null;

    private static ReadingRefused? Registers(MeterAccount account, Reading reading, MeteringRules rules)
    {
        if (account.Last is not { } last)
            return null;
        if (reading.Boot < last.Boot)
            return new ReadingRefused.BootBackwards(reading.Boot, last.Boot);
        if (reading.Instant <= last.Instant)
            return new ReadingRefused.InstantBackwards(reading.Instant, last.Instant);
        var possible = rules.ConnectionOf(reading.Meter).OverCeiling(reading.Instant - last.Instant);
        if (!reading.Registers.NotBelow(last.Registers))
        {
            // Registers that began anew began at zero, so they too are what the connection carried since.
            return account.ChangeRecorded && reading.Boot > last.Boot
                ? AboveConnection(reading.Registers, default, possible)
                : new ReadingRefused.RegisterBackwards(last.Registers, reading.Registers);
        }

        return AboveConnection(reading.Registers, last.Registers, possible);
    }

    private static ReadingRefused.AboveConnection? AboveConnection(in Registers now, in Registers was, Energy possible)
    {
        var most = Larger(now.Import - was.Import, now.Export - was.Export);
        for (var band = 0; band < BandRegisters.Count; band++)
            most = Larger(most, now.Bands[band] - was.Bands[band]);
        return most > possible ? new(most, possible) : null;
    }

    private static Energy Larger(Energy left, Energy right) => left > right ? left : right;
}
