using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Outbound;
using Busbar.Node.Notifications.Push;
using Busbar.Node.Notifications.Webhooks;
using NodaTime;

namespace Busbar.Node.Tests.Notifications;

/// <summary>Push messages and webhooks against a real HTTPS receiver.</summary>
public sealed class ReceiverTests : IAsyncLifetime
{
    private readonly OwnCertificate _certificate = new();
    private OpenDesk _open = null!;
    private HttpReceiver _receiver = null!;
    private OutboundClient _client = null!;

    public async Task InitializeAsync()
    {
        _open = await OpenDesk.OpenAsync();
        _receiver = await HttpReceiver.StartAsync(_certificate);
        _client = new(new() { AllowLoopback = true }, _certificate.Authority);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _receiver.DisposeAsync();
        await _open.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Push_ToABrowser_IsReadByItsKeyAloneAndSignedByTheNode()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var auth = RandomNumberGenerator.GetBytes(16);
        using var key = VapidKey.Derive(_open.Around.Secret);
        await SubscribeAsync(browser, auth);
        var delivery = Samples.Claimed(new(NotificationChannel.Push, "s1"), NotificationLanguage.Hindi, Samples.Alarm(1));

        Assert.IsType<DeliveryOutcome.Accepted>(await Push(key).DeliverAsync(delivery, Samples.Text(delivery), default));

        var request = Assert.Single(_receiver.Requests);
        Assert.Equal("/send/1", request.Path);
        Assert.Equal(("aes128gcm", "high", delivery.Id.Token), (request.Headers["Content-Encoding"], request.Headers["Urgency"], request.Headers["Topic"]));
        Assert.Equal("86400", request.Headers["TTL"]);
        AssertSigned(request.Headers["Authorization"], key.PublicKey);
        using var message = JsonDocument.Parse(Decrypt(request.Body, browser, auth));
        var text = Samples.Text(delivery);
        Assert.Equal(text.Subject, message.RootElement.GetProperty("title").GetString());
        Assert.Equal(text.Body, message.RootElement.GetProperty("body").GetString());
        Assert.Equal(delivery.Id.Token, message.RootElement.GetProperty("tag").GetString());
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Push_SubscriptionEnded_IsRemovedAndNotTriedAgain(int status)
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var key = VapidKey.Derive(_open.Around.Secret);
        await SubscribeAsync(browser, new byte[16]);
        _receiver.Answer = Status(status);
        var delivery = Samples.Claimed(new(NotificationChannel.Push, "s1"));

        Assert.IsType<DeliveryOutcome.Refused>(await Push(key).DeliverAsync(delivery, Samples.Text(delivery), default));
        Assert.Null(await _open.Store.SubscriptionAsync("s1", default));
        Assert.IsType<DeliveryOutcome.Refused>(await Push(key).DeliverAsync(delivery, Samples.Text(delivery), default));
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public void VapidKey_TheSameSecret_IsTheSameKey()
    {
        using var first = VapidKey.Derive(_open.Around.Secret);
        using var second = VapidKey.Derive(_open.Around.Secret);
        using var other = VapidKey.Derive(Cryptography.Keccak256.Hash("other"u8));

        Assert.Equal(first.PublicKey, second.PublicKey);
        Assert.False(first.PublicKey == other.PublicKey);
    }

    [Fact]
    public async Task Webhook_Signed_IsTheSameAtEveryTryButForTheTime()
    {
        await _open.WebhookAsync(Samples.Asha, new Uri(_receiver.Address, "/hook").AbsoluteUri);
        var delivery = Webhook();
        for (var i = 0; i < 2; i++)
        {
            Assert.IsType<DeliveryOutcome.Accepted>(await DeliverAsync(delivery));
            _open.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var requests = _receiver.Requests.ToArray();
        var secret = WebhookSignature.Secret(_open.Around.Secret, Samples.Asha, 1);
        Assert.Equal(requests[0].Body, requests[1].Body);
        Assert.Equal(delivery.Id.ToString(), requests[1].Headers[WebhookSignature.DeliveryHeader]);
        var header = requests[0].Headers[WebhookSignature.Header];
        Assert.True(WebhookSignature.Verify(secret, header, requests[0].Body, Samples.Noon, Duration.FromMinutes(5)));
        Assert.False(header == requests[1].Headers[WebhookSignature.Header]);
        using var body = JsonDocument.Parse(requests[0].Body);
        Assert.Equal("MeterSilent", body.RootElement.GetProperty("message").GetString());
        Assert.Equal("30", body.RootElement.GetProperty("data").GetProperty("minutes").GetString());
    }

    [Fact]
    public void Verify_AnythingChanged_IsRefused()
    {
        var body = Encoding.UTF8.GetBytes("{}");
        var header = WebhookSignature.Sign("whsec_1", Samples.Noon, body);
        var limit = Duration.FromMinutes(5);

        Assert.Equal("t=1767225600,v1=", header[..16]);
        Assert.True(WebhookSignature.Verify("whsec_1", header, body, Samples.Noon + limit, limit));
        Assert.False(WebhookSignature.Verify("whsec_2", header, body, Samples.Noon, limit));
        Assert.False(WebhookSignature.Verify("whsec_1", header, Encoding.UTF8.GetBytes("{} "), Samples.Noon, limit));
        Assert.False(WebhookSignature.Verify("whsec_1", header, body, Samples.Noon + limit + Duration.FromSeconds(1), limit));
        Assert.False(WebhookSignature.Verify("whsec_1", header.Replace("t=17", "t=18", StringComparison.Ordinal), body, Samples.Noon, limit));
        Assert.False(WebhookSignature.Verify("whsec_1", "nonsense", body, Samples.Noon, limit));
    }

    [Theory]
    [InlineData(200, typeof(DeliveryOutcome.Accepted))]
    [InlineData(302, typeof(DeliveryOutcome.Refused))]
    [InlineData(400, typeof(DeliveryOutcome.Refused))]
    [InlineData(408, typeof(DeliveryOutcome.Later))]
    [InlineData(429, typeof(DeliveryOutcome.Later))]
    [InlineData(500, typeof(DeliveryOutcome.Later))]
    [InlineData(501, typeof(DeliveryOutcome.Refused))]
    [InlineData(503, typeof(DeliveryOutcome.Later))]
    public async Task Webhook_Status_DecidesAndNoRedirectIsFollowed(int status, Type expected)
    {
        await _open.WebhookAsync(Samples.Asha, new Uri(_receiver.Address, "/hook").AbsoluteUri);
        _receiver.Answer = Status(status, ("Location", "/elsewhere"), ("Retry-After", "120"));

        var outcome = await DeliverAsync(Webhook());

        Assert.IsType(expected, outcome);
        Assert.Equal("/hook", Assert.Single(_receiver.Requests).Path);
        if (status is 429 or 503)
            Assert.Equal(Duration.FromMinutes(2), ((DeliveryOutcome.Later)outcome).After);
    }

    [Fact]
    public async Task Webhook_AnswerWithoutEnd_IsCutOffAndTaken()
    {
        await _open.WebhookAsync(Samples.Asha, new Uri(_receiver.Address, "/hook").AbsoluteUri);
        var ended = new TaskCompletionSource();
        _receiver.Answer = async context =>
        {
            try
            {
                while (true)
                    await context.Response.Body.WriteAsync(new byte[16 * 1024], context.RequestAborted);
            }
            catch (Exception cut) when (cut is OperationCanceledException or IOException)
            {
                ended.SetResult();
            }
        };

        Assert.IsType<DeliveryOutcome.Accepted>(await DeliverAsync(Webhook()));
        await ended.Task.WaitAsync(Testing.TestConnection.Patience);
    }

    [Fact]
    public async Task Webhook_NoAnswer_IsGivenUpAfterItsTime()
    {
        await _open.WebhookAsync(Samples.Asha, new Uri(_receiver.Address, "/hook").AbsoluteUri);
        var came = new TaskCompletionSource();
        _receiver.Answer = context =>
        {
            came.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };
        var sending = DeliverAsync(Webhook());
        await came.Task.WaitAsync(Testing.TestConnection.Patience);

        _open.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("no answer in time", Assert.IsType<DeliveryOutcome.Later>(await sending).Reason);
    }

    [Fact]
    public async Task Webhook_ToThisMachine_IsRefusedUnlessAllowed()
    {
        using var closed = new OutboundClient(new(), _certificate.Authority);
        await _open.WebhookAsync(Samples.Asha, new Uri(_receiver.Address, "/hook").AbsoluteUri);
        var delivery = Webhook();

        var outcome = await new WebhookChannel(_open.Store, _open.Around.Secret, closed, _open, _open.Time)
            .DeliverAsync(delivery, Samples.Text(delivery), default);

        Assert.IsType<DeliveryOutcome.Refused>(outcome);
        Assert.Empty(_receiver.Requests);
    }

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    private static Busbar.Store.Notifications.ClaimedDelivery Webhook() => Samples.Claimed(new(NotificationChannel.Webhook, "webhook of asha"));

    private Task<DeliveryOutcome> DeliverAsync(Busbar.Store.Notifications.ClaimedDelivery delivery) =>
        new WebhookChannel(_open.Store, _open.Around.Secret, _client, _open, _open.Time).DeliverAsync(delivery, Samples.Text(delivery), default);

    private PushChannel Push(VapidKey key) => new(_open.Store, key, "mailto:node@example.org", _client, _open, _open.Time);

    private Task SubscribeAsync(ECDiffieHellman browser, byte[] auth) => _open.Store.AddAsync(
        new("s1", Samples.Asha, new Uri(_receiver.Address, "/send/1"), PushEncryption.Bytes(browser.ExportParameters(false)), auth, "phone", Samples.Noon),
        5,
        default);

    private void AssertSigned(string header, string publicKey)
    {
        var parts = header["vapid t=".Length..].Split(", k=");
        Assert.Equal(publicKey, parts[1]);
        var token = parts[0].Split('.');
        using var key = ECDsa.Create(PushEncryption.Point(System.Buffers.Text.Base64Url.DecodeFromChars(publicKey)));
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        using var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token[1]));
        Assert.Equal(_receiver.Address.GetLeftPart(UriPartial.Authority), claims.RootElement.GetProperty("aud").GetString());
        Assert.Equal("mailto:node@example.org", claims.RootElement.GetProperty("sub").GetString());
        Assert.InRange(claims.RootElement.GetProperty("exp").GetInt64() - Samples.Noon.ToUnixTimeSeconds(), 1, 86_400);
    }

    /// <summary>What a browser does (RFC 8291, 3.4), written apart from the code under test.</summary>
    private static byte[] Decrypt(byte[] body, ECDiffieHellman browser, byte[] auth)
    {
        var salt = body[..16];
        Assert.Equal(4096, int.Parse(Convert.ToHexString(body[16..20]), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var senderKey = body[21..(21 + body[20])];
        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = senderKey[1..33], Y = senderKey[33..] },
        });
        var own = browser.ExportParameters(false).Q;
        var first = HMACSHA256.HashData(auth, browser.DeriveRawSecretAgreement(sender.PublicKey));
        byte[] info = [.. "WebPush: info\0"u8, 4, .. own.X!, .. own.Y!, .. senderKey, 1];
        var second = HMACSHA256.HashData(salt, HMACSHA256.HashData(first, info));
        byte[] keyInfo = [.. "Content-Encoding: aes128gcm\0"u8, 1];
        byte[] nonceInfo = [.. "Content-Encoding: nonce\0"u8, 1];
        using var cipher = new AesGcm(HMACSHA256.HashData(second, keyInfo)[..16], 16);
        var sealedText = body[(21 + body[20])..];
        var plain = new byte[sealedText.Length - 16];
        cipher.Decrypt(HMACSHA256.HashData(second, nonceInfo)[..12], sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length), plain);
        Assert.Equal(2, plain[^1]);
        return plain[..^1];
    }
}
