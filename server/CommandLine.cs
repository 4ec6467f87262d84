using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using VpsPilot.Functions.Hosting;
using VpsPilot.Server.Backups;
using VpsPilot.Server.Checks;

namespace VpsPilot.Server;

/// <summary>The program's commands. Exit codes: 0 done, 1 it failed, 2 wrong usage or settings.</summary>
internal static class CommandLine
{
    private const string Usage =
        """
        vpspilot-server: the VPS Pilot control plane on this machine

          vpspilot-server run [--Setting=Value ...]          what vpspilot-server.service runs
          vpspilot-server admin-token                        shows the first admin token, once
          vpspilot-server check [--schemas 'FILE=N ...']     are the databases whole, readable by this version (or one that knows these schemas), and is there room?
          vpspilot-server queues                             what waits in the queues, and why messages were put aside
          vpspilot-server backup FILE                        the whole data folder in one archive, also while it runs
          vpspilot-server verify FILE                        is this archive whole?
          vpspilot-server restore FILE                       puts an archive in place of the data folder; the service has to be stopped
          vpspilot-server schemas                            the newest schemas that this version knows
          vpspilot-server --version

        Commands but run take --data FOLDER; default /var/lib/vpspilot-server.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["run", .. var settings])
        {
            return await ServeAsync(settings);
        }

        var data = DataFolder.Standard;
        string? schemas = null;
        List<string> words = [];
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--data" when i + 1 < args.Length:
                    data = args[++i];
                    break;
                case "--schemas" when i + 1 < args.Length:
                    schemas = args[++i];
                    break;
                default:
                    words.Add(args[i]);
                    break;
            }
        }

        try
        {
            return await DispatchAsync(words, new DataFolder(data), schemas);
        }
        catch (Exception e) when (e is RefusedException or IOException or UnauthorizedAccessException or SqliteException)
        {
            return Fail(1, e.Message);
        }
    }

    private static async Task<int> DispatchAsync(List<string> words, DataFolder data, string? schemas)
    {
        switch (words)
        {
            case ["--version"]:
                Console.WriteLine(ControlPlaneVersion.Current);
                return 0;
            case ["--help" or "-h" or "help"]:
                Console.WriteLine(Usage);
                return 0;
            case ["schemas"]:
                Console.WriteLine(string.Join('\n', Schemas.Known.Select(s => $"{s.Key}={s.Value}")));
                return 0;
            case ["admin-token"]:
                Console.WriteLine(data.TakeAdminToken());
                return 0;
            case ["check"]:
                DataCheck.Run(data, schemas is null ? Schemas.Known : Schemas.Parse(schemas));
                Console.WriteLine($"{data.Path}: the databases are whole, and there is room.");
                return 0;
            case ["queues"]:
                Console.WriteLine(string.Join('\n', QueueReport.Lines(data)));
                return 0;
            case ["backup", var file]:
                var archive = await new BackupWriter(data, TimeProvider.System).WriteAsync(file, CancellationToken.None);
                Console.WriteLine($"{file}: {archive.Files.Count} files, version {archive.Version}.");
                return 0;
            case ["verify", var file]:
                Console.WriteLine(Describe(file, await BackupReader.VerifyAsync(file, CancellationToken.None)));
                return 0;
            case ["restore", var file]:
                var (manifest, aside) = await new Restore(data, TimeProvider.System).RunAsync(file, CancellationToken.None);
                Console.WriteLine(Describe(file, manifest));
                Console.WriteLine(aside is null ? $"It is in {data.Path}." : $"It is in {data.Path}; what was there before is in {aside}.");
                return 0;
            default:
                return Fail(2, words.Count == 0 ? Usage : $"'{string.Join(' ', words)}' is not understood.\n\n{Usage}");
        }
    }

    private static async Task<int> ServeAsync(string[] settings)
    {
        try
        {
            using var host = ControlPlaneApp.Build(["--Embedded:FunctionsAssembly=VpsPilot.Functions", .. settings], SystemdService.AddTo);
            await ControlPlaneApp.PrepareAsync(host, CancellationToken.None);
            await host.RunAsync();
            return 0;
        }
        catch (SettingsException e)
        {
            return Fail(2, e.Message);
        }
        catch (Exception e) when (StartFault.Line(e) is { } line)
        {
            return Fail(1, line);
        }
    }

    private static string Describe(string file, BackupManifest manifest) => $"{file} is whole: version {manifest.Version}, made {manifest.CreatedAt:u}, {manifest.Files.Count} files.";

    private static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"vpspilot-server: {message}");
        return code;
    }
}
