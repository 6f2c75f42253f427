using Busbar.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>What an operator does to meters.</summary>
internal static class OperatorApi
{
    public static async Task<Results<NoContent, ProblemHttpResult>> ChangeMeterAsync(
        NodeParts parts, RequestAccess access, string meter, MeterChangeForm form, CancellationToken cancellation)
    {
        if (ReadingsApi.Find(parts, access, meter) is not { } house)
            return Problems.NotFound("no such meter");
        var note = form.Boot is null && form.Import is null && form.Export is null
            ? form.Reason
            : $"{form.Reason} (boot {form.Boot}, import {form.Import} mWh, export {form.Export} mWh)";
        return await parts.Changes!.RecordAsync(house.Meter, string.IsNullOrWhiteSpace(form.Reason) ? "" : note, cancellation) switch
        {
            MeterChangeOutcome.Recorded => TypedResults.NoContent(),
            MeterChangeOutcome.NoteRefused refused =>
                Problems.BadRequest($"reason has 1 to {refused.Maximum} characters"),
            _ => Problems.Problem(StatusCodes.Status409Conflict, "NotRegistered", "the ledger has no such meter in service; a regulator registers it"),
        };
    }
}

/// <summary>An operator's word that a meter was changed: its registers may go back once, with a new boot count.</summary>
/// <param name="Reason">Why, in the operator's words.</param>
internal sealed record MeterChangeForm(string Reason)
{
    /// <summary>The new meter's boot count; for the record only.</summary>
    public uint? Boot { get; init; }

    /// <summary>The new meter's import register in milliwatt-hours; for the record only.</summary>
    public string? Import { get; init; }

    /// <summary>The new meter's export register in milliwatt-hours; for the record only.</summary>
    public string? Export { get; init; }
}
