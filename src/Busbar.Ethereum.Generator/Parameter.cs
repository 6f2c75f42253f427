namespace Busbar.Ethereum.Generator;

/// <summary>A named value of a function, event, error or struct.</summary>
internal sealed class Parameter
{
    public Parameter(string name, ValueType type, bool isIndexed)
    {
        Name = name;
        Type = type;
        IsIndexed = isIndexed;
    }

    public string Name { get; }

    public ValueType Type { get; }

    public bool IsIndexed { get; }

    /// <summary>The C# type; of an indexed value that is too long for a topic only the hash is known.</summary>
    public string CSharp => IsIndexed && !Type.FitsTopic ? "global::Busbar.Cryptography.Hash256" : Type.CSharp;
}
