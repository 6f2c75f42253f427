namespace Busbar.Cli.Tests.Running;

/// <summary>A folder of its own that goes with the test, with what the tour puts into it.</summary>
internal sealed class Workplace : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Folder { get; } = Directory.CreateTempSubdirectory("busbar-cli-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Writes a file that its owner alone may read.</summary>
    public string Secret(string name, string content)
    {
        File.WriteAllText(this[name], content + "\n");
        File.SetUnixFileMode(this[name], OwnerOnly);
        return this[name];
    }

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>The tour's community: one meter, intervals of a minute, no word of firmware.</summary>
    public string Community(string meter) => Write("community.yaml", $"""
        name: Hill village
        zone: Asia/Kolkata
        intervalMinutes: 1
        waitingMinutes: 0.5
        microgrids:
          - id: 1
            name: Upper street
            meters:
              - meter: "{meter}"
                name: School

        """);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
