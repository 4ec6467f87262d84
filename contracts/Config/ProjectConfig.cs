using System.Text.Json.Serialization;
using VpsPilot.Contracts.Config.Parsing;

namespace VpsPilot.Contracts.Config;

/// <summary>
/// <c>config.vpspilot.json</c>: what a commit says about how it is built and run. Keys are snake_case; unknown keys are errors.
/// Durations are seconds as a number, or text such as <c>"30s"</c>, <c>"2m"</c>, <c>"1h"</c>. Sizes are bytes, or text such as <c>"512M"</c>, <c>"2G"</c>.
/// </summary>
public sealed record ProjectConfig
{
    /// <summary>Name for people, letters, digits and dashes; default the project's id.</summary>
    public string? Name { get; init; }

    /// <summary>Type of the app; it picks the template and the defaults. Null: told by the files of the app.</summary>
    public ProjectType? Type { get; init; }

    /// <summary>Folder of the app inside the repository, for monorepos; default the repository's root.</summary>
    public string Root { get; init; } = ".";

    /// <summary>Runtime versions by runtime name: <c>{"node": "20", "php": "8.2"}</c>. Default: the newest supported one the type needs.</summary>
    public IReadOnlyDictionary<string, string> Runtime { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How it is built.</summary>
    public BuildConfig Build { get; init; } = new();

    /// <summary>How it is tested; a failing test never touches what runs.</summary>
    public CommandList Test { get; init; } = new();

    /// <summary>Commands in the new release before it gets traffic, for example migrations.</summary>
    public CommandList Release { get; init; } = new();

    /// <summary>How it is started.</summary>
    public StartConfig Start { get; init; } = new();

    /// <summary>Environment of the app. <c>{{NAME}}</c> is replaced by the secret of that name; a missing one fails the deployment before anything is touched.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Paths, relative to the app's folder, that outlive a release (uploads, SQLite files); linked into each release. What the commit has there is
    /// what a project begins with. Where it has nothing, the path begins as a folder, or, if its name has a dot, as a file that the app is to make; a slash at the end says folder.
    /// </summary>
    public IReadOnlyList<string> Persist { get; init; } = [];

    /// <summary>More processes of the app beside <c>web</c> (which is <see cref="Start"/>), by name: workers, schedulers. They get no traffic.</summary>
    public IReadOnlyDictionary<string, ProcessConfig> Processes { get; init; } = new Dictionary<string, ProcessConfig>(StringComparer.Ordinal);

    /// <summary>Named commands for people, run in the release's environment on request: <c>{"console": "php artisan tinker"}</c>.</summary>
    public IReadOnlyDictionary<string, string> Commands { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Host names the app answers to through the edge, with automatic HTTPS.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>How the edge in front of the app behaves.</summary>
    public EdgeConfig Edge { get; init; } = new();

    /// <summary>Archives of persistent paths and <c>.env</c>, made before each change.</summary>
    public BackupsConfig Backups { get; init; } = new();

    /// <summary>How it is deployed.</summary>
    public DeploymentConfig Deployment { get; init; } = new();

    /// <summary>Limits and restart policy of the unit.</summary>
    public ResourcesConfig Resources { get; init; } = new();

    /// <summary>Where the unit's output goes.</summary>
    public LogsConfig Logs { get; init; } = new();

    /// <summary>What PHP is like.</summary>
    public PhpConfig Php { get; init; } = new();

    /// <summary>Things only people who know Nix need.</summary>
    public NixConfig Nix { get; init; } = new();
}

/// <summary>What PHP is like.</summary>
public sealed record PhpConfig
{
    /// <summary>Extensions beside those that are on by default, by name: <c>["redis", "imagick"]</c>. Null: those that <c>composer.json</c> requires.</summary>
    public IReadOnlyList<string>? Extensions { get; init; }
}

/// <summary>Type of an app.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProjectType>))]
public enum ProjectType
{
    /// <summary>Node.js.</summary>
    [JsonStringEnumMemberName("nodejs")] NodeJs,

    /// <summary>Files behind a web server; may be built by Node.js first.</summary>
    [JsonStringEnumMemberName("static")] Static,

    /// <summary>Go.</summary>
    [JsonStringEnumMemberName("go")] Go,

    /// <summary>Python.</summary>
    [JsonStringEnumMemberName("python")] Python,

    /// <summary>Python with Django.</summary>
    [JsonStringEnumMemberName("django")] Django,

    /// <summary>Ruby.</summary>
    [JsonStringEnumMemberName("ruby")] Ruby,

    /// <summary>PHP with an <c>artisan</c> front, as Laravel has it.</summary>
    [JsonStringEnumMemberName("laravel")] Laravel,

    /// <summary>The app's own flake.</summary>
    [JsonStringEnumMemberName("custom")] Custom,
}

/// <summary>Commands run one after the other; the first that fails ends the stage.</summary>
public sealed record CommandList
{
    /// <summary>Shell command lines, run with <c>bash -euo pipefail -c</c> in the app's folder, inside the environment. Null: the type's default.</summary>
    public IReadOnlyList<string>? Commands { get; init; }

    /// <summary>Limit for all of them together; default 15 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>How an app is built.</summary>
public sealed record BuildConfig
{
    /// <summary>Shell command lines, run with <c>bash -euo pipefail -c</c> in the app's folder, inside the environment. Null: the type's default.</summary>
    public IReadOnlyList<string>? Commands { get; init; }

    /// <summary>Limit for all of them together; default 15 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>For <c>static</c>: the folder with the finished files, relative to the app's folder; default <c>.</c>, or what the build tool's files tell.</summary>
    public string? Output { get; init; }

    /// <summary>For <c>static</c>: answer <c>index.html</c> where there is no such file, as single-page apps need; default false.</summary>
    public bool Spa { get; init; }
}

/// <summary>How an app is started.</summary>
public sealed record StartConfig
{
    /// <summary>Shell command line; it must listen on <c>127.0.0.1:$PORT</c> (or all addresses). Null: the type's default.</summary>
    public string? Command { get; init; }
}

/// <summary>Limits and restart policy of the unit; null means no limit.</summary>
public sealed record ResourcesConfig
{
    /// <summary>Hard memory limit in bytes (<c>MemoryMax</c>).</summary>
    public long? MemoryMax { get; init; }

    /// <summary>Memory throttling limit in bytes (<c>MemoryHigh</c>).</summary>
    public long? MemoryHigh { get; init; }

    /// <summary>Percent of one processor (<c>CPUQuota</c>): 150 is one and a half.</summary>
    public int? CpuQuota { get; init; }

    /// <summary>Open files (<c>LimitNOFILE</c>).</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Processes and threads (<c>TasksMax</c>).</summary>
    public int? TasksMax { get; init; }

    /// <summary>When systemd restarts the app: <c>always</c>, <c>on-failure</c> or <c>no</c>; default <c>always</c>.</summary>
    public string Restart { get; init; } = "always";

    /// <summary>Pause before a restart; default 1 second.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Where the unit's output goes.</summary>
public sealed record LogsConfig
{
    /// <summary>Append the output to <c>logs/&lt;project&gt;.log</c> under the agent's root; default true. Otherwise it goes to the journal.</summary>
    public bool File { get; init; } = true;
}

/// <summary>Things only people who know Nix need.</summary>
public sealed record NixConfig
{
    /// <summary>Extra packages in the environment, by nixpkgs attribute.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Allow runtimes past their end of life, whose packages nixpkgs marks insecure; default false.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>For <c>custom</c>: the app's own flake, relative to the app's folder; default <c>flake.nix</c>.</summary>
    public string? FlakeFile { get; init; }

    /// <summary>Update the project's flake lock with this build; default false.</summary>
    public bool UpdateLock { get; init; }
}

/// <summary>A process of the app beside <c>web</c>.</summary>
public sealed record ProcessConfig
{
    /// <summary>Shell command line.</summary>
    public required string Command { get; init; }

    /// <summary>When the old release's process of this name stops in a blue-green switch; default after the new release is healthy.</summary>
    public StopOld StopOld { get; init; } = StopOld.After;

    /// <summary>What is wrong with a name of a process, in one sentence; null when nothing is.</summary>
    public static string? NameMistake(string name) => ConfigChecks.ProcessName(name);
}

/// <summary>When the old release's worker stops.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopOld>))]
public enum StopOld
{
    /// <summary>After the new release is healthy: for a moment both run.</summary>
    [JsonStringEnumMemberName("after")] After,

    /// <summary>Before the new one starts: never both.</summary>
    [JsonStringEnumMemberName("before")] Before,
}

/// <summary>How the edge in front of the app behaves.</summary>
public sealed record EdgeConfig
{
    /// <summary>A plain HTTP port on which the edge serves the app, for use without a domain; null: none.</summary>
    public int? Port { get; init; }

    /// <summary>Send HTTP requests for the domains to HTTPS; default true.</summary>
    public bool HttpsRedirect { get; init; } = true;

    /// <summary>Largest request body in bytes; null for no limit.</summary>
    public long? MaxBody { get; init; }
}

/// <summary>Archives made before each change.</summary>
public sealed record BackupsConfig
{
    /// <summary>Make them; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Archives kept; default 5.</summary>
    public int Keep { get; init; } = 5;
}
