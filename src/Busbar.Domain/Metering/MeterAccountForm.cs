using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>A meter's account as bytes, within a checkpoint.</summary>
internal static class MeterAccountForm
{
    public static void Write(BinaryWriter writer, MeterAccount account)
    {
        writer.Write(account.Earlier.Count);
        foreach (var span in account.Earlier.Append(account.Registration))
            WriteRegistration(writer, span);
        writer.Write(account.NextSequence is not null);
        writer.Write(account.NextSequence ?? 0);
        MicrogridMetering.WriteOptional(writer, account.LastBoundary);
        writer.Write(account.ChangeRecorded);
        writer.Write(account.ResetSinceBoundary);
        writer.Write(account.Counted is not null);
        if (account.Counted is { } counted)
            WriteRegisters(writer, counted);
        writer.Write(account.Last is not null);
        if (account.Last is { } last)
            WriteReading(writer, last);
        foreach (var (sequence, digest) in account.Recent)
        {
            writer.Write(sequence);
            writer.Write(digest.ToArray());
        }

        // An empty window has no first point; what it was would differ between a state and its copy.
        writer.Write(account.Points.Count == 0 ? 0 : account.Points.First);
        writer.Write(account.Points.Count);
        for (var i = 0; i < account.Points.Count; i++)
            WritePoint(writer, account.Points[account.Points.First + i]);
        for (var hour = 0; hour < account.Profile.Seen.Length; hour++)
        {
            writer.Write(account.Profile.Seen[hour]);
            writer.Write(account.Profile.Import[hour]);
            writer.Write(account.Profile.Export[hour]);
        }

        writer.Write(account.Signed.Count);
        foreach (var (boundary, signed) in account.Signed)
        {
            writer.Write(boundary);
            WriteReading(writer, signed.Reading);
            writer.Write(signed.Signature.ToArray());
        }
    }

    public static MeterAccount Read(BinaryReader reader)
    {
        var earlier = new MeterRegistration[reader.ReadInt32()];
        for (var i = 0; i < earlier.Length; i++)
            earlier[i] = ReadRegistration(reader);
        var account = new MeterAccount(ReadRegistration(reader));
        account.Earlier.AddRange(earlier);
        var (hasSequence, sequence) = (reader.ReadBoolean(), reader.ReadUInt64());
        account.NextSequence = hasSequence ? sequence : null;
        account.LastBoundary = MicrogridMetering.ReadOptional(reader);
        account.ChangeRecorded = reader.ReadBoolean();
        account.ResetSinceBoundary = reader.ReadBoolean();
        account.Counted = reader.ReadBoolean() ? ReadRegisters(reader) : null;
        account.Last = reader.ReadBoolean() ? ReadReading(reader) : null;
        for (var i = 0; i < account.Recent.Length; i++)
            account.Recent[i] = (reader.ReadUInt64(), ReadHash(reader));
        var (first, count) = (reader.ReadInt64(), reader.ReadInt32());
        for (var i = 0; i < count; i++)
            account.Points[first + i] = ReadPoint(reader);
        for (var hour = 0; hour < account.Profile.Seen.Length; hour++)
        {
            account.Profile.Seen[hour] = reader.ReadByte();
            account.Profile.Import[hour] = reader.ReadDouble();
            account.Profile.Export[hour] = reader.ReadDouble();
        }

        for (var left = reader.ReadInt32(); left > 0; left--)
            account.Signed.Add(reader.ReadInt64(), new(ReadReading(reader), Signature.FromBytes(reader.ReadBytes(Signature.Length))));
        return account;
    }

    private static void WriteRegistration(BinaryWriter writer, MeterRegistration registration)
    {
        writer.Write(registration.Meter.Key.ToArray());
        writer.Write((byte)registration.Kind);
        writer.Write((byte)registration.Commodity);
        writer.Write(registration.Microgrid.Number);
        writer.Write(registration.Premises.Value.ToArray());
        writer.Write(registration.Participant.ToArray());
        writer.Write(registration.Firmware.ToArray());
        writer.Write(registration.RegisteredAt.ToUnixTimeSeconds());
        MicrogridMetering.WriteOptional(writer, registration.RetiredAt?.ToUnixTimeSeconds());
    }

    private static MeterRegistration ReadRegistration(BinaryReader reader)
    {
        var meter = new MeterId(ReadAddress(reader));
        var (kind, commodity) = ((MeterKind)reader.ReadByte(), (Commodity)reader.ReadByte());
        var microgrid = new MicrogridId(reader.ReadUInt32());
        var premises = new PremisesId(ReadHash(reader));
        var (participant, firmware) = (ReadAddress(reader), ReadHash(reader));
        var registered = Instant.FromUnixTimeSeconds(reader.ReadInt64());
        Instant? retired = MicrogridMetering.ReadOptional(reader) is { } seconds ? Instant.FromUnixTimeSeconds(seconds) : null;
        return new(meter, kind, commodity, microgrid, premises, participant, firmware, registered, retired);
    }

    private static void WriteReading(BinaryWriter writer, Reading reading)
    {
        writer.Write(reading.Meter.Key.ToArray());
        writer.Write(reading.Boot);
        writer.Write(reading.Sequence);
        writer.Write(reading.Instant.ToUnixTimeSeconds());
        WriteRegisters(writer, reading.Registers);
        writer.Write(reading.Firmware.ToArray());
        writer.Write((ushort)reading.Flags);
    }

    private static Reading ReadReading(BinaryReader reader)
    {
        var meter = new MeterId(ReadAddress(reader));
        var (boot, sequence) = (reader.ReadUInt32(), reader.ReadUInt64());
        var instant = Instant.FromUnixTimeSeconds(reader.ReadInt64());
        var registers = ReadRegisters(reader);
        return new(meter, boot, sequence, instant, registers, ReadHash(reader), (ReadingFlags)reader.ReadUInt16());
    }

    private static void WritePoint(BinaryWriter writer, BoundaryPoint point)
    {
        writer.Write((byte)point.Source);
        if (point.Source == PointSource.Unknown)
            return;
        WriteRegisters(writer, point.Registers);
        writer.Write(point.Digest.ToArray());
        writer.Write((ushort)point.Flags);
        writer.Write(point.AfterReset);
    }

    private static BoundaryPoint ReadPoint(BinaryReader reader)
    {
        var source = (PointSource)reader.ReadByte();
        return source == PointSource.Unknown
            ? default
            : new(source, ReadRegisters(reader), ReadHash(reader), (ReadingFlags)reader.ReadUInt16(), reader.ReadBoolean());
    }

    private static void WriteRegisters(BinaryWriter writer, Registers registers)
    {
        writer.Write(registers.Import.MilliwattHours);
        writer.Write(registers.Export.MilliwattHours);
        for (var band = 0; band < BandRegisters.Count; band++)
            writer.Write(registers.Bands[band].MilliwattHours);
    }

    private static Registers ReadRegisters(BinaryReader reader)
    {
        var (import, export) = (ReadRegister(reader), ReadRegister(reader));
        return new(import, export, new(ReadRegister(reader), ReadRegister(reader), ReadRegister(reader), ReadRegister(reader)));
    }

    private static MeterRegister ReadRegister(BinaryReader reader) => MeterRegister.FromMilliwattHours(reader.ReadInt64());

    private static Hash256 ReadHash(BinaryReader reader) => new(reader.ReadBytes(Hash256.Length));

    private static Address ReadAddress(BinaryReader reader) => new(reader.ReadBytes(Address.Length));
}
