using Busbar.Ledger.Proofs;
using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>Meters, readings, devices and the directory.</content>
internal static partial class Examples
{
    private const long IntervalStart = 1_782_065_700;

    private static HouseEntry Entry => new(Meter, "House 7", "premises", 1, Premises, "North", "F2", 5_000, true, Account, Firmware);

    private static object[] OfMetering() =>
    [
        new ReadingRow(End, "1234567890", "5000000", IntervalStart),
        new ProofForm(
            ProofDocument.FormatName,
            35_303,
            Anchors,
            Meters,
            1,
            IntervalStart,
            15,
            1,
            new(1, IntervalStart, 1, Root, 12, "3125000", "980000", HashOf("digest of the transformer's reading")),
            new(Meter, "1234567890", "5000000", ["1234567890", "0", "0", "0"], "104250", "0", 1, HashOf("digest of a reading"), HashOf("salt")),
            new(1, "2026", IntervalStart + 900, Firmware, 1, Signature),
            6,
            [new(HashOf("a sibling"), "250000", "0")]),
        new ReadingBody(
            "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f",
            3,
            "42",
            1_767_225_600,
            "1234567890",
            "5000000",
            "0xb021d8ed51eca9295cded2bd1a01293d6fbc34795d71d2da68a265e7f4798948",
            1,
            "0x086552b7752056703e190900c3ae8d12e16eb6e6928b80533d9d2005c177ee295624695ab7013e6aff1a531fe6e58fbb17477b09aba2074eaaf320e05d73c6a61b"),
        new HistoryDocument(
            "hour",
            "Asia/Kolkata",
            [new(Start, End, "312500", "0", true, false, []), new(End, Now, null, null, false, false, ["nothing"])],
            new("312500", "0", new(Start, "1234255390", "5000000"), new(End, "1234567890", "5000000"))),
        new DeviceDocument(
            Meter, "House 7", "premises", 1, Premises, true, Now, new(421.5, 231.2, 1.9, 50.02, 0.96, null, 34.5, Now), Firmware, 1, "2026", 0,
            new("closed", "PermitHeld", "42", "42", Later, [], "Followed")),
        new TripForm("safety") { Note = "A cable was cut in the street" },
        new PermitBody(
            "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", "42", 1_767_225_600, 1_769_904_000, 259_200, 0, 1_320, 360, 19_800, 0, Signature),
        new TokenDocument(Meter, "p3VhCSXbC0yYqJkZrXbq2mO0b9mE9m2cVbQmC0w2q1U"),
        new MeterChangeForm("The display of the old meter was broken") { Boot = 1, Import = "0", Export = "0" },
        new HouseForm { Meter = Meter, Name = "House 7", Kind = "premises", Microgrid = 1, District = "North", Feeder = "F2", ConnectionWatts = 5_000 },
        Entry,
        new DirectoryWritten([Entry]),
        new LineProblem(3, "NameTaken", "another house is called House 7; give each its own name"),
        new RefusedDocument("17", Now, Meter, "TooLate", "2026-06-01T00:00:00Z is older than the node takes readings of", 331),
    ];
}
