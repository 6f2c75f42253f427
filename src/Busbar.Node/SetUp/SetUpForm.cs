using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Node.Access;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node.SetUp;

/// <summary>A community and the account of who sets it up.</summary>
internal sealed record SetUpForm : IRequestForm
{
    private const int MostMicrogrids = 64;

    public static int MostBytes => 32 * 1024;

    [Required]
    [Description("The set-up code that the node printed.")]
    public string? Code { get; init; }

    [Required]
    [Description("The community's name: 1 to 64 characters.")]
    public string? Name { get; init; }

    [Required]
    [Description("The IANA zone of the community's civil time.")]
    public string? Zone { get; init; }

    [Required]
    [Description("Length of an interval: 1, 5, 15, 30 or 60; must divide the zone's offset.")]
    public int IntervalMinutes { get; init; }

    [Required]
    [Description("1 to 64 microgrids, each number and name once.")]
    public IReadOnlyList<SetUpMicrogrid>? Microgrids { get; init; }

    [Required]
    [Description("The first operator, whose key regulates the community.")]
    public SetUpOwner? Owner { get; init; }

    /// <summary>The account that is made with the code.</summary>
    public NewAccountForm AccountOf() => new()
    {
        Invitation = Code,
        Name = Owner!.Name,
        Password = Owner.Password,
        Address = Owner.Address,
        Keystore = Owner.Keystore,
        Proof = Owner.Proof,
    };

    public AccessRefused? Check()
    {
        if (!Label.IsAllowed(Name))
            return AccessRefused.InvalidField("name", Label.Rule);
        if (Zone is null || DateTimeZoneProviders.Tzdb.GetZoneOrNull(Zone) is null)
            return AccessRefused.InvalidField("zone", "must be an IANA zone such as Asia/Kolkata");
        if (IntervalMinutes is not (1 or 5 or 15 or 30 or 60))
            return AccessRefused.InvalidField("intervalMinutes", "must be 1, 5, 15, 30 or 60");
        if (MicrogridFault() is { } fault)
            return AccessRefused.InvalidField("microgrids", fault);
        if (Owner?.Address is null)
            return AccessRefused.InvalidField("owner", "needs a name, a password, the address of a key and the proof that it is at hand");
        return AccountOf().Check();
    }

    /// <summary>The community as it is described; the form must have passed <see cref="Check"/>.</summary>
    public CommunityDescription ToDescription() => new()
    {
        Name = Name!,
        Zone = DateTimeZoneProviders.Tzdb[Zone!],
        Rules = new() { Length = IntervalLength.FromMinutes(IntervalMinutes) },
        Regulators = [Address.Parse(Owner!.Address)],
        Microgrids = [.. Microgrids!.Select(microgrid => new MicrogridDescription(new(microgrid.Id), microgrid.Name!, []))],
    };

    /// <summary>Never its secrets.</summary>
    public override string ToString() => "set-up (not shown)";

    private string? MicrogridFault()
    {
        if (Microgrids is not { Count: >= 1 and <= MostMicrogrids })
            return $"must have 1 to {MostMicrogrids}";
        if (Microgrids.Any(microgrid => microgrid is null || microgrid.Id == 0 || !Label.IsAllowed(microgrid.Name)))
            return "each needs an id of 1 or more and a name of 1 to 64 characters";
        return Microgrids.DistinctBy(microgrid => microgrid.Id).Count() != Microgrids.Count
            || Microgrids.DistinctBy(microgrid => microgrid.Name, StringComparer.OrdinalIgnoreCase).Count() != Microgrids.Count
                ? "an id or a name is there twice"
                : null;
    }
}

/// <summary>A microgrid of a new community.</summary>
internal sealed record SetUpMicrogrid
{
    [Required]
    [Description("Its number on the ledger, 1 or more.")]
    public uint Id { get; init; }

    [Required]
    [Description("Its name: 1 to 64 characters.")]
    public string? Name { get; init; }
}

/// <summary>The account of who sets a community up.</summary>
internal sealed record SetUpOwner
{
    [Required]
    [Description("The account's name; case does not count.")]
    public string? Name { get; init; }

    [Required]
    [Description("The password: 10 to 256 characters.")]
    public string? Password { get; init; }

    [Required]
    [Description("The address of the key, made in the browser or held by a wallet.")]
    public string? Address { get; init; }

    [Description("The key, encrypted in the browser (Web3 Secret Storage, version 3); absent when a wallet holds it.")]
    public JsonElement? Keystore { get; init; }

    [Required]
    [Description("Shows that the key is at hand.")]
    public ProofForm? Proof { get; init; }

    /// <summary>Never the password.</summary>
    public override string ToString() => "owner (not shown)";
}
