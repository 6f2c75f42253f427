using Busbar.Cryptography;
using SQLitePCL;

namespace Busbar.Store.Sqlite;

/// <summary>
/// A prepared statement of one session, kept for use after use. <see cref="Dispose"/> ends one use: it resets the statement;
/// the session itself finalizes it. Parameters count from 1, columns from 0.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteSession _session;
    private readonly sqlite3_stmt _handle;

    public Statement(SqliteSession session, string sql)
    {
        _session = session;
        session.Check(raw.sqlite3_prepare_v2(session.Handle, sql, out _handle));
    }

    public Statement Bind(int index, long value)
    {
        _session.Check(raw.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    /// <summary>Block numbers, sequences: the same 64 bits, read back by <see cref="UInt64"/>.</summary>
    public Statement Bind(int index, ulong value) => Bind(index, unchecked((long)value));

    public Statement Bind(int index, string? value)
    {
        _session.Check(value is null ? raw.sqlite3_bind_null(_handle, index) : raw.sqlite3_bind_text(_handle, index, value));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        // A null pointer would bind NULL where an empty blob is meant.
        _session.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_handle, index, 0) : raw.sqlite3_bind_blob(_handle, index, value));
        return this;
    }

    public Statement Bind(int index, Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Length];
        hash.CopyTo(bytes);
        return Bind(index, bytes);
    }

    public Statement Bind(int index, Address address)
    {
        Span<byte> bytes = stackalloc byte[Cryptography.Address.Length];
        address.CopyTo(bytes);
        return Bind(index, bytes);
    }

    public Statement BindNull(int index)
    {
        _session.Check(raw.sqlite3_bind_null(_handle, index));
        return this;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_handle);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result == raw.SQLITE_DONE)
            return false;
        throw _session.Fail(result);
    }

    /// <summary>Runs to the end and makes ready for the next use.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Dispose();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public int Int32(int column) => checked((int)raw.sqlite3_column_int64(_handle, column));

    public ulong UInt64(int column) => unchecked((ulong)raw.sqlite3_column_int64(_handle, column));

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? "";

    /// <summary>The bytes, good until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_handle, column);

    public Hash256 Hash(int column) => new(Blob(column));

    public Address Address(int column) => new(Blob(column));

    public void Dispose()
    {
        // The result repeats the failure of the step, which was thrown there.
        _ = raw.sqlite3_reset(_handle);
        _ = raw.sqlite3_clear_bindings(_handle);
    }

    public void Close() => _handle.Dispose();
}
