using System.Text.Json;
using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Operations;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Backups;

/// <summary>
/// Puts the content of an archive back in place. It is unpacked beside and checked first; then the app is stopped, and folders change places by
/// rename. What was there is archived before, so that even this can be undone by hand. The same command goes on where a crash interrupted it.
/// </summary>
internal sealed class BackupRestorer(
    AgentPaths paths, ReleaseStore releases, BackupStore store, BackupMaker maker, StopHandler stopper, SystemUsers users, ProcessRunner runner, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>The archive that a command goes back to: the one it chose before, or the last there is.</summary>
    public Backup? Choose(CommandContext context) => Intent(context.ProjectId) is { } intent && intent.CommandId == context.Command.CommandId
        ? store.Find(context.ProjectId, intent.BackupId)
        : store.Last(context.ProjectId);

    /// <summary>The archive, when its content is in place.</summary>
    public async Task<Result<Backup>> RestoreAsync(CommandContext context, Backup backup, ReleaseManifest release, CancellationToken cancellationToken)
    {
        var (project, command) = (context.ProjectId, context.Command.CommandId);
        var unpacked = Path.Combine(paths.Project(project), "restore");
        var replaced = Path.Combine(paths.Project(project), "replaced");
        var intent = Intent(project);
        if (intent?.CommandId != command)
        {
            // An earlier restore that was given up may have left the only copy of what it replaced.
            if (Directory.Exists(replaced) && intent is { IsDone: false })
                Directory.Move(replaced, $"{replaced}-{intent.BackupId}");
            Delete(replaced);
            intent = new RestoreIntent { CommandId = command, BackupId = backup.Id };
            Save(project, intent);
        }

        if (intent.IsDone)
            return backup;
        if (!Directory.Exists(replaced) && await UnpackAsync(backup, unpacked, cancellationToken) is { } unusable)
            return unusable;
        cancellationToken.ThrowIfCancellationRequested();

        // From here on a cancel changes nothing: half of it would leave the app down.
        var end = lifetime.ApplicationStopping;
        if (releases.Current(project) is { } current && maker.HasContent(project, current))
        {
            var aside = await maker.MakeAsync(project, current, command, isAside: true, Stages.Restore, end);
            context.Output.Write(aside.Is(out var kept, out var unsaved) ? $"What is replaced is kept in {kept.File}." : $"What is replaced could not be archived: {unsaved.Message}");
        }

        if (await stopper.StopAsync(project, Stages.Restore, keepOff: false, end) is { } running)
            return running;
        if (Exchange(project, unpacked, replaced) && await users.OwnAsync(SystemUsers.Of(project), paths.Data(project), Stages.Restore, end, recursive: true) is { } notOwned)
            return notOwned;
        if (File.Exists(Path.Combine(unpacked, ".env")))
        {
            var environment = releases.EnvironmentOf(project, release.ReleaseId);
            File.Move(Path.Combine(unpacked, ".env"), environment, overwrite: true);
            if (await users.OwnAsync(SystemUsers.Of(project), environment, Stages.Restore, end) is { } failure)
                return failure;
        }

        Save(project, intent with { IsDone = true });
        Delete(unpacked);
        Delete(replaced);
        return backup;
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private async Task<Failure?> UnpackAsync(Backup backup, string folder, CancellationToken cancellationToken)
    {
        var file = store.FileOf(backup);
        var (_, hash) = await BackupMaker.HashAsync(file, cancellationToken);
        if (hash != backup.Sha256)
        {
            return new Failure(Stages.Restore, FailureKind.Rejected, $"The archive {backup.File} is damaged: its checksum is not the one it was written with. Nothing was touched.")
            {
                Hint = "Go back to a release instead, or restore an earlier archive by hand.",
            };
        }

        Delete(folder);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var result = await runner.RunAsync(new("tar", TarCommands.Unpack(file, folder)) { Timeout = Limit }, cancellationToken);
        return result.IsSuccess ? null : result.ToFailure(Stages.Restore, "tar", "Nothing was touched. Is the disk full?");
    }

    /// <summary>True when the data folder is the archive's. An archive without one leaves the data folder as it is.</summary>
    private bool Exchange(string project, string unpacked, string replaced)
    {
        var (data, archived) = (paths.Data(project), Path.Combine(unpacked, "data"));
        if (Directory.Exists(archived))
        {
            if (Directory.Exists(data) && !Directory.Exists(replaced))
                Directory.Move(data, replaced);
            Directory.Move(archived, data);
            DurableFile.FlushDirectory(paths.Project(project));
        }

        return Directory.Exists(data);
    }

    private string IntentFile(string project) => Path.Combine(paths.Project(project), "restore.json");

    private RestoreIntent? Intent(string project) =>
        File.Exists(IntentFile(project)) ? JsonSerializer.Deserialize(File.ReadAllBytes(IntentFile(project)), BackupsJson.Default.RestoreIntent) : null;

    private void Save(string project, RestoreIntent intent) => DurableFile.Write(IntentFile(project), JsonSerializer.SerializeToUtf8Bytes(intent, BackupsJson.Default.RestoreIntent));
}
