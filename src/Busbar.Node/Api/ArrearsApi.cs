using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Billing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Who owes, and debts from before the accounts.</summary>
internal static class ArrearsApi
{
    public static Results<Ok<ArrearsDocument>, ProblemHttpResult> Read(NodeParts parts, string? cursor, int? limit)
    {
        Hash256? after = null;
        if (cursor is not null)
        {
            if (!Hash256.TryParse(cursor, out var parsed))
                return Problems.BadRequest("cursor is the next of the page before");
            after = parsed;
        }

        var now = parts.Clock!.GetCurrentInstant();
        var owing = parts.Ledger!.Money.Billing.Accounts.Where(account => account.Debt > Coin.Zero).ToList();
        var page = owing.Where(account => after is not { } last || account.Premises.Value.CompareTo(last) > 0)
            .Take(PageLimit.Of(limit) + 1).ToList();
        var hasMore = page.Count > PageLimit.Of(limit);
        if (hasMore)
            page.RemoveAt(page.Count - 1);
        var names = parts.Houses!.All().Where(house => house.Premises != default).ToLookup(house => house.Premises, house => house.Name);
        return TypedResults.Ok(new ArrearsDocument(
            BillingApi.Wei(owing.Aggregate(Coin.Zero, (sum, account) => sum + account.Debt)),
            owing.Count,
            [.. page.Select(account => Row(parts, account, names[account.Premises].FirstOrDefault() ?? parts.Houses.NameOf(account.Premises) ?? "", now))],
            hasMore ? page[^1].Premises.ToString() : null,
            [
                .. parts.Billing!.Refused.OrderBy(one => one.Premises.Value).Take(PageLimit.Most).Select(one =>
                    new BillingRefusalDocument(
                        one.Premises.ToString(), names[one.Premises].FirstOrDefault() ?? "", one.Reason, Forms.Text(one.At))),
            ],
            [
                .. parts.Ledger.Money.Billing.Emergencies.Where(pair => pair.Value > now).OrderBy(pair => pair.Key.Number)
                    .Select(pair => new EmergencyDocument(pair.Key.Number, Forms.Text(pair.Value))),
            ]));
    }

    public static ArrearsCheckDocument Check(NodeParts parts, Body<ArrearsForm> body)
    {
        var lines = OpeningArrears.Check(
            [.. body.Form.Rows!.Select(row => new ArrearsLine(row.Line, row.House ?? "", row.Amount ?? "", row.Reference ?? ""))],
            parts.Houses!.All(),
            parts.Ledger!.Money.Billing);
        var ready = lines.Where(one => one is { Fault: null, IsBooked: false }).Aggregate(Coin.Zero, (sum, one) => sum + one.Amount!.Value);
        return new([.. lines.Select(Line)], BillingApi.Wei(ready));
    }

    private static ArrearsLineDocument Line(CheckedArrears one) => new(
        one.Line.Line,
        one.Name,
        one.Premises?.ToString(),
        one.Amount is { } amount ? BillingApi.Wei(amount) : null,
        one.Reference?.ToString(),
        one.IsBooked ? "booked" : one.Fault is null ? "ready" : "refused",
        one.Fault is { } fault ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(fault.ToString()) : null,
        one.Other);

    private static ArrearsRow Row(NodeParts parts, PremisesAccount account, string name, Instant now)
    {
        var open = account.Due.Where(bill => bill.Outstanding > Coin.Zero).ToList();
        return new(
            account.Premises.ToString(),
            name,
            parts.Ledger!.Offices.Members.HolderOf(account.Premises)?.ToString(),
            BillingApi.Wei(account.Debt),
            open.Count,
            open.Count > 0 ? Forms.Text(account.Bills[open[0].Number - 1][0].Place.Time) : null,
            Forms.Text(account.Deadline),
            BillingApi.IsPermitted(parts, account, now),
            open.Exists(bill => bill.IsDisputed),
            [.. account.Due.Where(bill => bill.IsDisputed).Select(bill => bill.Number)],
            account.IsProtected,
            account.IsPrepaid);
    }
}
