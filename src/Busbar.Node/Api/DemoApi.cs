using System.ComponentModel;
using Busbar.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>What a demonstration has for its visitors, and no other node.</summary>
internal static class DemoApi
{
    public static Results<Ok<IReadOnlyList<TestWalletDocument>>, ProblemHttpResult> Wallets(NodeOptions options, HttpContext context)
    {
        if (!options.IsDemonstration)
            return Problems.NotFound("this node is no demonstration");
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<TestWalletDocument>>([.. options.TestWallets.Select(Document)]);
    }

    private static TestWalletDocument Document(TestWallet wallet) =>
        new(wallet.Name, wallet.Key.Address.ToString(), HexText.Encode(wallet.Key.ExportBytes()));
}

/// <summary>A wallet of a demonstration that anybody may use.</summary>
/// <param name="Name">Whose it would be.</param>
/// <param name="Address">Its address.</param>
/// <param name="Key">Its private key: known to everybody, and worth nothing.</param>
internal sealed record TestWalletDocument(
    string Name, string Address, [property: Description("The private key: known to everybody, and worth nothing.")] string Key);
