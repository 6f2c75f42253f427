using Busbar.Node.Access;
using Busbar.Node.Community;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Busbar.Node.SetUp;

/// <summary>
/// Takes the one choice that a set-up is. The description lies beside its place before the account is made and comes to its place
/// after it: the account's transaction decides, and a start after a crash between the two ends what was begun.
/// </summary>
internal sealed class SetUpDesk(string folder, AccessDesk access, IClock clock) : IDisposable
{
    // As long as the node's check of a description looks ahead.
    private static readonly Duration ZoneHorizon = Duration.FromDays(3650);

    private readonly TaskCompletionSource<CommunityDescription> _chosen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>How far it is.</summary>
    public SetUpProgress Progress { get; } = new();

    /// <summary>The community, once it is chosen and on disk.</summary>
    public Task<CommunityDescription> Chosen => _chosen.Task;

    /// <summary>Where the description is kept.</summary>
    public static string FileIn(string folder) => Path.Combine(folder, CommunityFile.SetUpName);

    /// <summary>Ends what a crash between account and description left open.</summary>
    /// <returns>Whether the folder has a description now.</returns>
    public static bool Recover(string folder, AccessDesk access)
    {
        var beside = BesideIn(folder);
        if (access.Accounts.HasOperator && File.Exists(beside))
            File.Move(beside, FileIn(folder));
        File.Delete(beside);
        return File.Exists(FileIn(folder));
    }

    /// <summary>Takes a community and makes its first account.</summary>
    /// <returns>Null when it is taken; otherwise why not, and then nothing was changed.</returns>
    public async Task<AccessRefused?> ChooseAsync(SetUpForm form, HttpContext context, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_chosen.Task.IsCompleted)
                return SetUpApi.AlreadySetUp();
            var community = form.ToDescription();
            var now = clock.GetCurrentInstant();
            if (!community.Rules.Length.Divides(community.Zone, now, now + ZoneHorizon))
                return AccessRefused.InvalidField("intervalMinutes", $"does not divide the offset of {community.Zone.Id}");
            // Who has no code has nothing to write here; how often they may try is counted where the account is made.
            if (access.Invitations.FindOpen(form.Code) is not null)
                await WriteAsync(BesideIn(folder), CommunityFile.Write(community), cancellation);
            // Not to be broken off: from here on it is all or nothing.
            var account = await AccountApi.MakeAsync(access, form.AccountOf(), context, CancellationToken.None);
            if (!account.IsGiven)
            {
                File.Delete(BesideIn(folder));
                return account.Refused;
            }

            File.Move(BesideIn(folder), FileIn(folder));
            Progress.Begin();
            _chosen.SetResult(community);
            return null;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static string BesideIn(string folder) => FileIn(folder) + ".new";

    private static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellation);
        file.Flush(flushToDisk: true);
    }
}
