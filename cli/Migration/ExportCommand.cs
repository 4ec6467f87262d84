using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Migration;

/// <summary><c>vpspilot export FILE</c></summary>
internal static class ExportCommand
{
    /// <summary>An archive has secrets, though encrypted.</summary>
    private static readonly FileStreamOptions OwnersAlone = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Where the archive is written; a new file" };
        var withoutLogs = new Option<bool>("--without-logs") { Description = "Leave logs out" };
        return Actions.Command("export", "Everything of a control plane as one encrypted archive. The passphrase is asked for, or read from standard input.", file, withoutLogs).Calls(async (session, api, ct) =>
        {
            var path = Path.GetFullPath(session.Get(file));
            if (File.Exists(path))
            {
                return session.Output.Fail(Complaint.Usage($"{path} exists already.", "Name a file that does not."));
            }

            var passphrase = await SecretInput.ReadAsync("Passphrase of the archive, 16 characters at least: ", ct);
            var answer = await api.DownloadAsync("api/export", new NewExport(passphrase, !session.Get(withoutLogs)), ApiJson.Default.NewExport, ct);
            if (answer.Value is not { } response)
            {
                return session.Output.Fail(answer.Complaint!);
            }

            using (response)
            {
                return await SaveAsync(response, api, path, ct) is { } lost ? session.Output.Fail(lost) : Tell(session, path);
            }
        });
    }

    /// <summary>The file is there only when all of it is.</summary>
    private static async Task<Complaint?> SaveAsync(StreamedResponse response, ApiClient api, string path, CancellationToken ct)
    {
        var part = path + ".part";
        File.Delete(part);
        try
        {
            await using (var target = new FileStream(part, OwnersAlone))
            {
                await (await response.BodyAsync(ct)).CopyToAsync(target, ct);
            }

            File.Move(part, path);
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            return Complaint.Usage($"{path} cannot be written: {e.Message}");
        }
        catch (Exception e) when (Broken.Complaint(e, api.Server, ct) is { } complaint)
        {
            return complaint;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static int Tell(Session session, string path)
    {
        session.Output.Remark($"Whoever has this file and its passphrase has everything that the control plane knows. At the new one: vpspilot import {path} --server NEW");
        session.Output.Line(session.Output.IsJson ? OutputJson.Write(new WrittenFile(path)) : path);
        return ExitCode.Done;
    }
}
