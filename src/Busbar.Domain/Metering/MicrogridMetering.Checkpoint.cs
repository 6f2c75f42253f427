using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <content>The state as bytes, so that a restart need not apply the whole journal.</content>
public sealed partial class MicrogridMetering
{
    private const byte CheckpointVersion = 1;

    /// <summary>Writes everything but the rules and the secret, which their owner keeps.</summary>
    public byte[] ToCheckpoint()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(CheckpointVersion);
        WriteOptional(writer, _next);
        WriteOptional(writer, _firstClosed);
        WriteOptional(writer, _firstReading);
        writer.Write(_settled);
        writer.Write(_lastTick == Instant.MinValue ? long.MinValue : _lastTick.ToUnixTimeMilliseconds());
        writer.Write(_resumedAt == Instant.MinValue ? long.MinValue : _resumedAt.ToUnixTimeMilliseconds());
        writer.Write(_dirty.Count);
        foreach (var (boundary, since) in _dirty)
        {
            writer.Write(boundary);
            writer.Write(since == Instant.MinValue ? long.MinValue : since.ToUnixTimeMilliseconds());
        }

        writer.Write(_corrected.Count);
        foreach (var (boundary, version) in _corrected)
        {
            writer.Write(boundary);
            writer.Write(version);
        }

        writer.Write(_accounts.Count);
        foreach (var account in _accounts.Values)
            MeterAccountForm.Write(writer, account);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Makes the state anew from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of another version, or no checkpoint.</exception>
    public static MicrogridMetering FromCheckpoint(
        ReadOnlyMemory<byte> state, MicrogridId microgrid, Hash256 master, MeteringRules rules)
    {
        using var reader = new BinaryReader(new MemoryStream(state.ToArray()));
        if (reader.ReadByte() != CheckpointVersion)
            throw new InvalidDataException("the checkpoint is of another version; the journal is applied from its start instead");
        var metering = new MicrogridMetering(microgrid, master, rules)
        {
            _next = ReadOptional(reader),
            _firstClosed = ReadOptional(reader),
            _firstReading = ReadOptional(reader),
            _settled = reader.ReadInt64(),
            _lastTick = ReadInstant(reader),
            _resumedAt = ReadInstant(reader),
        };
        for (var left = reader.ReadInt32(); left > 0; left--)
            metering._dirty.Add(reader.ReadInt64(), ReadInstant(reader));
        for (var left = reader.ReadInt32(); left > 0; left--)
            metering._corrected.Add(reader.ReadInt64(), reader.ReadInt32());
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var account = MeterAccountForm.Read(reader);
            metering._accounts.Add(account.Registration.Meter, account);
        }

        return metering;
    }

    internal static void WriteOptional(BinaryWriter writer, long? value)
    {
        writer.Write(value is not null);
        writer.Write(value ?? 0);
    }

    internal static long? ReadOptional(BinaryReader reader)
    {
        var present = reader.ReadBoolean();
        var value = reader.ReadInt64();
        return present ? value : null;
    }

    private static Instant ReadInstant(BinaryReader reader) =>
        reader.ReadInt64() is var milliseconds && milliseconds == long.MinValue
            ? Instant.MinValue
            : Instant.FromUnixTimeMilliseconds(milliseconds);
}
