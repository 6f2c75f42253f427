using System.Net;
using System.Text;
using Busbar.Node.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>How a phone or computer comes to trust the home's own authority: one page, and the certificate.</summary>
internal static class TrustApi
{
    public static ContentHttpResult Guide(HomeAuthority authority, NodeOptions options, HostGuard guard) => TypedResults.Content(
        $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Trust {WebUtility.HtmlEncode(options.Community.Name)}</title>
        <h1>Trust {WebUtility.HtmlEncode(options.Community.Name)} on this device</h1>
        <p>Your community's computer vouches for itself: no public authority can, for a name that means something on your own network alone.
        Its authority can vouch for nothing else, neither a bank nor a shop: that is written into it.</p>
        <ol>
        <li><a href="/trust/authority.crt">Get the authority's certificate.</a></li>
        <li>Compare its SHA-256 fingerprint with what the operator tells you, by voice or on paper:<br><code>{authority.Fingerprint}</code></li>
        <li><b>Android:</b> Settings, Security, More, Install a certificate, CA certificate; choose the file.<br>
        <b>iPhone, iPad:</b> open the file, Settings, Profile downloaded, Install; then General, About, Certificate trust settings: switch it on.<br>
        <b>Windows:</b> open the file, Install certificate, Current user, Trusted root certification authorities.<br>
        <b>macOS:</b> open the file in Keychain access; double-click it, Trust: Always trust.<br>
        <b>Linux:</b> Firefox: Settings, Certificates, Import. Chromium: Settings, Security, Manage certificates, Authorities, Import.</li>
        <li><a href="{WebUtility.HtmlEncode(guard.AddressOf(options.Https!.Hosts[0]))}/">Open the community's page.</a></li>
        </ol>
        </html>
        """,
        "text/html",
        Encoding.UTF8);

    public static FileContentHttpResult Certificate(HomeAuthority authority) =>
        TypedResults.File(authority.Certificate, "application/x-x509-ca-cert", "busbar-authority.crt");
}
