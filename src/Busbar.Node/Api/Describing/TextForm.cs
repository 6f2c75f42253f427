using System.Collections.Frozen;

namespace Busbar.Node.Api.Describing;

/// <summary>
/// What the texts of the API look like. A member's name tells it, everywhere alike; one that is not listed here stops the document, so that
/// none is left undescribed.
/// </summary>
/// <param name="Name">The form's name, as <c>format</c>.</param>
/// <param name="Pattern">What every such text matches; null when any does.</param>
internal sealed record TextForm(string? Name, string? Pattern)
{
    public static readonly TextForm Energy = new("mwh", "^-?(0|[1-9][0-9]*)$");
    public static readonly TextForm Wei = new("wei", "^(0|[1-9][0-9]*)$");
    public static readonly TextForm SignedWei = new("wei", "^-?(0|[1-9][0-9]*)$");
    public static readonly TextForm Decimal = new("decimal", "^-?(0|[1-9][0-9]*)$");
    public static readonly TextForm Instant = new("date-time", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$");
    public static readonly TextForm Address = new("address", "^0x[0-9a-fA-F]{40}$");
    public static readonly TextForm Hash = new("hash", "^0x[0-9a-fA-F]{64}$");
    public static readonly TextForm Bytes = new("hex", "^0x([0-9a-fA-F]{2})*$");
    public static readonly TextForm PrivateKey = new("private-key", "^0x[0-9a-f]{64}$");
    public static readonly TextForm Signature = new("signature", "^0x[0-9a-fA-F]{130}$");
    public static readonly TextForm TimeOfDay = new("time-of-day", "^([01][0-9]|2[0-3]):[0-5][0-9]$");
    public static readonly TextForm Date = new("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    public static readonly TextForm AnnualDay = new("month-day", "^[0-9]{2}-[0-9]{2}$");
    public static readonly TextForm Month = new("year-month", "^[0-9]{4}-(0[1-9]|1[0-2])$");
    public static readonly TextForm Zone = new("iana-zone", null);
    public static readonly TextForm Uri = new("uri", null);
    public static readonly TextForm Plain = new(null, null);

    private static readonly FrozenDictionary<string, TextForm> Known = new (TextForm Form, string Names)[]
    {
        (Energy, "ReadingBody.import ReadingBody.export ReadingBody.bands MeterChangeForm.import MeterChangeForm.export HeaderForm.importSum HeaderForm.exportSum LeafForm.import LeafForm.export "
            + "LeafForm.bands LeafForm.intervalImport LeafForm.intervalExport SiblingForm.import SiblingForm.export"),
        (Wei, "balanceWei TransactionRow.value TransactionDocument.value"),
        (Decimal, "sequence held RuleDocument.value RuleDocument.min RuleDocument.max PendingDocument.value"),
        (Instant, "at created effective end expirationTime expires firstSeen instant issuedAt lastReading lastSeen lastUsed now opened removed "
            + "since start time until due deadline emergencyUntil periodStart periodEnd blockTime validFrom validUntil DeliveryDocument.next AssignedTariffDocument.from lastClosing measured dayEnds posted PriceStepDocument.at AdvertHourDocument.from holdsUntil freedFrom"),
        (Address, "account address anchors vault payments billing payee council members meters meter participant owner operator pendingOwner proposer votes holder treasurer from to payer signer closer ChannelPage.contract seller buyer storage taxes board demands ContractDocument.channels TradeRow.source TradeRow.sink "
            + "TransactionRow.created TransactionDocument.created"),
        (Hash, "hash root premises referenceId boundary firmware transaction topics PremisesView.id DeliveryDocument.id transformer readingDigest salt CashRow.reference ChannelRow.id AdvertRow.id DemandRow.id TradeRow.id origin advert delivery words"),
        (Bytes, "input data revertData"),
        (PrivateKey, "TestWalletDocument.key"),
        (Signature, "WalletForm.signature ProofForm.signature ReadingForm.signature ReadingBody.signature PermitBody.signature VoucherForm.signature voucherSignature"),
        (TimeOfDay, "QuietHoursForm.from QuietHoursForm.to"),
        (Month, "month"),
        (Date, "endDay holidays TariffSheetDocument.firstDay"),
        (AnnualDay, "SeasonDocument.firstDay lastDay"),
        (Zone, "zone"),
        (Uri, "uri endpoint"),
        (Plain, "AddressForm.address auth code contract csrf current journal trouble detail district domain feeder function id invitation label maker message "
            + "name next nonce fault faults by CashForm.number CashRow.number proof currency note office p256dh password place publicKey purpose reason rule secret signature statement text theme title token type "
            + "usedBy value version jsonrpc method language format what house amount reference member days seasons hours refusal"),
    }.SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Form))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The form of a text.</summary>
    /// <param name="owner">The name of the type whose member it is; empty for a parameter.</param>
    /// <param name="member">The member's name in JSON.</param>
    /// <exception cref="InvalidOperationException">Nobody has said what it looks like.</exception>
    public static TextForm Of(string owner, string member)
    {
        if (Known.TryGetValue($"{owner}.{member}", out var own))
            return own;
        if (member.EndsWith("Mwh", StringComparison.Ordinal))
            return Energy;
        if (member.EndsWith("Wei", StringComparison.Ordinal) && !Known.ContainsKey(member))
            return SignedWei;
        return Known.TryGetValue(member, out var form)
            ? form
            : throw new InvalidOperationException($"nobody has said what the text {owner}.{member} looks like; do so in {nameof(TextForm)}");
    }
}
