using Busbar.Ledger.Proofs;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Api;

/// <summary>The addresses of the API but those of accounts and notifications: who may use them, and what they are for.</summary>
internal static class ApiRoutes
{
    public static void MapCommunity(RouteGroupBuilder api)
    {
        api.MapGet("/community", CommunityApi.Community).Guard("community.read")
            .Describe("community.read", "The community, as anybody may know it.");
        api.MapGet("/now", NowApi.Now).Guard("now.read")
            .Describe("now.read", "The community now, as sums that show nobody's life.");
        api.MapGet("/houses", HousesApi.Houses).Guard("houses.list")
            .Describe("houses.list", "The houses as they are now, as far as the caller may see them.");
        api.MapGet("/live", LiveStream.RunAsync).Guard("live.stream")
            .Describe("live.stream", "What changes, as it changes.").WithMetadata(LiveStream.Form);
        api.MapGet("/health", HealthApi.Read).Guard("health.read")
            .Describe("health.read", "What is wrong with the node, for those who can do something about it.");
        api.MapGet("/members", CouncilApi.Members).Guard("members.list")
            .Describe("members.list", "The participants on the ledger.");
        api.MapGet("/council", CouncilApi.Council).Guard("council.read")
            .Describe("council.read", "Who rules, by what numbers, and what is proposed.");
        api.MapGet("/load", LoadApi.ReadAsync).Guard("load.read")
            .Describe("load.read", "Load by place, as sums; places of few premises come together.", "BadRequest");
        api.MapGet("/access-requests", () => TypedResults.Ok(new Page<AccessRequestRow>([], null))).Guard("requests.list")
            .Describe("requests.list", "Authorities' requests to see data.");
        api.MapGet("/demo/wallets", DemoApi.Wallets).Guard("demo.wallets")
            .Describe("demo.wallets", "The test wallets of a demonstration, with their keys; no other node has any.", "NotFound")
            .WithMetadata(new Untagged());
    }

    public static void MapMetering(RouteGroupBuilder api)
    {
        api.MapGet("/meters/{meter}/readings", ReadingsApi.ReadingsAsync).Guard("meters.readings")
            .Describe("meters.readings", "A meter's registers at the ends of its newest intervals.", "NotFound");
        api.MapGet("/proofs/{meter}/{start:long}", ReadingsApi.ProofAsync).Guard("proofs.read")
            .Describe(
                "proofs.read", "All that is needed to prove a meter's interval against the chain.",
                "NotFound", "BadRequest")
            .Produces<ProofForm>().WithMetadata(new Untagged());
        api.MapPost("/meters/{meter}/reading", ReadingsApi.TakeReadingAsync).Guard("device.reading")
            .Describe(
                "device.reading",
                "Takes a signed reading; 200 says that it is on the disk, not that it was believed. The device's token is the bearer.",
                "WrongToken", "Oversized")
            .WithMetadata(new Taken(typeof(ReadingBody), "application/json", "application/cbor"));
        api.MapGet("/meters/{meter}/permit", SupplyApi.Permit).Guard("device.permit")
            .Describe("device.permit", "A meter's newest permit. The device's token is the bearer.", "WrongToken", "NotFound")
            .Produces<PermitBody>().WithMetadata(new Untagged());
        api.MapPost("/meters/{meter}/trip", SupplyApi.TripAsync).Guard("devices.trip")
            .Describe("devices.trip", "Trips a meter for safety's or theft's sake; paying does not lift it.", "NotFound");
        api.MapDelete("/meters/{meter}/trip", SupplyApi.ResetAsync).Guard("devices.trip")
            .Describe("devices.trip.reset", "Takes a trip for safety's or theft's sake back.", "NotFound", "BadRequest");
        api.MapGet("/history", HistoryApi.ReadAsync).Guard("history.read")
            .Describe(
                "history.read", "What premises or a meter took and gave; rows add up to the difference of the registers.",
                "NotFound", "BadRequest");
        api.MapGet("/history.csv", HistoryApi.CsvAsync).Guard("history.read")
            .Describe(
                "history.csv", "The same as a table for spreadsheets.",
                "NotFound", "BadRequest").WithMetadata(HistoryApi.Form);
        api.MapGet("/devices", DevicesApi.ListAsync).Guard("devices.list")
            .Describe("devices.list", "Devices: who is there and what they told last.");
        api.MapGet("/devices/{meter}/token", DevicesApi.Token).Guard("devices.token")
            .Describe("devices.token.read", "What a device connects with.", "NotFound");
        api.MapPost("/devices/{meter}/token", DevicesApi.RenewTokenAsync).Guard("devices.token")
            .Describe("devices.token.renew", "Gives a device a new token; the old one opens nothing any more, and its connection is closed.", "NotFound");
        api.MapPost("/devices/{meter}/change", OperatorApi.ChangeMeterAsync).Guard("devices.change")
            .Describe("devices.change", "An operator's word that a meter was changed.", "NotFound", "NotRegistered");
        api.MapGet("/directory", DirectoryApi.Read).Guard("directory.read")
            .Describe("directory.read", "All houses as they are written in the directory.");
        api.MapPost("/directory", DirectoryApi.WriteAsync).Guard("directory.write")
            .Describe("directory.write", "Writes up to 2,000 houses, all or none.", "DirectoryRefused")
            .WithMetadata(new RequestSizeLimitAttribute(DirectoryApi.MostBytes));
        api.MapPut("/directory/{meter}", DirectoryApi.WriteOneAsync).Guard("directory.write")
            .Describe("directory.writeOne", "Writes one house.", "DirectoryRefused");
        api.MapGet("/quarantine", QuarantineApi.ListAsync).Guard("quarantine.list")
            .Describe("quarantine.list", "Readings that were refused, newest first, with their reasons.");
    }

    public static void MapLedger(RouteGroupBuilder api)
    {
        api.MapGet("/anchors", LedgerApi.AnchorsAsync).Guard("anchors.list")
            .Describe("anchors.list", "Closed intervals, newest first, and how they stand on the ledger.", "BadRequest");
        api.MapGet("/anchors/{microgrid}/{start}/tree", LedgerApi.TreeAsync).Guard("anchors.tree")
            .Describe("anchors.tree", "An interval's tree, from the root down.", "NotFound", "BadRequest");
        api.MapGet("/explorer/blocks", ExplorerApi.BlocksAsync).Guard("explorer.read")
            .Describe("explorer.blocks", "Blocks, newest first.");
        api.MapGet("/explorer/blocks/{id}", ExplorerApi.BlockAsync).Guard("explorer.read")
            .Describe("explorer.block", "A block by its number or hash.", "NotFound");
        api.MapGet("/explorer/transactions", ExplorerApi.TransactionsAsync).Guard("explorer.read")
            .Describe("explorer.transactions", "Transactions, newest first: all, a block's, or an address's.", "BadRequest");
        api.MapGet("/explorer/transactions/{hash}", ExplorerApi.TransactionAsync).Guard("explorer.read")
            .Describe("explorer.transaction", "A transaction, decoded where it concerns the community's contracts.", "NotFound");
        api.MapGet("/explorer/addresses/{address}", ExplorerApi.AddressAsync).Guard("explorer.read")
            .Describe("explorer.address", "What the ledger knows of an address.", "BadRequest");
        api.MapGet("/explorer/lookup", ExplorerApi.LookupAsync).Guard("explorer.read")
            .Describe("explorer.lookup", "What a text names on this ledger.", "NotFound", "BadRequest");
        api.MapGet("/explorer/newer", ExplorerApi.NewerAsync).Guard("explorer.read")
            .Describe("explorer.newer", "How much is newer than a block.");
    }
}
