namespace Busbar.Cli.Running;

/// <summary>A folder for a run: the one that was asked for, kept; or a new one that goes with the run.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly bool _kept;

    public RunFolder(string? asked)
    {
        _kept = asked is not null;
        Path = asked ?? Directory.CreateTempSubdirectory("busbar-").FullName;
        if (_kept && Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any())
            throw new CommandFailure($"{Path} is not empty; a run starts in a new folder");
    }

    public string Path { get; }

    public void Dispose()
    {
        if (!_kept)
            Directory.Delete(Path, recursive: true);
    }
}
