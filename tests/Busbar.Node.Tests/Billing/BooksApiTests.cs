using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Sqlite;
using Billed = Busbar.Ledger.Contracts.Billing.Events;

namespace Busbar.Node.Tests.Billing;

/// <summary>The books of a running node over HTTP: drawn up when asked for, loud when one wei is astray, and for whom.</summary>
public sealed class BooksApiTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    [EngineFact]
    public async Task Books_OfTheVillage_ByMonthAndInAll_AndTheSameAsATable()
    {
        await shared.CommunityAsync();
        var arrears = await BilledVillage.TakeAsync(shared.Operator, "arrears");

        var books = await CheckedAsync();

        Assert.Equal((true, 0), (books.GetProperty("agree").GetBoolean(), books.GetProperty("faultCount").GetInt32()));
        var month = Assert.Single(books.GetProperty("months").EnumerateArray());
        var totals = books.GetProperty("totals");
        Assert.Equal(("2026-06", 3), (Text(month, "month"), month.GetProperty("bills").GetInt32()));
        Assert.Equal((Text(totals, "billedWei"), Text(arrears, "totalWei")), (Text(month, "billedWei"), Text(totals, "arrearsWei")));
        Assert.Equal(JsonValueKind.Null, month.GetProperty("lostMwh").ValueKind);
        var lines = (await shared.Operator.GetStringAsync("books.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            $"2026-06,3,{Text(month, "importMwh")},{Text(month, "exportMwh")},,{Text(month, "billedWei")},{Text(month, "paidWei")},"
            + $"{books.GetProperty("block").GetUInt64().ToString(CultureInfo.InvariantCulture)},0",
            lines[1]);
    }

    [EngineFact]
    public async Task Books_OneWeiMoreInAnEventOfTheStore_FaultTold_UntilItIsPutRight()
    {
        var community = await shared.CommunityAsync();
        var stored = (await community.Node.Store.Events.EventsAsync(EventPlace.Start, Billed.BillIssued.Topic, 1, default))[0];
        var dearer = stored.Data.ToArray();
        // The second word is what the bill comes to; the first is what is open of it.
        Assert.Equal(BillOf(stored), new BigInteger(dearer.AsSpan(32, 32), isBigEndian: true));
        dearer[63] ^= 1;

        Write(community, stored, dearer);
        JsonElement books;
        try
        {
            books = await CheckedAsync();
        }
        finally
        {
            Write(community, stored, stored.Data.ToArray());
        }

        Assert.Equal((false, true), (books.GetProperty("agree").GetBoolean(), books.GetProperty("faultCount").GetInt32() > 0));
        var premises = stored.Topics[1].ToString();
        var fault = books.GetProperty("faults").EnumerateArray().First(one => Text(one, "what").StartsWith("bill 1", StringComparison.Ordinal));
        Assert.Equal(premises, Text(fault, "premises"));
        Assert.StartsWith("house ", Text(fault, "name"), StringComparison.Ordinal);
        Assert.Contains("comes to", Text(fault, "detail"), StringComparison.Ordinal);
        Assert.True((await CheckedAsync()).GetProperty("agree").GetBoolean());
    }

    [EngineFact]
    public async Task Books_ForThoseWhoAnswerForAll_CheckedByTheOperatorAlone()
    {
        var community = await shared.CommunityAsync();
        using var regulator = (await TestSession.BeginAsync(community, "books regulator", community.Keys.Regulator.Address)).Client(community);

        foreach (var path in (string[])["books", "books.csv"])
        {
            Assert.Equal((403, "NotAllowed"), await Village.RefusalAsync(shared.Household, path));
            using var seen = await regulator.GetAsync(path);
            Assert.Equal(200, (int)seen.StatusCode);
        }

        using var refused = await regulator.PostAsync("books/check", null);
        Assert.Equal(403, (int)refused.StatusCode);
    }

    // Asked for, and read until they are no longer being drawn up.
    private async Task<JsonElement> CheckedAsync()
    {
        using (var asked = await shared.Operator.PostAsync("books/check", null))
        {
            Assert.Null(await DescribedAnswers.FaultAsync(asked));
            Assert.True(JsonElement.Parse(await asked.Content.ReadAsStringAsync()).GetProperty("checking").GetBoolean());
        }

        using var late = new CancellationTokenSource(TestConnection.Patience);
        while (true)
        {
            var books = await BilledVillage.TakeAsync(shared.Operator, "books");
            if (!books.GetProperty("checking").GetBoolean())
                return books;
            await Task.Delay(20, late.Token);
        }
    }

    private static void Write(TestCommunity community, IndexedEvent stored, byte[] data)
    {
        using var session = SqliteSession.OpenCopier(community.Node.Store.File);
        session.Prepare("UPDATE event SET data = ?1 WHERE block = ?2 AND log_index = ?3").Bind(1, data).Bind(2, stored.Block).Bind(3, stored.LogIndex).Run();
        Assert.Equal(1, session.Changes);
    }

    private BigInteger BillOf(IndexedEvent stored)
    {
        var billing = shared.Community.Node.Parts.Ledger!.Money.Billing;
        return (BigInteger)billing.Find(new(new Hash256(stored.Topics[1].ToArray())))!.Bills[0][0].Bill.Amount.Wei;
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
