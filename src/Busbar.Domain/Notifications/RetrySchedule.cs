using System.Buffers.Binary;
using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>
/// When a delivery is tried again: after 1 minute, 3, 9, 27, 81, 243 and from then on 720 minutes, each a fifth more or less, so that what
/// failed together does not come back together.
/// </summary>
/// <param name="Seed">Decides the fifths; the same seed gives the same times.</param>
public sealed record RetrySchedule(ulong Seed)
{
    /// <summary>The most tries of one delivery, those that a crash cut off among them.</summary>
    public const int MostAttempts = 9;

    private static readonly Duration Longest = Duration.FromHours(12);

    /// <summary>The next try after a failed one; null when there is none in time.</summary>
    /// <param name="delivery">Which delivery.</param>
    /// <param name="attempts">The tries so far, 1 or more.</param>
    /// <param name="now">When the last one failed.</param>
    /// <param name="goodUntil">When it is no longer worth trying.</param>
    /// <param name="asked">How long the receiver asked to wait; a longer wait than our own is kept to.</param>
    public Instant? Next(DeliveryId delivery, int attempts, Instant now, Instant goodUntil, Duration? asked = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (attempts >= MostAttempts)
            return null;
        var wait = Duration.FromMinutes(Math.Pow(3, attempts - 1));
        wait = (wait < Longest ? wait : Longest) * (0.8 + (0.4 * Chance(delivery, attempts)));
        if (asked is { } longer && longer > wait)
            wait = longer;
        var next = now + wait;
        return next <= goodUntil ? next : null;
    }

    // 0 to 1, from the hash, so that no generator's state has to be kept.
    private double Chance(DeliveryId delivery, int attempts)
    {
        Span<byte> form = stackalloc byte[Hash256.Length + 12];
        delivery.Value.CopyTo(form);
        BinaryPrimitives.WriteUInt64BigEndian(form[Hash256.Length..], Seed);
        BinaryPrimitives.WriteInt32BigEndian(form[(Hash256.Length + 8)..], attempts);
        return BinaryPrimitives.ReadUInt32BigEndian(Keccak256.Hash(form).ToArray()) / (double)uint.MaxValue;
    }
}
