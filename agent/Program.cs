using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Updates;

return await CommandLine.RunAsync(args);

/// <summary>The agent's commands. Exit codes: 0 done, 1 it failed, 2 wrong usage, 3 wrong settings, 4 not enrolled.</summary>
internal static class CommandLine
{
    private const string Usage =
        """
        vpspilot-agent: deploys VPS Pilot projects on this node

          vpspilot-agent [run] [--settings FILE]
          vpspilot-agent enroll --url URL --token TOKEN [--ca FILE --ca-sha256 HEX] [--allow-plain-text] [--settings FILE]
          vpspilot-agent print-unit      the systemd unit that belongs to this binary
          vpspilot-agent self-check [--settings FILE]   can it run here, with these settings and this identity?
          vpspilot-agent put-back [--settings FILE]     after an update: this binary again, unless the new one has reported
          vpspilot-agent --version

        Settings: /etc/vpspilot/agent.json (optional).
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var command = "run";
        for (var i = 0; i < args.Length; i++)
        {
            if (i == 0 && (!args[i].StartsWith('-') || args[i] is "--version" or "--help" or "-h"))
                command = args[i];
            else if (args[i] is "--url" or "--token" or "--settings" or "--ca" or "--ca-sha256" && i + 1 < args.Length)
                options[args[i]] = args[++i];
            else if (args[i] == PlainText.Flag)
                options[args[i]] = "";
            else
                return Fail(2, $"'{args[i]}' is not understood.\n\n{Usage}");
        }

        switch (command)
        {
            case "--version":
                Console.WriteLine(AgentVersion.Current);
                return 0;
            case "--help" or "-h" or "help":
                Console.WriteLine(Usage);
                return 0;
            case "print-unit":
                await using (var unit = typeof(CommandLine).Assembly.GetManifestResourceStream("vpspilot-agent.service")!)
                await using (var output = Console.OpenStandardOutput())
                    await unit.CopyToAsync(output);
                return 0;
            case not ("run" or "enroll" or "self-check" or "put-back"):
                return Fail(2, $"There is no command '{command}'.\n\n{Usage}");
        }

        var file = options.GetValueOrDefault("--settings", AgentSettings.DefaultFile);
        var (settings, problems) = SettingsFile.Load(file);
        if (settings is null)
            return Fail(3, $"{file} has {problems.Count} mistake(s):\n{string.Join('\n', problems.Select(p => $"  {p.Path} {p.Message}"))}");
        settings = settings with { File = file };
        var paths = new AgentPaths(settings);
        return command switch
        {
            "run" => await ServeAsync(settings, paths),
            "self-check" => SelfCheck(paths),
            "put-back" => await PutBackAsync(paths),
            _ => await EnrollAsync(paths, options),
        };
    }

    private static int SelfCheck(AgentPaths paths)
    {
        try
        {
            if (Identity.Load(paths) is not { } identity)
                return Fail(4, "This node is not enrolled.");
            using var keys = AgentKeys.LoadOrCreate(paths);
            keys.Sign("self-check", identity.NodeId);
            Console.WriteLine($"vpspilot-agent {AgentVersion.Current} can run here as node {identity}.");
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return Fail(1, e.Message);
        }
    }

    private static async Task<int> PutBackAsync(AgentPaths paths)
    {
        Console.WriteLine(await PutBack.RunAsync(paths, new ProcessRunner(TimeProvider.System), CancellationToken.None) ? "The new agent has not reported; the old one was put back." : "There is no update to take back.");
        return 0;
    }

    private static async Task<int> ServeAsync(AgentSettings settings, AgentPaths paths)
    {
        Identity? identity;
        try
        {
            identity = Identity.Load(paths);
        }
        catch (InvalidDataException e)
        {
            return Fail(4, e.Message);
        }

        if (identity is null)
            return Fail(4, "This node is not enrolled: vpspilot-agent enroll --url URL --token TOKEN.");
        using var keys = AgentKeys.LoadOrCreate(paths);
        using var host = AgentHost.Build(settings, paths, identity, keys);
        await host.RunAsync();
        return 0;
    }

    private static async Task<int> EnrollAsync(AgentPaths paths, Dictionary<string, string> options)
    {
        if (!options.TryGetValue("--url", out var address) || !options.TryGetValue("--token", out var token))
            return Fail(2, "enroll needs --url and --token, as the answer to POST /api/nodes has them.");
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return Fail(2, $"'{address}' is not an http or https URL.");
        var (authority, mistake) = PinnedAuthority.Read(options.GetValueOrDefault("--ca"), options.GetValueOrDefault("--ca-sha256"));
        if (mistake is not null)
            return Fail(2, mistake);
        using var http = AgentHost.ControlPlaneClient(authority);
        var (identity, isNew, error) = await new Enroller(paths, new FactsReader(new ProcessRunner(TimeProvider.System)), http) { AllowsPlainText = options.ContainsKey(PlainText.Flag) }.EnrollAsync(url, token, authority, CancellationToken.None);
        if (identity is null)
            return Fail(1, error!);
        Console.WriteLine(isNew ? $"Enrolled as node {identity}." : $"Enrolled already as node {identity}.");
        return 0;
    }

    private static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"vpspilot-agent: {message}");
        return code;
    }
}
