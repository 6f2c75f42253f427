using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

public sealed class DemoTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("--days", "0", "--days is 1 to 3650")]
    [InlineData("--speed", "0.5", "--speed is 1 to 86400")]
    [InlineData("--seed", "-1", "--seed")]
    [InlineData("--sped", "60", "--sped")]
    public async Task Demo_WrongOption_IsWrongUsage(string option, string value, string told) =>
        (await BusbarProgram.RunAsync(_work.Folder, "demo", option, value)).FailedPlainly(2, told, "busbar --help");

    [Fact]
    public async Task Demo_FolderInUseForOtherThings_Refused()
    {
        _work.Write("letter.txt", "dear");
        (await BusbarProgram.RunAsync(_work.Folder, "demo", "--headless", "--data", _work.Folder))
            .FailedPlainly(1, "is not empty; a run starts in a new folder");
        (await BusbarProgram.RunAsync(_work.Folder, "dance")).FailedPlainly(2, "busbar --help");
    }
}
