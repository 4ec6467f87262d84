using System.Text;
using System.Text.Json;
using VpsPilot.Contracts.Config.Parsing;

namespace VpsPilot.Contracts.Config;

/// <summary>What parsing came to: exactly one of the two is not null.</summary>
/// <param name="Config">The config.</param>
/// <param name="Failure">What is wrong with the document: every mistake, in <see cref="Failure.Problems"/>.</param>
public sealed record ConfigParseResult(ProjectConfig? Config, Failure? Failure)
{
    /// <summary>What could be read, mistakes or not; null when the document is no JSON object.</summary>
    public ConfigDraft? Draft { get; init; }
}

/// <summary>Reads <c>config.vpspilot.json</c>. All mistakes are reported at once.</summary>
public static class ConfigParser
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "config.vpspilot.json";

    /// <summary>Longest file that is read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Reads text.</summary>
    public static ConfigParseResult Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads UTF-8 bytes; a byte order mark is allowed.</summary>
    public static ConfigParseResult Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return Refused($"{FileName} is {utf8.Length} bytes long; at most {MaxBytes} are read.", []);
        }

        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        var mistakes = new ConfigMistakes();
        ConfigDraft? draft = null;
        try
        {
            var root = ConfigNode.Read(utf8, mistakes);
            if (root.Kind == JsonValueKind.Object)
            {
                var reader = new ConfigReader(root, mistakes);
                var config = Read(reader);
                reader.NoteUnknownKeys();
                draft = new ConfigDraft(config, ConfigLines.Of(root), mistakes.Doubtful);
            }
            else
            {
                mistakes.Add("$", "Expected an object.", root.Line);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            mistakes.Add("$", NotJson.Message(e), NotJson.Line(e));
        }

        // Those of one line stay in the order in which they were found.
        List<Problem> problems = [.. mistakes.Problems.OrderBy(p => p.Line ?? 0)];
        return (problems.Count == 0 ? new ConfigParseResult(draft!.Config, null) : Refused(Summary(problems), problems)) with { Draft = draft };
    }

    private static string Summary(List<Problem> problems)
    {
        var first = $"{problems[0].Path}: {problems[0].Message}";
        return problems.Count == 1
            ? $"{FileName} has a mistake: {first}"
            : $"{FileName} has {problems.Count} mistakes: {string.Join("; ", problems.Take(5).Select(p => $"{p.Path}: {p.Message.TrimEnd('.')}"))}{(problems.Count > 5 ? "; …" : ".")}";
    }

    private static ConfigParseResult Refused(string message, IReadOnlyList<Problem> problems) =>
        new(null, new Failure(Stages.Configure, FailureKind.Rejected, message) { Problems = problems, Hint = $"Correct {FileName} and push again." });

    private static ProjectConfig Read(ConfigReader r)
    {
        r.Text("$schema");
        return new ProjectConfig
        {
            Type = r.OneOf("type", ConfigChoices.Types),
            Name = r.Text("name", ConfigChecks.Name),
            Root = r.Text("root", ConfigChecks.RelativePath) ?? ".",
            Runtime = Canonical(r.Map("runtime", ConfigChecks.RuntimeName)),
            Build = r.Part("build", new BuildConfig(), b => new BuildConfig { Commands = b.Texts("commands"), Timeout = Timeout(b), Output = b.Text("output", ConfigChecks.RelativePath), Spa = b.Flag("spa", false) }),
            Test = Commands(r, "test"),
            Release = Commands(r, "release"),
            Start = r.Part("start", new StartConfig(), s => new StartConfig { Command = s.Text("command") }),
            Env = r.Map("env", ConfigChecks.EnvironmentName),
            Persist = r.Texts("persist", ConfigChecks.PersistPath) ?? [],
            Processes = r.Parts("processes", ConfigChecks.ProcessName, p => new ProcessConfig { Command = p.Required("command"), StopOld = p.OneOf("stop_old", ConfigChoices.StopOld) ?? StopOld.After }),
            Commands = r.Map("commands", ConfigChecks.ProcessName),
            Domains = r.Texts("domains", ConfigChecks.Domain) ?? [],
            Edge = r.Part("edge", new EdgeConfig(), e => new EdgeConfig { Port = e.Number("port", 1, 65535), HttpsRedirect = e.Flag("https_redirect", true), MaxBody = e.Size("max_body") }),
            Backups = r.Part("backups", new BackupsConfig(), b => new BackupsConfig { Enabled = b.Flag("enabled", true), Keep = b.Number("keep", 1, 1000) ?? 5 }),
            Deployment = r.Part("deployment", new DeploymentConfig(), DeploymentReader.Read),
            Resources = r.Part("resources", new ResourcesConfig(), Resources),
            Logs = r.Part("logs", new LogsConfig(), l => new LogsConfig { File = l.Flag("file", true) }),
            Php = r.Part("php", new PhpConfig(), p => new PhpConfig { Extensions = p.Texts("extensions", ConfigChecks.PhpExtension) }),
            Nix = r.Part("nix", new NixConfig(), n => new NixConfig
            {
                Packages = n.Texts("packages", ConfigChecks.NixAttribute) ?? [],
                AllowInsecure = n.Flag("allow_insecure", false),
                FlakeFile = n.Text("flake_file", ConfigChecks.FlakeFile),
                UpdateLock = n.Flag("update_lock", false),
            }),
        };
    }

    private static CommandList Commands(ConfigReader r, string key) =>
        r.Part(key, new CommandList(), c => new CommandList { Commands = c.Texts("commands"), Timeout = Timeout(c) });

    private static TimeSpan Timeout(ConfigReader r) =>
        r.Duration("timeout", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(1), TimeSpan.FromHours(6));

    private static ResourcesConfig Resources(ConfigReader r) => new()
    {
        MemoryMax = r.Size("memory_max"),
        MemoryHigh = r.Size("memory_high"),
        CpuQuota = r.Number("cpu_quota", 1, 100_000),
        OpenFiles = r.Number("open_files", 1, 10_000_000),
        TasksMax = r.Number("tasks_max", 1, 1_000_000),
        Restart = r.Text("restart", ConfigChecks.Restart) ?? "always",
        RestartDelay = r.Duration("restart_delay", TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromHours(1)),
    };

    /// <summary><c>nodejs</c> is another name for <c>node</c>.</summary>
    private static Dictionary<string, string> Canonical(IReadOnlyDictionary<string, string> runtime) =>
        runtime.GroupBy(r => r.Key == "nodejs" ? "node" : r.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
}
