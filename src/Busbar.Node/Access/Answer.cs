using System.Diagnostics.CodeAnalysis;

namespace Busbar.Node.Access;

/// <summary>What was asked for, or why it was refused; never neither.</summary>
internal sealed class Answer<T>
    where T : class
{
    private Answer(T? value, AccessRefused? refused) => (Value, Refused) = (value, refused);

    public T? Value { get; }

    public AccessRefused? Refused { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refused))]
    public bool IsGiven => Value is not null;

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(AccessRefused refused) => new(null, refused);
}
