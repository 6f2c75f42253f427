using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Channels;

/// <summary>A voucher that a payee holds.</summary>
/// <param name="Terms">Of its channel.</param>
/// <param name="Signed">The highest that was taken.</param>
/// <param name="At">When it was taken, to the millisecond.</param>
public sealed record StoredVoucher(ChannelTerms Terms, SignedVoucher Signed, Instant At);

/// <summary>
/// The highest voucher of each channel, on SQLite: it is money, so it is on disk before anybody is told that it was taken, and neither its
/// total nor its energy ever falls. Safe for concurrent callers.
/// </summary>
public sealed class SqliteVouchers
{
    internal const string Step =
        """
        CREATE TABLE channel_voucher (
            channel BLOB PRIMARY KEY, payer BLOB NOT NULL, payee BLOB NOT NULL, signer BLOB NOT NULL, price BLOB NOT NULL, opened INTEGER NOT NULL,
            total BLOB NOT NULL, energy INTEGER NOT NULL, signature BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const int AmountLength = 16;

    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;

    internal SqliteVouchers(StoreWriter writer, ReaderPool readers) => (_writer, _readers) = (writer, readers);

    /// <summary>The highest voucher of every channel that has one, in the order of the channels' ids.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<StoredVoucher>> AllAsync(CancellationToken cancellation) => _readers.ReadAsync(Read, cancellation);

    /// <summary>Puts a voucher in the place of the channel's earlier one; on disk when it completes.</summary>
    /// <returns>False, and nothing written, when a higher one is there: in total or in energy.</returns>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task<bool> PutAsync(StoredVoucher voucher, CancellationToken cancellation) =>
        _writer.DoAsync(transaction => Put(transaction.Session, voucher), alone: false, cancellation);

    /// <summary>Forgets the voucher of a channel that is over; on disk when it completes.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task RemoveAsync(ChannelId channel, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare("DELETE FROM channel_voucher WHERE channel = ?1").Bind(1, channel.Value).Run();
            return 1;
        },
        alone: false,
        cancellation);

    private static bool Put(SqliteSession session, StoredVoucher stored)
    {
        var (voucher, terms) = (stored.Signed.Voucher, stored.Terms);
        if (voucher.Channel != terms.Id)
            throw new ArgumentException("the voucher is of another channel than the terms", nameof(stored));
        Span<byte> amount = stackalloc byte[AmountLength];
        Span<byte> price = stackalloc byte[AmountLength];
        // Not negative, so the order of the bytes is that of the amounts.
        BinaryPrimitives.WriteInt128BigEndian(amount, voucher.Total.Wei);
        BinaryPrimitives.WriteUInt128BigEndian(price, terms.Price.WeiPerKilowattHour);
        session.Prepare(
            """
            INSERT INTO channel_voucher (channel, payer, payee, signer, price, opened, total, energy, signature, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (channel) DO UPDATE SET total = excluded.total, energy = excluded.energy, signature = excluded.signature, at = excluded.at
            WHERE excluded.total >= total AND excluded.energy >= energy
            """)
            .Bind(1, voucher.Channel.Value).Bind(2, terms.Payer).Bind(3, terms.Payee).Bind(4, terms.Signer).Bind(5, price)
            .Bind(6, terms.Opened.ToUnixTimeSeconds()).Bind(7, amount).Bind(8, voucher.Energy.MilliwattHours)
            .Bind(9, stored.Signed.Signature.ToArray()).Bind(10, stored.At.ToUnixTimeMilliseconds()).Run();
        return session.Changes == 1;
    }

    private static IReadOnlyList<StoredVoucher> Read(SqliteSession session)
    {
        using var rows = session.Prepare(
            "SELECT channel, payer, payee, signer, price, opened, total, energy, signature, at FROM channel_voucher ORDER BY channel");
        var vouchers = new List<StoredVoucher>();
        while (rows.Step())
        {
            var terms = new ChannelTerms(
                rows.Address(1),
                rows.Address(2),
                rows.Address(3),
                Price.FromWeiPerKilowattHour(BinaryPrimitives.ReadUInt128BigEndian(rows.Blob(4))),
                Instant.FromUnixTimeSeconds(rows.Int64(5)));
            var voucher = new Voucher(
                new(rows.Hash(0)),
                Coin.FromWei(BinaryPrimitives.ReadInt128BigEndian(rows.Blob(6))),
                Energy.FromMilliwattHours(rows.Int64(7)));
            vouchers.Add(new(terms, new(voucher, Signature.FromBytes(rows.Blob(8))), Instant.FromUnixTimeMilliseconds(rows.Int64(9))));
        }

        return vouchers;
    }
}
