namespace Busbar.Bench.Running;

/// <summary>A folder on a real disk that goes with its benchmark: the system's temporary folder may be memory.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string OnDisk = "/var/tmp";

    public ScratchFolder() => Path = Directory.Exists(OnDisk)
        ? Directory.CreateDirectory(System.IO.Path.Combine(OnDisk, $"busbar-bench-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("busbar-bench-").FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
