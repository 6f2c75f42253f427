namespace Busbar.Node.Access.Bodies;

/// <summary>What a request's body says, bounded and checked field by field.</summary>
internal interface IRequestForm
{
    /// <summary>The most bytes that such a body has.</summary>
    static abstract int MostBytes { get; }

    /// <summary>The first field that breaks its rule; null when all hold.</summary>
    AccessRefused? Check();
}
