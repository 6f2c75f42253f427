namespace Busbar.Cli.Running;

/// <summary>Progress that is told at once and in its order, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Telling<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
