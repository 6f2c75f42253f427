using Busbar.Cryptography;
using Busbar.Node.Access.Wallets;
using NodaTime;

namespace Busbar.Node.Tests.Access;

public sealed class SignInMessageTests
{
    private const string Rest =
        " wants you to sign in with your Ethereum account:\n0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n\n"
        + "I accept the ExampleOrg Terms of Service: https://example.com/tos\n\nURI: https://example.com/login\nVersion: 1\nChain ID: 1\n"
        + "Nonce: 32891756\nIssued At: 2021-09-30T16:25:24Z\nResources:\n"
        + "- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/\n- https://example.com/my-web2-claim.json";

    private const string Full =
        "https://example.com:8443 wants you to sign in with your Ethereum account:\n0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946\n\n"
        + "Sign in.\n\nURI: https://example.com/login\nVersion: 1\nChain ID: 35303\nNonce: 12341234\nIssued At: 2022-03-17T12:45:13.610Z\n"
        + "Expiration Time: 2023-03-17T12:45:13+05:30\nNot Before: 2022-03-17T12:45:13.610Z\nRequest ID: some_id%20\nResources:\n- https://example.com/";

    [Theory]
    [InlineData("example.com", null, "example.com")]
    [InlineData("example.com:3388", null, "example.com:3388")]
    [InlineData("https://example.com", "https", "example.com")]
    public void Parse_ExamplesOfTheProposal_EveryField(string origin, string? scheme, string domain)
    {
        var message = SignInMessage.Parse(origin + Rest).Value!;

        Assert.Equal((scheme, domain), (message.Scheme, message.Domain));
        Assert.Equal(Address.Parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"), message.Address);
        Assert.Equal("I accept the ExampleOrg Terms of Service: https://example.com/tos", message.Statement);
        Assert.Equal(("https://example.com/login", "1", 1UL, "32891756"), (message.Uri, message.Version, message.ChainId, message.Nonce));
        Assert.Equal(Instant.FromUtc(2021, 9, 30, 16, 25, 24), message.IssuedAt);
        Assert.Null(message.ExpirationTime);
        Assert.Null(message.NotBefore);
        Assert.Null(message.RequestId);
        Assert.Equal(
            ["ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/", "https://example.com/my-web2-claim.json"], message.Resources);
    }

    [Fact]
    public void Parse_EveryOptionalField_Read()
    {
        var message = SignInMessage.Parse(Full).Value!;

        Assert.Equal(Instant.FromUtc(2023, 3, 17, 7, 15, 13), message.ExpirationTime);
        Assert.Equal(Instant.FromUtc(2022, 3, 17, 12, 45, 13) + Duration.FromMilliseconds(610), message.NotBefore);
        Assert.Equal("some_id%20", message.RequestId);
        Assert.Equal(["https://example.com/"], message.Resources);
    }

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("test@127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    [InlineData("localhost")]
    public void Parse_Authorities_Taken(string domain) => Assert.Equal(domain, SignInMessage.Parse(domain + Rest).Value?.Domain);

    [Fact]
    public void Parse_NoStatement_TwoBlankLines()
    {
        var message = SignInMessage.Parse(Full.Replace("\n\nSign in.\n\n", "\n\n\n", StringComparison.Ordinal));

        Assert.True(message.IsGiven);
        Assert.Null(message.Value.Statement);
    }

    [Theory]
    [InlineData("https://example.com:8443 wants", " wants")]
    [InlineData("https://example.com:8443 wants", "https:// wants")]
    [InlineData("https://example.com", "1https://example.com")]
    [InlineData("https://example.com", "https://exa mple.com")]
    [InlineData("https://example.com", "https://a@b@example.com")]
    [InlineData("Ethereum account:", "Ethereum account")]
    [InlineData("Ethereum account:", "ethereum account:")]
    [InlineData("0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946", "0xe5a12547fe4e872d192e3ececb76f2ce1aea4946")]
    [InlineData("0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946", "0xE5A12547fe4E872D192E3eCecb76F2Ce1aeA4946")]
    [InlineData("0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946", "0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA49")]
    [InlineData("0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946", "")]
    [InlineData("0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946\n", "0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946\n\n")]
    [InlineData("Sign in.", "Sign\nin.")]
    [InlineData("Sign in.", "Melden Sie sich \u00E4hnlich an.")]
    [InlineData("Sign in.", "<b>Sign in.</b>")]
    [InlineData("Sign in.\n\n", "Sign in.\n")]
    [InlineData("URI: https://example.com/login", "URI: _not_a_rfc3986_valid_uri_")]
    [InlineData("URI: https://example.com/login", "URI: /login")]
    [InlineData("URI: https://example.com/login", "URI: https://example.com/%zz")]
    [InlineData("URI: https://example.com/login\n", "")]
    [InlineData("URI: ", "Uri: ")]
    [InlineData("Version: 1\n", "")]
    [InlineData("Version: 1\nChain ID: 35303", "Chain ID: 35303\nVersion: 1")]
    [InlineData("Chain ID: 35303\n", "")]
    [InlineData("Chain ID: 35303", "Chain ID: 0x89e7")]
    [InlineData("Chain ID: 35303", "Chain ID: -1")]
    [InlineData("Chain ID: 35303", "Chain ID: 99999999999999999999999")]
    [InlineData("Nonce: 12341234\n", "")]
    [InlineData("Nonce: 12341234", "Nonce: 1234567")]
    [InlineData("Nonce: 12341234", "Nonce: 1234-5678")]
    [InlineData("Issued At: 2022-03-17T12:45:13.610Z\n", "")]
    [InlineData("Issued At: 2022-03-17T12:45:13.610Z", "Issued At: Wed Oct 05 2011 16:48:00 GMT+0200 (CEST)")]
    [InlineData("Issued At: 2022-03-17T12:45:13.610Z", "Issued At: 2022-02-30T12:45:13Z")]
    [InlineData("Issued At: 2022-03-17T12:45:13.610Z", "Issued At: 2022-03-17 12:45:13Z")]
    [InlineData("Expiration Time: 2023-03-17T12:45:13+05:30", "Expiration Time: tomorrow")]
    [InlineData("Expiration Time: 2023-03-17T12:45:13+05:30\nNot Before: 2022-03-17T12:45:13.610Z", "Not Before: 2022-03-17T12:45:13.610Z\nExpiration Time: 2023-03-17T12:45:13+05:30")]
    [InlineData("Not Before: 2022-03-17T12:45:13.610Z", "Not Before: 2022")]
    [InlineData("Request ID: some_id%20", "Request ID: some id")]
    [InlineData("Request ID: some_id%20\nResources:\n- https://example.com/", "Resources:\n- https://example.com/\nRequest ID: some_id")]
    [InlineData("Resources:\n", "Resources: \n")]
    [InlineData("- https://example.com/", "- https://example.com/ - https://example.com/2")]
    [InlineData("- https://example.com/", "- _not_a_rfc3986_valid_uri_")]
    [InlineData("- https://example.com/", "- https://example.com/\n")]
    [InlineData("- https://example.com/", "- https://example.com/\nAnd more")]
    [InlineData("\nVersion", "\r\nVersion")]
    public void Parse_Malformed_SaysSo(string from, string to)
    {
        Assert.Contains(from, Full, StringComparison.Ordinal);

        var parsed = SignInMessage.Parse(Full.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal("MalformedMessage", parsed.Refused?.Code);
    }

    [Fact]
    public void Parse_NothingOrTooMuch_Malformed()
    {
        Assert.Equal("MalformedMessage", SignInMessage.Parse("").Refused?.Code);
        Assert.Equal("MalformedMessage", SignInMessage.Parse(new string('\n', SignInMessage.MostCharacters)).Refused?.Code);
        Assert.Equal("MalformedMessage", SignInMessage.Parse(Full + new string('a', SignInMessage.MostCharacters)).Refused?.Code);
    }

    [Fact]
    public void Parse_CutAnywhere_NeverThrows()
    {
        for (var length = 0; length < Full.Length; length++)
            _ = SignInMessage.Parse(Full[..length]);
    }

    [Theory]
    [InlineData(
        "login.xyz", "0x9D85ca56217D2bb651b00f15e694EB7E713637D4", "Sign-In With Ethereum Example Statement", "https://login.xyz",
        "bTyXgcQxn2htgkjJn", "2022-01-27T17:09:38.578Z\nExpiration Time: 2100-01-07T14:31:43.952Z",
        "0xdc35c7f8ba2720df052e0092556456127f00f7707eaa8e3bbff7e56774e7f2e05a093cfc9e02964c33d86e8e066e221b7d153d27e5a2e97ccd5ca7d3f2ce06cb1b")]
    [InlineData(
        "login.xyz", "0xE6D3Aa1F561A215E5eb1f02Ba8705385F03fCaFB", "Sign-In With Ethereum Example Statement", "https://login.xyz",
        "lx2nx4so", "2022-01-05T14:27:30.883Z\nNot Before: 2100-01-07T14:31:43.952Z",
        "0xc2539ace78f13c7eb8c0852d38d269a6f97bebd9f7872097d2e3137b541f8bf50176062a46eeea83086bd2721423fb5755a932ff6ccc046ed482d14e4576042f1c")]
    [InlineData(
        "www.tally.xyz", "0xc95EB884FE852e241D409234bfC7045CB9E31BD7", "Sign in with Ethereum to Tally", "https://tally.xyz",
        "15050747", "2022-06-30T14:08:51.382Z",
        "0x8c46b6eb8505939892d8e9b075f89f8277321b17b993151f37810cdda38cce6f4a85909d2b53e6a14629c74c0ac38bf4becde78ee5b2529812bf6cceaf7b2a2501")]
    public void PersonalSignature_OfWalletsInTheWild_Recovered(
        string domain, string address, string statement, string uri, string nonce, string times, string signature)
    {
        var text = $"{domain} wants you to sign in with your Ethereum account:\n{address}\n\n{statement}\n\nURI: {uri}\nVersion: 1\nChain ID: 1\n"
            + $"Nonce: {nonce}\nIssued At: {times}";

        Assert.True(SignInMessage.Parse(text).IsGiven);
        Assert.True(PersonalSignature.IsBy(Address.Parse(address), text, signature));
        Assert.False(PersonalSignature.IsBy(Address.Parse(address), text + " ", signature));
        Assert.False(PersonalSignature.IsBy(Address.Parse(address), text, signature[..^2]));
        Assert.False(PersonalSignature.IsBy(Address.Parse(address), text, signature[..^2] + "1d"));
    }
}
