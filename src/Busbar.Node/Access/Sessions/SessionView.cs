using System.ComponentModel;
using Busbar.Domain.Access;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Access.Sessions;

/// <summary>Who the reader is to this node.</summary>
[Description("Who the reader is to this node. Ask again when the event 'session' comes.")]
internal sealed record SessionView
{
    [Description("Whether the reader is signed in.")]
    public required bool SignedIn { get; init; }

    [Description("The account; null when not signed in.")]
    public required AccountView? Account { get; init; }

    [OneOf(typeof(Role), Letters.AsNamed)]
    public required IReadOnlyList<string> Roles { get; init; }

    [Description("The premises that the reader may see, as holder or as guest.")]
    public required IReadOnlyList<PremisesView> Premises { get; init; }

    [Description("What unsafe requests carry in the header X-Busbar-Csrf; empty when not signed in.")]
    public required string Csrf { get; init; }

    [Description("When the session ends if it is not used (ISO 8601, UTC); null when not signed in.")]
    public required string? Expires { get; init; }

    [Description("Whether all data here is invented.")]
    public required bool Demo { get; init; }

    public static SessionView Of(AccessDesk desk, Caller caller, Session? session, string csrf)
    {
        var account = caller.Account is { } id ? desk.Accounts.Find(id) : null;
        return new()
        {
            SignedIn = account is not null,
            Account = account is null ? null : AccountView.Of(account),
            Roles = [.. caller.Roles.Order().Select(role => role.ToString())],
            Premises =
            [
                .. caller.Premises.Select(premises => PremisesView.Of(desk.Premises.Of(premises), caller))
                    .OrderBy(one => one.Name, StringComparer.Ordinal),
            ],
            Csrf = csrf,
            Expires = session is null ? null : Text(desk.Sessions.ExpiryOf(session)),
            Demo = desk.Options.IsDemonstration,
        };
    }

    public static string Text(Instant instant) => InstantPattern.ExtendedIso.Format(instant);
}

/// <summary>An account as its holder sees it.</summary>
internal sealed record AccountView(string Id, string Name, string? Address, [property: OneOf(typeof(AccountKind), Letters.Lower)] string Kind, bool HasKeystore)
{
    public static AccountView Of(Store.Accounts.Account account) => new(
        account.Id, account.Name, account.Address?.ToString(), account.Kind.ToString().ToLowerInvariant(), account.HasKeystore);
}

/// <summary>A premises that the reader may see.</summary>
/// <param name="Id">Its id on the ledger.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Meters">Its meters' addresses.</param>
/// <param name="Held">Whether it is the reader's own, not only a guest's.</param>
/// <param name="CanSwitch">Whether the reader may switch loads there.</param>
internal sealed record PremisesView(string Id, string Name, IReadOnlyList<string> Meters, bool Held, bool CanSwitch)
{
    public static PremisesView Of(PremisesCard card, Caller caller) => new(
        card.Id.ToString(),
        card.Name,
        [.. card.Meters.Select(meter => meter.Key.ToString())],
        caller.Held.Contains(card.Id),
        caller.Switchable.Contains(card.Id));
}
