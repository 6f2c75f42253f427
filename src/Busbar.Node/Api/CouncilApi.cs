using System.ComponentModel;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Ledger.Indexing;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Who rules, by what numbers, and who takes part: what the contracts say.</summary>
internal static class CouncilApi
{
    public static CouncilDocument Council(NodeParts parts, NodeOptions options, NodeKeys keys)
    {
        var now = parts.Clock!.GetCurrentInstant();
        var council = parts.Ledger!.Offices.Council;
        var regulators = council.Regulators;
        return new(
            council.Owner.ToString(),
            council.PendingOwner?.ToString(),
            [.. regulators.Select(one => new RegulatorDocument(one.Account.ToString(), Forms.Text(one.Since)))],
            [
                .. council.Scheduled.Select(one => new ChangeDocument(
                    one.InOffice ? "regulatorAdded" : "regulatorRemoved", one.Account.ToString(), Forms.Text(one.EffectiveAt))),
            ],
            [.. council.Rules(now).Select(Rule)],
            [.. council.Proposals(now).Select(one => Proposal(one, (regulators.Count / 2) + 1))],
            [
                .. council.Appointments(now).Select(one => new AppointmentDocument(
                    Camel(one.Office.ToString()), one.Account.ToString(), one.Microgrid?.Number, Forms.Text(one.Until))),
            ],
            [.. council.Directory.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new OfficeDocument(entry.Key, entry.Value.ToString()))],
            Node(parts, options, keys.Operator.Address, now));
    }

    // One appointment for all microgrids, or one for each.
    private static NodeOperatorDocument Node(NodeParts parts, NodeOptions options, Address key, Instant now)
    {
        var roles = parts.Ledger!.Offices.RolesOf(key, now);
        return new(key.ToString(), options.Community.Microgrids.All(microgrid => roles.Holds(CouncilOffice.Operator, microgrid.Id)));
    }

    public static IReadOnlyList<MemberDocument> Members(NodeParts parts, RequestAccess access)
    {
        var now = parts.Clock!.GetCurrentInstant();
        var offices = parts.Ledger!.Offices;
        return
        [
            .. offices.Members.All
                .Where(one => access.Grant == Domain.Access.Grant.All || one.Account == access.Caller.Address)
                .Select(one =>
                {
                    var meters = offices.Meters.Of(one.Account).Select(meter => meter.Registration.Meter).ToArray();
                    return new MemberDocument(
                        one.Account.ToString(),
                        one.Role.ToString(),
                        Forms.Text(one.AdmittedAt),
                        Forms.Text(one.RemovedAt),
                        [.. one.Premises.Select(premises => premises.ToString())],
                        [.. meters.Select(meter => meter.Key.ToString())],
                        meters.Any(meter => offices.Meters.AdvisoryAgainst(meter, now) is not null) ? "firmwareAdvisory" : null);
                }),
        ];
    }

    private static RuleDocument Rule(CouncilRule rule)
    {
        var next = rule.Pending.FirstOrDefault(one => one.State == ProposalState.Passed && one.Microgrid is null);
        return new(
            rule.Name,
            rule.Name,
            Number(rule.Value),
            rule.Bounds is { } low ? Number(low.Minimum) : null,
            rule.Bounds is { } high ? Number(high.Maximum) : null,
            UnitOf(rule.Name),
            next is { ExecutableAt: { } at } ? new(Number(next.Value), Forms.Text(at)) : null);
    }

    private static ProposalDocument Proposal(CouncilProposal one, int needed) => new(
        one.Id.ToString(CultureInfo.InvariantCulture),
        Camel(one.Subject.ToString()),
        one.Name,
        one.Holder?.ToString() ?? Number(one.Value),
        one.Microgrid?.Number,
        one.By.ToString(),
        [.. one.Votes.Select(vote => vote.ToString())],
        needed,
        Forms.Text(one.CreatedAt),
        Forms.Text(one.ExpiresAt),
        Forms.Text(one.ExecutableAt),
        Camel(one.State.ToString()));

    // Rules' names end in their units.
    private static string UnitOf(string name) => name switch
    {
        _ when name.EndsWith("Seconds", StringComparison.Ordinal) => "s",
        _ when name.EndsWith("Days", StringComparison.Ordinal) => "d",
        _ when name.EndsWith("Hours", StringComparison.Ordinal) => "h",
        _ when name.EndsWith("Rate", StringComparison.Ordinal) || name.EndsWith("Share", StringComparison.Ordinal) => "1/10000",
        _ when name.EndsWith("Energy", StringComparison.Ordinal) || name.EndsWith("Mwh", StringComparison.Ordinal) => "mWh",
        _ => "",
    };

    private static string Number(System.Numerics.BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);
}

/// <summary>The council.</summary>
internal sealed record CouncilDocument(
    string Owner,
    string? PendingOwner,
    IReadOnlyList<RegulatorDocument> Regulators,
    [property: Description("Changes of the regulators that wait for their time.")] IReadOnlyList<ChangeDocument> Changes,
    IReadOnlyList<RuleDocument> Rules,
    IReadOnlyList<ProposalDocument> Proposals,
    IReadOnlyList<AppointmentDocument> Appointments,
    [property: Description("Which contract holds which office.")] IReadOnlyList<OfficeDocument> Directory,
    NodeOperatorDocument Node);

/// <summary>The key by which this node anchors.</summary>
internal sealed record NodeOperatorDocument(
    string Operator,
    [property: Description("Whether regulators have appointed it as operator of all its microgrids; until then closed intervals wait.")]
    bool Appointed);

/// <summary>A regulator in office.</summary>
internal sealed record RegulatorDocument(string Address, string Since);

/// <summary>A change that waits for its time.</summary>
internal sealed record ChangeDocument([property: OneOf("regulatorAdded", "regulatorRemoved")] string What, string Address, string Effective);

/// <summary>A rule.</summary>
internal sealed record RuleDocument(
    string Id,
    string Name,
    string Value,
    string? Min,
    string? Max,
    [property: OneOf("s", "d", "h", "1/10000", "mWh", "")] string Unit,
    [property: Description("The value that it will have; null when none was decided.")] PendingDocument? Pending);

/// <summary>A value that a rule will have.</summary>
internal sealed record PendingDocument(string Value, string Effective);

/// <summary>A proposal of the regulators.</summary>
internal sealed record ProposalDocument(
    string Id,
    [property: OneOf(typeof(ProposalSubject), Letters.Camel)] string Kind,
    [property: Description("The rule's name, or the office's.")] string Rule,
    [property: Description("The rule's new value, or the contract that is to hold the office.")] string Value,
    [property: Description("Null for the whole community.")] uint? Microgrid,
    string Proposer,
    [property: Description("The regulators who are for it.")] IReadOnlyList<string> Votes,
    [property: Description("How many votes carry it.")] int Needed,
    string Opened,
    string Expires,
    [property: Description("When it can be carried out; null before it has passed.")] string? Effective,
    [property: OneOf(typeof(ProposalState), Letters.Camel)] string State);

/// <summary>An appointment to an office.</summary>
internal sealed record AppointmentDocument([property: OneOf(typeof(CouncilOffice), Letters.Camel)] string Office, string Holder, uint? Microgrid, string Until);

/// <summary>An entry of the directory of contracts.</summary>
internal sealed record OfficeDocument(string Office, string Address);

/// <summary>A participant.</summary>
internal sealed record MemberDocument(
    string Account,
    [property: OneOf(typeof(ParticipantRole), Letters.AsNamed)] string Role,
    string Since,
    [property: Description("When it was removed; null while it takes part.")] string? Removed,
    IReadOnlyList<string> Premises,
    IReadOnlyList<string> Meters,
    [property: OneOf("firmwareAdvisory")]
    [property: Description("Why its readings do not count; null when they do.")] string? Barred);
