using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>Bills, accounts and tariffs: June of a household that took 120 kWh and gave 20.</content>
internal static partial class Examples
{
    private const string MonthStart = "2026-05-31T18:30:00Z";
    private const string MonthEnd = "2026-06-30T18:30:00Z";
    private const string Issued = "2026-06-30T18:45:00Z";
    private const string Due = "2026-07-15T18:45:00Z";
    private const string PermitEnd = "2026-08-14T18:45:00Z";

    private static PlaceDocument Place => new(41, Transaction, Issued);

    private static BillRow Bill => new(
        3, 1, "open", [], MonthStart, MonthEnd, "120000000", "20000000", "712500000000000000", "712500000000000000", Due, PermitEnd, "INR", Place);

    private static CashRow Cash => new(
        HashOf("a receipt"), "received", "upi", "418712345678", Premises, "House 7", Account, "250000000000000000", "bills", "June", "asha", Issued, "booked", Place);
    private const string TariffText =
        "form: 1\nname: \"Domestic\"\ncurrency: \"INR\"\nzone: \"Asia/Kolkata\"\nvalidFrom: 2026-04-01\n"
        + "slabs:\n  - upTo: 100 kWh\n    price: 0.005\n  - price: 0.0075\n";

    private static TariffSheetDocument Sheet => new(
        "Domestic",
        "INR",
        "Asia/Kolkata",
        "2026-04-01",
        null,
        "50000000000000000",
        "0",
        "2000000000000000",
        false,
        1_296_000,
        2_592_000,
        2_592_000,
        [new("100000000", "5000000000000000", "0"), new(null, "7500000000000000", "0")],
        [new("Evening", "1000000000000000", [new(["weekday"], ["Summer"], ["18:00-22:00"])]), new("Other", "0", [])],
        [new("Summer", "04-01", "09-30")],
        ["sunday"],
        ["2026-08-15"],
        [new("Electricity duty", 750, "0")]);

    private static LedgerTariffDocument LedgerTariff => new(
        HashOf("a tariff"),
        Operator,
        "2026-03-31T18:30:00Z",
        null,
        1_296_000,
        2_592_000,
        2_592_000,
        "50000000000000000",
        "0",
        "2000000000000000",
        false,
        [],
        [new("100000000", "5000000000000000", "0"), new(null, "7500000000000000", "0")],
        [new("Electricity duty", 750, "0")]);

    private static BillUseDocument Use => new("120000000", "20000000", "0", "0", "0", "0", "120000000", "0", false);

    private static BillLineDocument[] Lines =>
    [
        new("slab", "", "100000000", "5000000000000000", 0, "500000000000000000"),
        new("slab", "", "20000000", "7500000000000000", 0, "150000000000000000"),
        new("fixedCharge", "", null, null, 0, "50000000000000000"),
        new("tax", "Electricity duty", null, null, 750, "52500000000000000"),
        new("exportCredit", "", "20000000", "2000000000000000", 0, "-40000000000000000"),
    ];

    private static object[] OfBilling() =>
    [
        Bill,
        new BillDocument(
            Premises,
            Bill,
            new(1, "Domestic", "INR"),
            Reading(MonthStart, "1114567890", "4000000"),
            Reading(MonthEnd, "1234567890", "24000000"),
            Use,
            Lines,
            "712500000000000000",
            "0",
            true,
            null,
            [new(1, "712500000000000000", [], Place)]),
        new AccountDocument(
            Premises,
            "712500000000000000",
            PermitEnd,
            true,
            false,
            null,
            new(Later, 3.5),
            [],
            new(1, "Domestic", "INR"),
            MonthEnd,
            "2026-07-31T18:30:00Z",
            [.. Enumerable.Range(1, 7).Select(word => HashOf($"word {word} of a boundary"))],
            new(new(2, "Domestic from August", "INR"), "2026-07-31T18:30:00Z"),
            false,
            [new(Account, "650000000000000000", "0", Place)],
            new(Account, "2000000000000000000", "1000000000000000000", "1000000000000000000"),
            [new(Meter, "House 7", new("closed", "PermitHeld", "42", "42", Later, [], "Followed"))]),
        new TariffRow(
            1,
            "Domestic",
            "INR",
            null,
            TariffText,
            Sheet,
            LedgerTariff,
            11,
            Place),
        Cash,
        new CashBookDocument("250000000000000000", "0", Account, [], [Cash], null),
        new CashForm
        {
            Direction = "received",
            Means = "upi",
            Number = "418712345678",
            Premises = Premises,
            AmountWei = "250000000000000000",
            Use = "bills",
            Note = "June",
        },
        new TariffCheckForm { Text = TariffText, ImportMwh = "120000000", ExportMwh = "20000000", Days = 30 },
        new TariffCheckDocument(
            [],
            Sheet,
            LedgerTariff,
            TariffText,
            "0x6d1f5c2a",
            null,
            new(MonthStart, MonthEnd, Use, Lines, "712500000000000000")),
        new ArrearsDocument(
            "712500000000000000",
            1,
            [new(Premises, "House 7", Account, "712500000000000000", 1, Issued, PermitEnd, true, true, [3], false, false)],
            null,
            [new(HashOf("premises of house 8"), "House 8", "the reading at its end has not come", Now)],
            [new(0, Later)]),
        new ArrearsForm { Rows = [new() { Line = 2, House = "House 7", Amount = "12.50", Reference = "Book 3, page 18" }] },
        new ArrearsCheckDocument(
            [new(2, "House 7", Premises, "12500000000000000000", HashOf("Book 3, page 18"), "ready", null, null)],
            "12500000000000000000"),
    ];

    private static BillReadingDocument Reading(string at, string import, string export)
    {
        var start = Forms.Read(at)!.Value.ToUnixTimeSeconds() - 900;
        return new(Meter, at, import, export, false, "0", "0", start, $"/api/v1/proofs/{Meter}/{Forms.Number(start)}");
    }
}
