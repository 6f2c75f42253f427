using System.Globalization;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Ledger.Indexing;
using Busbar.Node.Api;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Mail;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Node.Billing;

/// <summary>
/// The bill in the mail that tells of it: as it was made, so that a second try carries the same, whatever was paid or corrected meanwhile.
/// </summary>
internal sealed class BillEnclosures(LedgerView view, IntervalLength length, DateTimeZone zone) : IEnclosures
{
    public Enclosure? Of(ToldNotification told, NotificationTexts texts, NotificationLanguage language)
    {
        if (told.Message is not (NotificationMessage.BillIssued or NotificationMessage.BillCorrected) || BillOf(told.Data) is not { } bill)
            return null;
        using var csv = new StringWriter(CultureInfo.InvariantCulture);
        BillsCsv.Write(csv, [bill], zone);
        var sheet = new BillSheet(bill, told.Data.GetValueOrDefault("house", ""), texts, language);
        return new(sheet.Text(), sheet.Html(), new($"bill-{bill.Bill.Number}-{bill.Bill.Version}.csv", "text/csv", csv.ToString()));
    }

    private BillDocument? BillOf(IReadOnlyDictionary<string, string> data)
    {
        if (!Cryptography.Hash256.TryParse(data.GetValueOrDefault("premises", ""), out var premises)
            || !int.TryParse(data.GetValueOrDefault("number"), CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(data.GetValueOrDefault("version"), CultureInfo.InvariantCulture, out var version)
            || view.Money.Billing.Find(new(premises)) is not { } account
            || number < 1 || version < 1 || number > account.Bills.Count || version > account.Bills[number - 1].Count)
        {
            return null;
        }

        var made = account.Bills[number - 1][version - 1];
        var then = account with
        {
            Bills = [.. account.Bills.Take(number - 1), [.. account.Bills[number - 1].Take(version)]],
            Due = [.. account.Due.Take(number - 1), made.Bill],
        };
        return new BillForms(view.Money.Billing.Tariff, length, made.Place.Time).Document(then, number, version);
    }
}
