using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace VpsPilot.Server.Backups;

/// <summary>Puts an archive in place of the data folder. Nothing is touched before the archive is unpacked beside it and proven; what was there is kept.</summary>
internal sealed class Restore(DataFolder data, TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <returns>What was restored, and where the folder of before is now; null when there was none, or it was empty.</returns>
    /// <exception cref="RefusedException">The control plane runs, or the archive is not whole.</exception>
    public async Task<(BackupManifest Manifest, string? Aside)> RunAsync(string file, CancellationToken ct)
    {
        using var held = Directory.Exists(data.Path) ? data.Lock() : null;
        var beside = $"{data.Path}.restoring";
        if (Directory.Exists(beside))
        {
            Directory.Delete(beside, recursive: true);
        }

        Directory.CreateDirectory(beside, OwnerOnly);
        try
        {
            var manifest = await BackupReader.UnpackAsync(file, beside, ct);
            Own(beside);
            return (manifest, Exchange(beside));
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    private string? Exchange(string beside)
    {
        if (data.IsEmpty)
        {
            if (Directory.Exists(data.Path))
            {
                Directory.Delete(data.Path);
            }

            Directory.Move(beside, data.Path);
            return null;
        }

        var aside = string.Create(CultureInfo.InvariantCulture, $"{data.Path}.before-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        Directory.Move(data.Path, aside);
        try
        {
            Directory.Move(beside, data.Path);
        }
        catch
        {
            Directory.Move(aside, data.Path);
            throw;
        }

        return aside;
    }

    /// <summary>The service's user owns what it is to open; .NET has no call for it.</summary>
    private void Own(string folder)
    {
        if (!Directory.Exists(data.Path))
        {
            return;
        }

        try
        {
            using var chown = Process.Start("chown", ["--recursive", $"--reference={data.Path}", "--", folder]);
            chown.WaitForExit();
            if (chown.ExitCode != 0)
            {
                throw new RefusedException($"{folder} could not be given to the owner of {data.Path}. Nothing was restored.");
            }
        }
        catch (Win32Exception e)
        {
            throw new RefusedException($"chown cannot be run: {e.Message}. Nothing was restored.");
        }
    }
}
