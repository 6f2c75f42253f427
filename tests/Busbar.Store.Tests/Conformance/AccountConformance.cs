using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Store.Accounts;
using NodaTime;

namespace Busbar.Store.Tests.Conformance;

/// <summary>Accounts, sessions and invitations, held to every store.</summary>
public abstract class AccountConformance : StoreSuite
{
    private static readonly Address Key = new(Bytes(Address.Length, 7));

    [Fact]
    public async Task Account_EveryField_ReadBackAfterReopening()
    {
        var account = new Account("a", "Asha", AccountKind.Password, Noon)
        {
            Address = Key,
            HasKeystore = true,
            Settings = "{}",
            NodeRoles = [Role.Auditor, Role.Operator],
        };
        Assert.Equal(
            AccountAdded.Added, await Store.Accounts.AddAsync(new(account, "asha") { PasswordHash = "hash", Keystore = "{\"v\":3}" }, None));
        await Store.ReopenAsync();

        var read = Assert.Single(await Store.Accounts.AllAsync(None));
        Assert.Equal(account with { NodeRoles = read.NodeRoles }, read);
        Assert.True(read.NodeRoles.SetEquals(account.NodeRoles));
        Assert.Equal("hash", await Store.Accounts.PasswordHashAsync("a", None));
        Assert.Equal("{\"v\":3}", await Store.Accounts.KeystoreAsync("a", None));
        Assert.Null(await Store.Accounts.KeystoreAsync("nobody", None));
    }

    [Fact]
    public async Task Account_NameOrAddressOfAnother_NothingWritten()
    {
        await AddAsync("a", "asha", Key);

        Assert.Equal(AccountAdded.NameTaken, await AddAsync("b", "asha", null));
        Assert.Equal(AccountAdded.AddressTaken, await AddAsync("b", "ravi", Key));
        Assert.Equal(AccountAdded.Added, await AddAsync("b", "ravi", null));
        Assert.False(await Store.Accounts.SetKeystoreAsync("b", Key, "{}", None));
        Assert.True(await Store.Accounts.SetKeystoreAsync("a", Key, "{}", None));
        Assert.Null((await Store.Accounts.AllAsync(None)).Single(account => account.Id == "b").Address);
    }

    [Fact]
    public async Task Account_ByAnInvitation_UsesItUpOrIsNotAdded()
    {
        var invitation = new Invitation("i", Hash(1), InvitationKind.Guest, "a friend", Noon, Noon + Duration.FromDays(1))
        {
            Maker = "a",
            MakerAddress = Key,
            Premises = new PremisesId(Hash(2)),
            CanSwitch = true,
            Until = Noon + Duration.FromDays(2),
        };
        await Store.Invitations.AddAsync(invitation, [], None);
        Assert.Equal(invitation, Assert.Single(await Store.Invitations.AllAsync(None)));

        Assert.Equal(AccountAdded.Added, await AddAsync("a", "asha", null, "i"));
        Assert.Equal(AccountAdded.InvitationGone, await AddAsync("b", "ravi", null, "i"));
        Assert.Equal(AccountAdded.InvitationGone, await AddAsync("b", "ravi", null, "none"));
        Assert.False(await Store.Invitations.UseAsync("i", "a", Noon, [Role.Operator], None));
        await Store.ReopenAsync();

        Assert.Equal(invitation with { UsedBy = "a", UsedAt = Noon }, Assert.Single(await Store.Invitations.AllAsync(None)));
        Assert.Empty(Assert.Single(await Store.Accounts.AllAsync(None)).NodeRoles);
    }

    [Fact]
    public async Task Invitation_UsedByAnAccountThatIsThere_WithItsRoles()
    {
        await AddAsync("a", "asha", null);
        await Store.Invitations.AddAsync(new("i", Hash(1), InvitationKind.Auditor, "x", Noon, Noon), [], None);
        await Store.Invitations.AddAsync(new("j", Hash(2), InvitationKind.Auditor, "y", Noon, Noon), ["none"], None);

        Assert.True(await Store.Invitations.UseAsync("i", "a", Noon, [Role.Auditor], None));
        await Store.Invitations.RemoveAsync(["j"], None);

        Assert.Equal("a", Assert.Single(await Store.Invitations.AllAsync(None)).UsedBy);
        Assert.Equal(Role.Auditor, Assert.Single(Assert.Single(await Store.Accounts.AllAsync(None)).NodeRoles));
    }

    [Fact]
    public async Task Session_AddedTouchedRemoved_AsTold()
    {
        await AddAsync("a", "asha", null);
        var first = new StoredSession("s", Hash(1), "a", Noon, Noon);
        await Store.Sessions.AddAsync(first, [], None);
        await Store.Sessions.TouchAsync("s", Noon + Duration.FromMinutes(1), None);
        Assert.Equal(first with { LastUsed = Noon + Duration.FromMinutes(1) }, Assert.Single(await Store.Sessions.AllAsync(None)));

        await Store.Sessions.AddAsync(new("t", Hash(2), "a", Noon, Noon), ["s", "none"], None);
        await Store.ReopenAsync();
        Assert.Equal("t", Assert.Single(await Store.Sessions.AllAsync(None)).Id);
        await Store.Sessions.RemoveAsync(["t"], None);

        Assert.Empty(await Store.Sessions.AllAsync(None));
    }

    [Fact]
    public async Task Passkey_SavedCountedRemoved_ByItsOwnAccountAlone()
    {
        await AddAsync("a", "asha", null);
        await AddAsync("b", "ravi", null);
        var passkey = new Passkey(Bytes(32, 1), "a", "My phone", Bytes(77, 2), uint.MaxValue - 1, Noon)
        {
            Transports = ["internal", "hybrid"],
            IsBackupEligible = true,
        };
        await Store.Accounts.SavePasskeyAsync(passkey, None);
        await Store.Accounts.SavePasskeyAsync(passkey with { Account = "b", Counter = 0 }, None);
        await Store.Accounts.SavePasskeyAsync(passkey with { Counter = uint.MaxValue, IsBackedUp = true, LastUsed = Noon }, None);

        var read = Assert.Single(await Store.Accounts.PasskeysAsync("a", None));
        Assert.Equal(("a", uint.MaxValue, true, true, (Instant?)Noon), (read.Account, read.Counter, read.IsBackupEligible, read.IsBackedUp, read.LastUsed));
        Assert.Equal("internal,hybrid", string.Join(',', read.Transports));
        Assert.True(read.PublicKey.Span.SequenceEqual(passkey.PublicKey.Span));
        Assert.False(await Store.Accounts.RemovePasskeyAsync("b", passkey.Id, None));
        Assert.True(await Store.Accounts.RemovePasskeyAsync("a", passkey.Id, None));
        Assert.Null(await Store.Accounts.PasskeyAsync(passkey.Id, None));
    }

    private Task<AccountAdded> AddAsync(string id, string name, Address? address, string? invitation = null) => Store.Accounts.AddAsync(
        new(new(id, name, AccountKind.Password, Noon) { Address = address }, name) { Invitation = invitation }, None);
}
