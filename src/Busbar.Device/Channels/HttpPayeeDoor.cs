using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;

namespace Busbar.Device.Channels;

/// <summary>Hands vouchers over by HTTP.</summary>
/// <param name="client">Asks; its time limit holds for each question.</param>
/// <param name="node">The node's page.</param>
public sealed class HttpPayeeDoor(HttpClient client, Uri node) : IPayeeDoor
{
    // More is no answer of a node.
    private const int LongestAnswer = 16 * 1024;

    /// <inheritdoc />
    public async Task<PayeeAnswer?> HandOverAsync(SignedVoucher voucher, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(voucher);
        var form = new
        {
            totalWei = voucher.Voucher.Total.Wei.ToString(CultureInfo.InvariantCulture),
            energyMwh = voucher.Voucher.Energy.MilliwattHours.ToString(CultureInfo.InvariantCulture),
            signature = voucher.Signature.ToString(),
        };
        try
        {
            using var question = new HttpRequestMessage(HttpMethod.Post, new Uri(node, $"/api/v1/channels/{voucher.Voucher.Channel}/vouchers"))
            {
                Content = JsonContent.Create(form),
            };
            using var answer = await client.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.Content.Headers.ContentLength > LongestAnswer)
                return null;
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
            var told = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            return answer.IsSuccessStatusCode
                ? new PayeeAnswer.Taken(EnergyOf(told, "mayFlowMwh"), EnergyOf(told, "askedMwh"))
                : IsForNow(answer.StatusCode)
                    ? null
                    : new PayeeAnswer.Refused(TextOf(told, "code"), TextOf(told, "detail"));
        }
        catch (Exception away) when (away is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or OverflowException or NotSupportedException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static bool IsForNow(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    private static Energy EnergyOf(JsonElement told, string member) =>
        Energy.FromMilliwattHours(long.Parse(TextOf(told, member), NumberStyles.None, CultureInfo.InvariantCulture));

    private static string TextOf(JsonElement told, string member) => told.GetProperty(member).GetString() ?? throw new FormatException($"no {member}");
}
