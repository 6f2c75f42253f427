using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>What people want to be told, and what they were told.</content>
internal static partial class Examples
{
    private static QuietHoursForm Night => new("22:00", "07:00");

    private static OffersForm Cheap => new("120000000000000", null, "500000", [1]);

    private static object[] OfNotifications() =>
    [
        new ChoicesDocument(
            "hi",
            Night,
            [new("ReadingRefused", "Email")],
            Cheap,
            [new("MeterSilent", false), new("Safety", true)],
            [new("Email", true, [new("email", "asha@example.org", true)]), new("Webhook", true, [])]),
        new ChoiceForm("hi", Night, [new("ReadingRefused", "Email")]) { Offers = Cheap },
        new OffersForm("120000000000000", null, "500000", [1]),
        new DeliveryDocument(HashOf("a delivery"), Now, "MeterSilent", "Email", "sent", 1, null, null),
        new TestForm("Email"),
        new AddressForm("asha@example.org"),
        new CodeForm("492817"),
        new PushForm(
            "https://push.example.net/send/4Xh0mCqW8rJk",
            new("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg"),
            "Phone"),
        new PushKeyDocument("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
        new SubscribedDocument("c3Vic2NyaXB0aW9u"),
        new WebhookDocument("whsec_VGhlIHNlY3JldCBvZiBhIHdlYmhvb2s"),
    ];
}
