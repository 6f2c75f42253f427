using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>Blocks, transactions and anchors.</content>
internal static partial class Examples
{
    private static DecodedDocument Call => new(
        "Anchors",
        "anchor",
        "anchor(uint32,uint64,bytes32)",
        [
            new("microgrid", "uint32", "1", "Number", null, [], 0),
            new("start", "uint64", "1782065700", "Instant", null, [], 0),
            new("root", "bytes32", Root, "Hash", null, [], 0),
        ]);

    private static object[] OfLedger() =>
    [
        new BlockRow(41, Block, Now, 1, 73_941),
        new AnchorRow(1, Start, 15, 1, Root, 12, "3125000", "980000", "anchored", null, 41, Transaction, "Discrepancy", "62500"),
        new TreeDocument(
            1, Start, 15, 1, 12, Root, "3125000", "980000", [[new(12, Root)], [new(8, HashOf("left")), new(4, HashOf("right"))], [new(2, null)]]),
        new TransactionRow(Transaction, 41, 0, Now, Operator, Anchors, null, "0", 73_941, true, "Anchors", "anchor"),
        new TransactionDocument(
            Transaction,
            41,
            0,
            Now,
            Operator,
            Anchors,
            null,
            "0",
            73_941,
            true,
            "Anchors",
            "anchor",
            40,
            120_000,
            "0x1a2b3c4d",
            Call,
            [new(Anchors, "Anchors", Call with { Name = "Anchored", Signature = "Anchored(uint32,uint64,bytes32)" }, [HashOf("Anchored")], "0x")],
            null,
            null),
        new AddressDocument(Operator, null, 41, Day, Now, 41, "999000000000000000000"),
        new LookupDocument("block", 41, null, null),
        new NewerDocument(1, 3),
    ];
}
