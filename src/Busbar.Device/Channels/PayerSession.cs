using System.Globalization;
using System.Text.Json;
using Busbar.Device.Files;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Channels;

/// <summary>
/// The payer's end of a channel: answers each block with a voucher, never for more than its own meter counted and one block, and never above
/// what the person allowed. What was signed is on disk before it leaves, so that a restart neither forgets it nor pays twice. Thread safe.
/// </summary>
public sealed class PayerSession
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly ChannelDomain _domain;
    private readonly VoucherSigner _signer;
    private readonly BlockRule _rule;
    private readonly MeterRegister _begin;
    private OpenChannel _channel;
    private Coin _limit;
    private Voucher? _signed;

    private PayerSession(string path, OpenChannel channel, ChannelDomain domain, VoucherSigner signer, BlockRule rule, Coin limit, Kept kept)
    {
        (_path, _channel, _domain, _signer, _rule, _limit) = (path, channel, domain, signer, rule, limit);
        (_begin, _signed) = (kept.Begin, kept.Signed);
    }

    /// <summary>The highest voucher that was signed; null while there is none.</summary>
    public Voucher? Signed
    {
        get
        {
            lock (_lock)
                return _signed;
        }
    }

    /// <summary>What may be signed in all; not above what is locked, however high it is set.</summary>
    public Coin Limit
    {
        get
        {
            lock (_lock)
                return _limit;
        }

        set
        {
            lock (_lock)
                _limit = value;
        }
    }

    /// <summary>Takes a channel up, or takes it up again where an earlier run left it.</summary>
    /// <param name="folder">Where its file is; the device's own.</param>
    /// <param name="channel">As the ledger has it.</param>
    /// <param name="domain">Where vouchers have to hold.</param>
    /// <param name="signer">Signs as the channel's signer.</param>
    /// <param name="rule">How the two take turns.</param>
    /// <param name="limit">What may be signed in all.</param>
    /// <param name="register">The own meter's register now: where the count begins, when the channel is taken up for the first time.</param>
    /// <exception cref="ArgumentException">The signer is not the channel's signer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged: signing on could pay twice.</exception>
    public static PayerSession Open(
        string folder, OpenChannel channel, ChannelDomain domain, VoucherSigner signer, BlockRule rule, Coin limit, MeterRegister register)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(signer);
        if (signer.Account != channel.Terms.Signer)
            throw new ArgumentException($"vouchers of this channel are signed by {channel.Terms.Signer}", nameof(signer));
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"channel-{channel.Id}.json"));
        if (!File.Exists(path))
            Write(path, new(register, null));
        return new(path, channel, domain, signer, rule, limit, Read(path, channel.Id));
    }

    /// <summary>Takes over what the ledger has now: after a top-up or an extension.</summary>
    /// <exception cref="ArgumentException">It is another channel.</exception>
    public void Update(OpenChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        lock (_lock)
        {
            if (channel.Id != _channel.Id)
                throw new ArgumentException("another channel", nameof(channel));
            _channel = channel;
        }
    }

    /// <summary>Answers a payee who says that so much was delivered since the opening. The answer to the same question is the same.</summary>
    /// <param name="asked">What the payee wants to be paid for, since the opening.</param>
    /// <param name="register">The own meter's register now.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">What is asked is negative.</exception>
    /// <exception cref="IOException">The disk failed; nothing has left.</exception>
    public PayerAnswer Answer(Energy asked, MeterRegister register, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(asked, Energy.Zero);
        lock (_lock)
        {
            if (now > _channel.LastClosing)
                return new PayerAnswer.TooLate(_channel.LastClosing);
            // What was promised stands: who asks for less has missed the answer.
            if (_signed is { } signed && asked <= signed.Energy)
                return new PayerAnswer.Paid(_signer.Sign(signed, _domain));
            var delivered = register - _begin;
            if (asked - delivered > _rule.Block)
                return new PayerAnswer.NotDelivered(asked, delivered, _rule.Block);
            var total = Coin.FromWei(Int128.Max(_channel.Terms.Price.CostFloor(asked).Wei, _signed?.Total.Wei ?? 0));
            if (total > _channel.Locked)
                return new PayerAnswer.AboveLocked(total, _channel.Locked);
            if (total > _limit)
                return new PayerAnswer.AboveLimit(total, _limit);
            var voucher = new Voucher(_channel.Id, total, asked);
            Write(_path, new(_begin, voucher));
            _signed = voucher;
            return new PayerAnswer.Paid(_signer.Sign(voucher, _domain));
        }
    }

    private static void Write(string path, Kept kept) => DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(new
    {
        begin = kept.Begin.MilliwattHours,
        energy = kept.Signed?.Energy.MilliwattHours,
        totalWei = kept.Signed?.Total.Wei.ToString(CultureInfo.InvariantCulture),
    }));

    private static Kept Read(string path, ChannelId id)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var begin = MeterRegister.FromMilliwattHours(root.GetProperty("begin").GetInt64());
            if (root.GetProperty("energy") is not { ValueKind: JsonValueKind.Number } energy)
                return new(begin, null);
            var total = Int128.Parse(root.GetProperty("totalWei").GetString() ?? "", NumberStyles.None, CultureInfo.InvariantCulture);
            return new(begin, new(id, Coin.FromWei(total), Energy.FromMilliwattHours(energy.GetInt64())));
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException(
                $"{path} does not say what was signed for this channel; restore it, or open another channel", damaged);
        }
    }

    /// <summary>What is on disk.</summary>
    private sealed record Kept(MeterRegister Begin, Voucher? Signed);
}
