using Busbar.Node.SetUp;
using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>The community, its council and its places.</content>
internal static partial class Examples
{
    private static PowerNow Grid => new(1, "Neem Lane", Now, 9_420, -3_100, 6_320, "48123456", "9150000", 12, 11);

    private static ProposalDocument Proposal => new(
        "3", "rule", "theftTolerance", "250", null, Regulator, [Regulator], 2, Day, Later, null, "open");

    private static object[] OfCommunity() =>
    [
        new CommunityDocument(
            "Neem Lane Society",
            "Asia/Kolkata",
            15,
            35_303,
            new(
                Council, Members, Meters, Anchors, Vault, Payments, Sample.Billing, Sample.Storage, Taxes, Board, Demands,
                AddressOf("contract Channels")),
            [new(1, "Neem Lane")],
            false, Now, "0.1.0", 1883, Operator, true),
        new NowDocument(Now, [Grid], Grid with { Id = 0, Name = "Neem Lane Society" }),
        new HouseNow(
            Meter, "premises", "House 7", 1, Premises, 421.5, Now, false, "closed", "3125000", "980000", "1234567890", "5000000", "2026-06-21T18:30:00Z"),
        new TestWalletDocument("House 7", Account, HashOf("a key that everybody knows")),
        new CouncilDocument(
            Regulator,
            null,
            [new(Regulator, Day)],
            [new("regulatorAdded", Operator, Later)],
            [new("theftTolerance", "theftTolerance", "200", "0", "10000", "", new("250", Later))],
            [Proposal],
            [new("operator", Operator, 1, "2027-06-21T00:00:00Z")],
            [new("Anchors", Anchors)],
            new(Operator, true)),
        new SetUpDocument("running", [new("account", "done", null), new("store", "running", null), new("engine", "waiting", null)]),
        new SetUpForm
        {
            Code = "7K3M-9QXT-0B4C-ZWHN",
            Name = "Neem Lane Society",
            Zone = "Asia/Kolkata",
            IntervalMinutes = 15,
            Microgrids = [new() { Id = 1, Name = "Neem Lane" }],
            Owner = new() { Name = "asha", Password = "monsoon lantern 42", Address = Account, Proof = Proof },
        },
        new MemberDocument(Account, "Prosumer", Day, null, [Premises], [Meter], null),
        new LoadDocument("hour", "Asia/Kolkata", [new("North", 8, Start, End, "2500000", "310000"), new(null, 4, Start, End, "1100000", "0")]),
        new HealthDocument(
            false,
            "the disk is full",
            [new("microgrid-1", 1_024, "record 1024 of microgrid-1 does not follow from the one before it")],
            [new(1, Start, 1, "NotOperator")],
            []),
        new AccessRequestRow("1", Now, Regulator, Premises, "A complaint about a bill"),
    ];
}
