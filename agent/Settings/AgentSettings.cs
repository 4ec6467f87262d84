namespace VpsPilot.Agent.Settings;

/// <summary>
/// <c>/etc/vpspilot/agent.json</c>: all optional, camelCase; unknown keys are errors. Durations are seconds as a number, or text such as
/// <c>"90s"</c>, <c>"15m"</c>. Sizes are bytes, or text such as <c>"512M"</c>, <c>"2G"</c>.
/// </summary>
internal sealed record AgentSettings
{
    public const string DefaultFile = "/etc/vpspilot/agent.json";

    /// <summary>The file itself.</summary>
    public string File { get; init; } = DefaultFile;

    /// <summary>Where projects, logs, caches and backups lie; default <c>/opt/vpspilot</c>.</summary>
    public string Root { get; init; } = "/opt/vpspilot";

    /// <summary>Keys, identity and journal, readable by root alone; default <c>/var/lib/vpspilot</c>.</summary>
    public string StateDirectory { get; init; } = "/var/lib/vpspilot";

    /// <summary>Folder of the projects' Nix profiles; default <c>/nix/var/nix/profiles/vpspilot</c>.</summary>
    public string ProfileDirectory { get; init; } = "/nix/var/nix/profiles/vpspilot";

    /// <summary>Where the projects' units are written; default <c>/etc/systemd/system</c>.</summary>
    public string UnitDirectory { get; init; } = "/etc/systemd/system";

    /// <summary>Sign of life; default 15 s, 1 to 300.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Loopback ports given to apps, both ends included; default 21000 to 21999.</summary>
    public PortRange Ports { get; init; } = new(21000, 21999);

    /// <summary>How Nix is called.</summary>
    public NixSettings Nix { get; init; } = new();

    /// <summary>What a build may use.</summary>
    public BuildSettings Build { get; init; } = new();

    /// <summary>Room that is kept free.</summary>
    public DiskSettings Disk { get; init; } = new();

    /// <summary>How large the logs of apps grow.</summary>
    public LogSettings Logs { get; init; } = new();

    /// <summary>How the agent replaces itself.</summary>
    public UpdateSettings Update { get; init; } = new();

    /// <summary>The edge in front of the apps; null: there is none, and projects run in place on their own ports.</summary>
    public EdgeSettings? Edge { get; init; }
}

/// <summary>Ports <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
internal sealed record PortRange(int From, int To);

/// <summary>How Nix is called. The keys stand at the top of the file: <c>overrideInputs</c>, <c>substituters</c>, <c>trustedPublicKeys</c>, <c>cores</c>, <c>maxJobs</c>.</summary>
internal sealed record NixSettings
{
    /// <summary>Flake URL by input name, <c>*</c> for every input of a rendered flake: a site's own nixpkgs, mirror or pinned release.</summary>
    public IReadOnlyDictionary<string, string> OverrideInputs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether an input is replaced here, whatever a lock says.</summary>
    public bool Overrides(string input) => OverrideInputs.ContainsKey(input) || OverrideInputs.ContainsKey("*");

    /// <summary>Binary caches; null leaves Nix's own settings, an empty list uses none.</summary>
    public IReadOnlyList<string>? Substituters { get; init; }

    /// <summary>Keys that signatures of the caches are checked with; null leaves Nix's own settings.</summary>
    public IReadOnlyList<string>? TrustedPublicKeys { get; init; }

    /// <summary>Processors for one Nix build, 0 for all; null leaves Nix's own settings.</summary>
    public int? Cores { get; init; }

    /// <summary>Nix builds at once; null leaves Nix's own settings.</summary>
    public int? MaxJobs { get; init; }
}

/// <summary>What a build may use, so that it cannot starve what serves. The keys stand under <c>build</c>.</summary>
internal sealed record BuildSettings
{
    /// <summary>Share of processor time against other units, whose default is 100; default 20.</summary>
    public int CpuWeight { get; init; } = 20;

    /// <summary>Share of disk time against other units, whose default is 100; default 20.</summary>
    public int IoWeight { get; init; } = 20;

    /// <summary>Hard memory limit in bytes; null for none, the default.</summary>
    public long? MemoryMax { get; init; }

    /// <summary>Processes and threads; default 4096.</summary>
    public int TasksMax { get; init; } = 4096;

    /// <summary>Largest commit that is checked out, in bytes of its files; default 2 GiB.</summary>
    public long SourceMax { get; init; } = 2L << 30;

    /// <summary>Limit of one stage; default 30 minutes. A shorter one in a project's config wins.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>Room that is kept free, so that a full disk stops builds and not what serves. The keys stand under <c>disk</c>.</summary>
internal sealed record DiskSettings
{
    /// <summary>Free bytes below which no build is begun (<c>minFree</c>); null, the default: 1 GiB, or 5 % where that is less.</summary>
    public long? MinFree { get; init; }
}

/// <summary>How large the logs of apps grow. The keys stand under <c>logs</c>.</summary>
internal sealed record LogSettings
{
    /// <summary>Bytes at which a log is put aside; default 32 MiB.</summary>
    public long MaxSize { get; init; } = 32L << 20;

    /// <summary>Logs put aside that are kept of each; default 3, 1 to 100.</summary>
    public int Keep { get; init; } = 3;
}

/// <summary>How the agent replaces itself. The keys stand under <c>update</c>.</summary>
internal sealed record UpdateSettings
{
    /// <summary>Within this time the new agent has to report, or the old one is put back (<c>reportWithin</c>); default 2 minutes.</summary>
    public TimeSpan ReportWithin { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>The edge in front of the apps: Caddy, run by the agent. The keys stand under <c>edge</c>; an empty object turns it on.</summary>
internal sealed record EdgeSettings
{
    /// <summary>Port for HTTP; default 80.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>Port for HTTPS; default 443.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>Address that the certificate authority writes to; null: none.</summary>
    public string? AcmeEmail { get; init; }

    /// <summary>Directory URL of the certificate authority; null: Caddy's own choice.</summary>
    public string? AcmeCa { get; init; }

    /// <summary>Certificates of an authority that Caddy makes on the node, which nobody trusts: for tests and closed networks. Default false.</summary>
    public bool InternalCertificates { get; init; }
}
