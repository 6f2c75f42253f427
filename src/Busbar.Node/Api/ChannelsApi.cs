using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;
using Busbar.Node.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Api;

/// <summary>Channels: what stands in them, and the vouchers that pay for them.</summary>
internal static class ChannelsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/channels", List).Guard("channels.read")
            .Describe(
                "channels.list",
                "Channels, newest first: one's own, or all for those who answer for the community.",
                "BadRequest", "NotFound");
        api.MapGet("/channels/{id}", One).Guard("channels.read")
            .Describe("channels.one", "A channel; its payee gets the highest voucher with it, to close with from a wallet.", "NotFound");
        api.MapPost("/channels/{id}/vouchers", TakeAsync).Guard("channels.voucher")
            .Describe(
                "channels.voucher",
                "Takes the payer's voucher; when it is answered, it is on the node's disk. What allows it is the voucher's own signature.",
                "NotFound", "ChannelUnknown", "WrongSignature", "VoucherLower", "VoucherAboveLocked", "VoucherTooLittle", "ChannelTooLate");
    }

    internal static Results<Ok<ChannelPage>, ProblemHttpResult> List(NodeParts parts, RequestAccess access, string? cursor, int? limit)
    {
        if (parts.Channels is not { } desk)
            return NoChannels();
        if (cursor is not null && !Hash256.TryParse(cursor, out _))
            return Problems.BadRequest("cursor is the next of the page before");
        var mine = desk.All().Where(standing => Covers(access, standing));
        if (cursor is not null)
        {
            var last = Hash256.Parse(cursor);
            mine = mine.SkipWhile(standing => standing.Channel.Channel.Id.Value != last).Skip(1);
        }

        var most = PageLimit.Of(limit);
        var some = mine.Take(most + 1).ToList();
        var rows = some.Take(most).Select(standing => Row(parts, standing, access)).ToList();
        return TypedResults.Ok(new ChannelPage(
            desk.Domain.Contract.ToString(),
            desk.Closer.ToString(),
            Forms.Number(desk.Rule.Block.MilliwattHours),
            rows,
            some.Count > most ? rows[^1].Id : null));
    }

    internal static Results<Ok<ChannelRow>, ProblemHttpResult> One(NodeParts parts, RequestAccess access, string id)
    {
        if (parts.Channels is not { } desk)
            return NoChannels();
        return Hash256.TryParse(id, out var hash) && desk.Find(new(hash)) is { } standing && Covers(access, standing)
            ? TypedResults.Ok(Row(parts, standing, access))
            : Problems.NotFound("there is no such channel that the caller may see");
    }

    internal static async Task<Results<Ok<VoucherAnswer>, ProblemHttpResult>> TakeAsync(
        NodeParts parts, string id, Body<VoucherForm> body, CancellationToken cancellation)
    {
        if (parts.Channels is not { } desk)
            return NoChannels();
        if (!Hash256.TryParse(id, out var hash))
            return Problems.NotFound("a channel's id is 0x and 64 digits");
        return await desk.TakeAsync(body.Form.ToVoucher(new(hash)), cancellation) switch
        {
            VoucherOutcome.Taken { Standing: var standing } => TypedResults.Ok(new VoucherAnswer(
                BillingApi.Wei(standing.Best!.Voucher.Total),
                Forms.Number(standing.Best.Voucher.Energy.MilliwattHours),
                Forms.Number(standing.MayFlow.MilliwattHours),
                Forms.Number(FlowOf(parts, standing.Channel.Channel.Id).Arrived.MilliwattHours))),
            VoucherOutcome.Refused { Reason: var reason } => Refuse(reason),
            var other => throw new InvalidOperationException($"unknown outcome {other}"),
        };
    }

    private static ChannelFlow FlowOf(NodeParts parts, ChannelId id) => parts.Turns?.FlowOf(id) ?? ChannelFlow.None;

    private static ProblemHttpResult Refuse(VoucherRefused reason) => reason switch
    {
        VoucherRefused.UnknownChannel => Problems.Problem(StatusCodes.Status404NotFound, "ChannelUnknown", reason.Detail),
        VoucherRefused.WrongSigner => Problems.Problem(StatusCodes.Status401Unauthorized, "WrongSignature", reason.Detail),
        VoucherRefused.Lower => Problems.Problem(StatusCodes.Status409Conflict, "VoucherLower", reason.Detail),
        VoucherRefused.AboveLocked => Problems.Problem(StatusCodes.Status409Conflict, "VoucherAboveLocked", reason.Detail),
        VoucherRefused.TooLittle => Problems.Problem(StatusCodes.Status409Conflict, "VoucherTooLittle", reason.Detail),
        VoucherRefused.TooLate => Problems.Problem(StatusCodes.Status409Conflict, "ChannelTooLate", reason.Detail),
        _ => throw new InvalidOperationException($"unknown refusal {reason}"),
    };

    private static bool Covers(RequestAccess access, ChannelStanding standing)
    {
        var terms = standing.Channel.Channel.Terms;
        return access.Grant == Grant.All || (access.Caller.Address is { } caller && (caller == terms.Payer || caller == terms.Payee));
    }

    private static ChannelRow Row(NodeParts parts, ChannelStanding standing, RequestAccess access)
    {
        var flow = FlowOf(parts, standing.Channel.Channel.Id);
        var ((channel, place, ending, counted), best) = (standing.Channel, standing.Best);
        var terms = channel.Terms;
        return new(
            channel.Id.ToString(),
            terms.Payer.ToString(),
            terms.Payee.ToString(),
            terms.Signer.ToString(),
            terms.Price.WeiPerKilowattHour.ToString(CultureInfo.InvariantCulture),
            Forms.Text(terms.Opened),
            Forms.Text(channel.End),
            Forms.Text(channel.LastClosing),
            ending is null ? "open" : ending.IsReclaimed ? "reclaimed" : "closed",
            BillingApi.Wei(channel.Locked),
            best is null ? null : BillingApi.Wei(best.Voucher.Total),
            best is null ? null : Forms.Number(best.Voucher.Energy.MilliwattHours),
            // Who has it can close with it; nobody else has a use for it.
            best is not null && access.Caller.Address == terms.Payee ? best.Signature.ToString() : null,
            Forms.Number(standing.MayFlow.MilliwattHours),
            Forms.Number(counted.MilliwattHours),
            new(
                flow.Phase switch
                {
                    ChannelFlowPhase.Idle => "idle",
                    ChannelFlowPhase.Waiting => "waiting",
                    ChannelFlowPhase.Flowing => "flowing",
                    _ => throw new InvalidOperationException($"unknown phase {flow.Phase}"),
                },
                Forms.Number(flow.Arrived.MilliwattHours),
                flow.Trouble),
            standing.ClosesItself,
            standing.Trouble,
            ending is null ? null : new(
                BillingApi.Wei(ending.Paid),
                BillingApi.Wei(ending.Returned),
                Forms.Number(ending.Energy.MilliwattHours),
                BillingApi.Place(ending.Place)),
            BillingApi.Place(place));
    }

    private static ProblemHttpResult NoChannels() => Problems.NotFound("this community has no channels on its ledger");
}

/// <summary>A voucher of a payer.</summary>
internal sealed record VoucherForm : IRequestForm
{
    public static int MostBytes => 1024;

    [Required]
    [Description("Owed since the opening.")]
    public string? TotalWei { get; init; }

    [Required]
    [Description("Delivered since the opening.")]
    public string? EnergyMwh { get; init; }

    [Required]
    [Description("Of the channel's signer over the voucher (EIP-712): r, s, v.")]
    public string? Signature { get; init; }

    public AccessRefused? Check()
    {
        if (!Int128.TryParse(TotalWei, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return AccessRefused.InvalidField("totalWei", "is a whole number of wei below 2^127");
        if (!long.TryParse(EnergyMwh, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return AccessRefused.InvalidField("energyMwh", "is a whole number of mWh below 2^63");
        return TryRead(Signature, out _) ? null : AccessRefused.InvalidField("signature", "is 0x and 130 digits, v being 27 or 28");
    }

    /// <summary>The voucher; only of a form that was checked.</summary>
    public SignedVoucher ToVoucher(ChannelId channel)
    {
        _ = TryRead(Signature, out var signature);
        return new(
            new(
                channel,
                Coin.FromWei(Int128.Parse(TotalWei!, CultureInfo.InvariantCulture)),
                Energy.FromMilliwattHours(long.Parse(EnergyMwh!, CultureInfo.InvariantCulture))),
            signature);
    }

    private static bool TryRead(string? text, out Signature signature)
    {
        signature = default;
        if (text is not { Length: (Cryptography.Signature.Length * 2) + 2 })
            return false;
        try
        {
            return Cryptography.Signature.TryFromBytes(HexText.Decode(text), out signature);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>A voucher was taken.</summary>
internal sealed record VoucherAnswer(
    [property: Description("Of the highest voucher held.")] string TotalWei,
    [property: Description("Of the highest voucher held.")] string EnergyMwh,
    [property: Description("Up to so much since the opening may be delivered now.")] string MayFlowMwh,
    [property: Description("So much has arrived since the opening, as both meters told last: what the next voucher is to be for.")] string AskedMwh);

/// <summary>Channels.</summary>
internal sealed record ChannelPage(
    [property: Description("The contract, which vouchers name.")] string Contract,
    [property: Description("The node's account, which closes for payees who named it.")] string Closer,
    [property: Description("So much flows ahead of the vouchers.")] string BlockMwh,
    IReadOnlyList<ChannelRow> Items,
    [property: Description("Ask again with this as cursor for what follows; null at the end.")] string? Next);

/// <summary>A channel.</summary>
internal sealed record ChannelRow(
    string Id,
    string Payer,
    string Payee,
    [property: Description("Whose vouchers count.")] string Signer,
    [property: Description("For a kWh.")] string PriceWei,
    string Opened,
    [property: Description("Nothing is delivered from then on.")] string End,
    [property: Description("The last second in which the ledger takes a closing.")] string LastClosing,
    [property: OneOf(typeof(ChannelPhase), Letters.Camel)] string Phase,
    string LockedWei,
    [property: Description("Of the highest voucher that this node holds; null while there is none.")] string? VoucherWei,
    [property: Description("Of the highest voucher that this node holds; null while there is none.")] string? VoucherMwh,
    [property: Description("Of the highest voucher; only for the payee.")] string? VoucherSignature,
    [property: Description("Up to so much since the opening may be delivered now.")] string MayFlowMwh,
    [property: Description("Taken off the bills of both so far.")] string CountedMwh,
    ChannelFlowDocument Flow,
    [property: Description("Whether the payee has named this node as who closes.")] bool ClosesItself,
    [property: Description("What keeps the node from closing it; null when nothing does.")] string? Trouble,
    [property: Description("How it ended; null while it is open.")] ChannelEndingDocument? Ending,
    [property: Description("Where its opening stands on the ledger.")] PlaceDocument Place);

/// <summary>Where the energy of a channel stands.</summary>
internal sealed record ChannelFlowDocument(
    [property: Description("Idle while nothing is heard of the payer.")][property: OneOf(typeof(ChannelFlowPhase), Letters.Camel)] string Phase,
    [property: Description("Since the opening, as both meters told last.")] string ArrivedMwh,
    [property: Description("Why nothing flows although it might; null when nothing is in the way.")] string? Trouble);

/// <summary>How a channel ended.</summary>
internal sealed record ChannelEndingDocument(string PaidWei, string ReturnedWei, string EnergyMwh, PlaceDocument Place);

/// <summary>Where a channel is.</summary>
internal enum ChannelPhase
{
    /// <summary>Vouchers count.</summary>
    Open,

    /// <summary>The payee was paid.</summary>
    Closed,

    /// <summary>Nobody closed it in time; the payer took everything back.</summary>
    Reclaimed,
}
