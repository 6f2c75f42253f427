namespace Busbar.Cli.Tests.Browser;

/// <summary>One demonstration for all tests that look at it.</summary>
[CollectionDefinition(Name)]
public sealed class DemoGroup : ICollectionFixture<DemoProcess>
{
    public const string Name = "the demonstration";
}
