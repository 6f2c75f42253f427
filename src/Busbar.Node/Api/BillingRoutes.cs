using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Api;

/// <summary>The addresses of bills and tariffs: who may use them, and what they are for.</summary>
internal static class BillingRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/bills", BillingApi.Bills).Guard("bills.read")
            .Describe("bills.read", "The bills of premises as they are owed now, newest first.", "NotFound", "BadRequest");
        api.MapGet("/bills.csv", BillingApi.Csv).Guard("bills.read")
            .Describe("bills.csv", "All of them with their lines as a table for spreadsheets.", "NotFound")
            .WithMetadata(BillingApi.Form);
        api.MapGet("/bills/{id:int}", BillingApi.Bill).Guard("bills.read")
            .Describe(
                "bills.one", "A bill with each line, the two readings that it follows from, and where it stands on the ledger.", "NotFound");
        api.MapGet("/account", BillingApi.Account).Guard("bills.account")
            .Describe("bills.account", "What premises owe, what they paid, until when they may draw electricity.", "NotFound", "NoAccount");
        api.MapGet("/tariffs", TariffsApi.List).Guard("tariffs.list")
            .Describe("tariffs.list", "Every published tariff, newest first: the text for people and what the ledger charges by.");
        api.MapPost("/tariffs/check", TariffsApi.CheckAsync).Guard("tariffs.check")
            .WithMetadata(new RequestSizeLimitAttribute(TariffCheckForm.MostBytes))
            .Describe("tariffs.check", "What a tariff's text would be on the ledger, or what is wrong with it; changes nothing.");
        api.MapGet("/arrears", ArrearsApi.Read).Guard("bills.arrears")
            .Describe("bills.arrears", "Who owes, and what could not be billed.", "BadRequest");
        api.MapGet("/cash", CashApi.Read).Guard("cash.read")
            .Describe("cash.read", "The cash book, newest first, held against the ledger.", "BadRequest", "NotFound");
        api.MapGet("/cash.csv", CashApi.Csv).Guard("cash.read")
            .Describe("cash.csv", "All of it as a table for spreadsheets.", "NotFound")
            .WithMetadata(CashApi.Form);
        api.MapPost("/cash", CashApi.BookAsync).Guard("cash.write")
            .Describe(
                "cash.book",
                "Books money that went over the counter and makes it the household's coin, or takes the coin back, in one transaction of the node's own key.",
                "NumberTaken", "NoHolder", "LedgerRefused", "NotFound");
        api.MapPost("/arrears/check", ArrearsApi.Check).Guard("arrears.check")
            .WithMetadata(new RequestSizeLimitAttribute(ArrearsForm.MostBytes))
            .Describe("arrears.check", "What would become of each line of a list of debts from before the accounts; changes nothing.");
        api.MapGet("/books", BooksApi.Read).Guard("books.read")
            .Describe(
                "books.read",
                "Energy and money by month, and everything in which ledger, readings and arithmetic do not agree.",
                "NotFound");
        api.MapGet("/books.csv", BooksApi.Csv).Guard("books.read")
            .Describe("books.csv", "The months of the books as a table for spreadsheets.", "NotFound")
            .WithMetadata(BooksApi.Form);
        api.MapPost("/books/check", BooksApi.Check).Guard("books.check")
            .Describe("books.check", "Has the books drawn up anew; ask for them until they are no longer being checked.", "NotFound");
    }
}
