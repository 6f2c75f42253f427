using System.ComponentModel;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.SetUp;

/// <summary>The set-up of an empty node, and what is left of it afterwards.</summary>
internal static class SetUpApi
{
    private const string NoAddress = "0x0000000000000000000000000000000000000000";

    /// <summary>By which codes an empty node refuses to be set up, for the API's description; one that has its community refuses by the first.</summary>
    public static readonly string[] Refusals =
    [
        "AlreadySetUp", "MalformedBody", "InvalidField", "Oversized", "NotJson", "TooManyTries", "InvitationUnknown", "NameTaken", "WrongProof",
        "WrongKeystore", "Busy", "Full",
    ];

    [Description("How far the set-up is.")]
    public static Ok<SetUpDocument> Read(SetUpDesk desk) => TypedResults.Ok(desk.Progress.Read());

    [Description("How far the set-up is.")]
    public static Ok<SetUpDocument> Done() => TypedResults.Ok(SetUpProgress.Done());

    [Description("Sets an empty node up: what the community is, and the account of who sets it up.")]
    public static async Task<Results<Accepted<SetUpDocument>, AccessRefused>> StartAsync(
        SetUpDesk desk, Body<SetUpForm> body, HttpContext context, CancellationToken cancellation) =>
        await desk.ChooseAsync(body.Form, context, cancellation) is { } refused
            ? refused
            : TypedResults.Accepted("/api/v1/setup", desk.Progress.Read());

    [Description("Sets an empty node up; refused by a node that has its community.")]
    public static AccessRefused Refuse() => AlreadySetUp();

    /// <summary>The community's document while there is none.</summary>
    public static CommunityDocument NoCommunity(NodeOptions options) => new(
        "",
        "UTC",
        Domain.Metering.IntervalLength.Default.Minutes,
        options.ChainId,
        new(NoAddress, NoAddress, NoAddress, NoAddress, null, null, null, null, null, null, null, null),
        [],
        options.IsDemonstration,
        Forms.Text(options.SystemClock.GetCurrentInstant()),
        CommunityApi.Version,
        options.MqttPort,
        NoAddress,
        SetUp: false);

    public static AccessRefused AlreadySetUp() =>
        new(StatusCodes.Status409Conflict, "AlreadySetUp", "this node has its community already; nothing was changed");

    public static AccessRefused NotSetUp() => new(
        StatusCodes.Status503ServiceUnavailable, "NotSetUp", "this node has no community yet; its page sets one up")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };
}
