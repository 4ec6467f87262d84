using System.Text.Json;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Settings;

/// <summary>Settings, or every mistake in them.</summary>
internal sealed record SettingsResult(AgentSettings? Settings, IReadOnlyList<Problem> Problems);

/// <summary>Reads <see cref="AgentSettings"/>.</summary>
internal static class SettingsFile
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads the file; one that is not there is the same as an empty one.</summary>
    public static SettingsResult Load(string path)
    {
        try
        {
            return File.Exists(path) ? Parse(File.ReadAllBytes(path)) : new(new AgentSettings(), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, [new Problem("$", $"cannot be read: {e.Message}")]);
        }
    }

    public static SettingsResult Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            var problems = new List<Problem>();
            var settings = Read(new SettingsReader(document.RootElement, "$", problems));
            return problems.Count == 0 ? new(settings, []) : new(null, problems);
        }
        catch (JsonException e)
        {
            return new(null, [new Problem("$", $"is not JSON: {e.Message}", (int?)e.LineNumber + 1)]);
        }
    }

    private static AgentSettings Read(SettingsReader json)
    {
        var defaults = new AgentSettings();
        var settings = defaults with
        {
            Root = json.Path("root", defaults.Root),
            StateDirectory = json.Path("stateDirectory", defaults.StateDirectory),
            ProfileDirectory = json.Path("profileDirectory", defaults.ProfileDirectory),
            UnitDirectory = json.Path("unitDirectory", defaults.UnitDirectory),
            Heartbeat = TimeSpan.FromSeconds(json.Integer("heartbeatSeconds", 1, 300) ?? (int)defaults.Heartbeat.TotalSeconds),
            Nix = new NixSettings
            {
                OverrideInputs = json.Map("overrideInputs"),
                Substituters = json.List("substituters"),
                TrustedPublicKeys = json.List("trustedPublicKeys"),
                Cores = json.Integer("cores", 0, 4096),
                MaxJobs = json.Integer("maxJobs", 0, 4096),
            },
        };
        if (json.Section("ports") is { } ports)
        {
            var range = new PortRange(ports.Integer("from", 1024, 65535) ?? defaults.Ports.From, ports.Integer("to", 1024, 65535) ?? defaults.Ports.To);
            if (range.From > range.To)
                json.Add("ports", $"from ({range.From}) is greater than to ({range.To}).");
            ports.RefuseUnknown();
            settings = settings with { Ports = range };
        }

        if (json.Section("build") is { } build)
        {
            settings = settings with { Build = Build(build, defaults.Build) };
            build.RefuseUnknown();
        }

        if (json.Section("edge") is { } edge)
        {
            var asked = Edge(edge, new EdgeSettings());
            settings = settings with { Edge = edge.Flag("enabled", true) ? asked : null };
            edge.RefuseUnknown();
        }

        settings = ReadUpkeep(json, settings);
        json.RefuseUnknown();
        return settings;
    }

    private static AgentSettings ReadUpkeep(SettingsReader json, AgentSettings settings)
    {
        if (json.Section("disk") is { } disk)
        {
            settings = settings with { Disk = new() { MinFree = disk.Size("minFree") } };
            disk.RefuseUnknown();
        }

        if (json.Section("logs") is { } logs)
        {
            settings = settings with { Logs = new() { MaxSize = logs.Size("maxSize") ?? settings.Logs.MaxSize, Keep = logs.Integer("keep", 1, 100) ?? settings.Logs.Keep } };
            logs.RefuseUnknown();
        }

        if (json.Section("update") is { } update)
        {
            settings = settings with { Update = new() { ReportWithin = update.Duration("reportWithin") ?? settings.Update.ReportWithin } };
            update.RefuseUnknown();
        }

        return settings;
    }

    private static BuildSettings Build(SettingsReader json, BuildSettings defaults) => new()
    {
        CpuWeight = json.Integer("cpuWeight", 1, 10000) ?? defaults.CpuWeight,
        IoWeight = json.Integer("ioWeight", 1, 10000) ?? defaults.IoWeight,
        MemoryMax = json.Size("memoryMax"),
        SourceMax = json.Size("sourceMax") ?? defaults.SourceMax,
        TasksMax = json.Integer("tasksMax", 16, int.MaxValue) ?? defaults.TasksMax,
        Timeout = json.Duration("timeout") ?? defaults.Timeout,
    };

    private static EdgeSettings Edge(SettingsReader json, EdgeSettings defaults) => new()
    {
        HttpPort = json.Integer("httpPort", 1, 65535) ?? defaults.HttpPort,
        HttpsPort = json.Integer("httpsPort", 1, 65535) ?? defaults.HttpsPort,
        AcmeEmail = json.Word("acmeEmail"),
        AcmeCa = json.Word("acmeCa"),
        InternalCertificates = json.Flag("internalCertificates", false),
    };
}
