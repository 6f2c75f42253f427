using System.Text;
using Busbar.Cryptography;
using Busbar.Node.Community;
using Busbar.Node.Tests.Testing;
using Microsoft.Playwright;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A real node with the page, no demonstration, on a clock that the test moves, and a browser to visit it. The neighbour's house is there
/// from the start. Node and browser start with the first test that asks; a skipped class starts nothing.
/// </summary>
public sealed class Village : IAsyncLifetime
{
    private readonly PrivateKey _neighbour = Person("neighbour");
    private TestCommunity? _community;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The meter of the house that is there from the start; its household is the person "neighbour".</summary>
    internal TestMeter MillHouse { get; } = new("Mill house");

    internal TestCommunity Community => _community ?? throw new InvalidOperationException("the village has not been started");

    internal Uri Page => Community.Node.Page;

    /// <summary>The key of a person of this name; each call makes another copy.</summary>
    internal static PrivateKey Person(string name) => PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"a person of the tests: {name}"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_community is not null)
            await _community.DisposeAsync();
        else
            MillHouse.Dispose();
        _neighbour.Dispose();
    }

    internal async Task StartAsync()
    {
        if (_community is not null)
            return;
        var community = new TestCommunity(MillHouse) { IsOpen = false };
        try
        {
            await community.OpenAsync(change: options => options with
            {
                WebRoot = Path.Combine(SourceTree(), "web", "dist"),
                Community = options.Community with
                {
                    Microgrids = [new(TestCommunity.Grid, "Lower street", [MillHouse.Description with { Participant = _neighbour.Address }])],
                },
            });
        }
        catch
        {
            await community.DisposeAsync();
            throw;
        }

        _community = community;
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    /// <summary>Somebody at the page with wallets of theirs.</summary>
    internal Task<Visitor> VisitorAsync(params TestWallet[] wallets) => Visitor.ComeAsync(_browser!, Page, wallets);

    /// <summary>A wallet that is on the community's chain already.</summary>
    internal TestWallet WalletOf(string name) => new($"Wallet of {name}", Person(name), Page);

    /// <summary>The wallet of an office whose key the node holds.</summary>
    internal TestWallet OfficeWallet(string name, Func<NodeKeys, PrivateKey> office) =>
        new($"Wallet of {name}", office(NodeKeys.ForDemonstration(7)), Page);

    internal static string SourceTree()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                return at.FullName;
        }

        throw new InvalidOperationException("the tests are not in the source tree");
    }
}
