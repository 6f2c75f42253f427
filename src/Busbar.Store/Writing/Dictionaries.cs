using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Writing;

/// <summary>Small numbers for meters (one for each microgrid that a meter has been in) and firmware, given on first use.</summary>
internal sealed class Dictionaries(SqliteSession session)
{
    private const string FindMeter = "SELECT no FROM meter WHERE id = ?1 AND microgrid = ?2";
    private const string AddMeter = "INSERT INTO meter (id, microgrid) VALUES (?1, ?2) RETURNING no";
    private const string FindFirmware = "SELECT no FROM firmware WHERE hash = ?1";
    private const string AddFirmware = "INSERT INTO firmware (hash) VALUES (?1) RETURNING no";

    private readonly Dictionary<(MeterId, MicrogridId), int> _meters = [];
    private readonly Dictionary<Hash256, int> _firmware = [];

    public int Meter(MeterId meter, MicrogridId microgrid)
    {
        if (_meters.TryGetValue((meter, microgrid), out var number))
            return number;
        number = First(session.Prepare(FindMeter).Bind(1, meter.Key).Bind(2, microgrid.Number))
            ?? First(session.Prepare(AddMeter).Bind(1, meter.Key).Bind(2, microgrid.Number))
            ?? throw new InvalidOperationException("RETURNING returned nothing");
        _meters.Add((meter, microgrid), number);
        return number;
    }

    public int Firmware(Hash256 hash)
    {
        if (_firmware.TryGetValue(hash, out var number))
            return number;
        number = First(session.Prepare(FindFirmware).Bind(1, hash))
            ?? First(session.Prepare(AddFirmware).Bind(1, hash))
            ?? throw new InvalidOperationException("RETURNING returned nothing");
        _firmware.Add(hash, number);
        return number;
    }

    public void Forget()
    {
        _meters.Clear();
        _firmware.Clear();
    }

    private static int? First(Statement statement)
    {
        using (statement)
        {
            if (!statement.Step())
                return null;
            var number = statement.Int32(0);
            while (statement.Step())
            {
            }

            return number;
        }
    }
}
