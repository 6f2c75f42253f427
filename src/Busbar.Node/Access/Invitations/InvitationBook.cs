using System.Collections.Concurrent;
using System.Collections.Immutable;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Node.Access.Accounts;
using Busbar.Store.Accounts;
using NodaTime;

namespace Busbar.Node.Access.Invitations;

/// <summary>
/// Invitations and guests, in memory for the question of every request and on disk. Taking one back holds at once. Thread safe.
/// </summary>
internal sealed class InvitationBook : IDisposable
{
    private readonly IInvitationStore _store;
    private readonly AccessOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<string, Invitation> _all = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Hash256, string> _open = [];
    private readonly ConcurrentDictionary<string, ImmutableArray<Invitation>> _guests = new(StringComparer.Ordinal);

    private InvitationBook(IInvitationStore store, AccessOptions options, TimeProvider time) =>
        (_store, _options, _time) = (store, options, time);

    /// <summary>Told of each guest who was invited, when it is on disk; never waits.</summary>
    public Action<Invitation>? GuestInvited { get; set; }

    public IEnumerable<Invitation> All => _all.Values.OrderByDescending(invitation => invitation.Created);

    public Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    public static async Task<InvitationBook> OpenAsync(
        IInvitationStore store, AccessOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var book = new InvitationBook(store, options, time);
        foreach (var invitation in await store.AllAsync(cancellation))
            book.Show(invitation);
        return book;
    }

    public Invitation? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>The invitation of a code that may still be used.</summary>
    public Invitation? FindOpen(string? code) =>
        InvitationCode.Normalize(code) is { } digits
        && _open.TryGetValue(AccountId.HashOf(digits), out var id)
        && Find(id) is { UsedBy: null } invitation
        && invitation.Expires > Now
            ? invitation
            : null;

    /// <summary>What an account may see as a guest, whether it is over or not.</summary>
    public ImmutableArray<Invitation> GuestOf(string account) => _guests.TryGetValue(account, out var guests) ? guests : [];

    /// <summary>Makes an invitation; its code is in the answer and nowhere else.</summary>
    public async Task<Answer<MadeInvitation>> MakeAsync(
        InvitationDraft draft, IReadOnlyCollection<string> replaced, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var gone = replaced.Concat(Stale()).Distinct(StringComparer.Ordinal).ToList();
            if (_all.Count - gone.Count >= _options.MostInvitations)
                return AccessRefused.Full("invitations");
            var code = InvitationCode.New();
            var now = Now;
            var invitation = new Invitation(
                AccountId.New(),
                AccountId.HashOf(InvitationCode.Normalize(code)!),
                draft.Kind,
                draft.Name,
                now,
                now + (draft.Life ?? Duration.FromTimeSpan(_options.InvitationLife)))
            {
                Maker = draft.Maker,
                MakerAddress = draft.MakerAddress,
                Premises = draft.Premises,
                CanSwitch = draft.CanSwitch,
                Until = draft.Until,
            };
            await _store.AddAsync(invitation, gone, cancellation);
            gone.ForEach(Hide);
            Show(invitation);
            if (invitation.Kind == InvitationKind.Guest)
                GuestInvited?.Invoke(invitation);
            return new MadeInvitation(invitation, code);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Uses an invitation for an account that is there; false when somebody was quicker.</summary>
    public async Task<bool> UseAsync(Invitation invitation, string account, IReadOnlyCollection<Role> roles, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var now = Now;
            if (!_all.ContainsKey(invitation.Id) || !await _store.UseAsync(invitation.Id, account, now, roles, cancellation))
                return false;
            Show(invitation with { UsedBy = account, UsedAt = now });
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Shows what was written together with a new account.</summary>
    public void ShowUsed(Invitation invitation, Account account) =>
        Show(invitation with { UsedBy = account.Id, UsedAt = account.Created });

    /// <summary>Takes an invitation back, and with it a guest's right.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            // In memory first: even if the disk refuses, the guest sees nothing more before the next restart.
            Hide(id);
            await _store.RemoveAsync([id], cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    // Codes that nobody used in time, and guests whose time is over, need not be kept.
    private IEnumerable<string> Stale()
    {
        var before = Now - Duration.FromDays(30);
        return _all.Values.Where(one => (one.UsedBy is null && one.Expires < before) || one.Until < before).Select(one => one.Id);
    }

    private void Show(Invitation invitation)
    {
        _all[invitation.Id] = invitation;
        if (invitation.UsedBy is not { } account)
        {
            _open[invitation.CodeHash] = invitation.Id;
            return;
        }

        _open.TryRemove(invitation.CodeHash, out _);
        if (invitation.Kind == InvitationKind.Guest)
            _guests.AddOrUpdate(
                account, _ => [invitation], (_, guests) => [.. guests.Where(guest => guest.Id != invitation.Id), invitation]);
    }

    private void Hide(string id)
    {
        if (!_all.TryRemove(id, out var invitation))
            return;
        _open.TryRemove(invitation.CodeHash, out _);
        if (invitation.UsedBy is { } account)
            _guests.AddOrUpdate(account, _ => [], (_, guests) => [.. guests.Where(guest => guest.Id != id)]);
    }
}

/// <summary>An invitation that is to be made.</summary>
internal sealed record InvitationDraft(InvitationKind Kind, string Name)
{
    public string? Maker { get; init; }

    public Address? MakerAddress { get; init; }

    public Domain.Metering.PremisesId? Premises { get; init; }

    public bool CanSwitch { get; init; }

    public Instant? Until { get; init; }

    public Duration? Life { get; init; }
}

/// <summary>An invitation with its code, which is shown once.</summary>
internal sealed record MadeInvitation(Invitation Invitation, string Code)
{
    /// <summary>Never the code.</summary>
    public override string ToString() => $"invitation {Invitation.Id}";
}
