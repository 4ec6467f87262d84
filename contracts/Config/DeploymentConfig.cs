using System.Text.Json.Serialization;

namespace VpsPilot.Contracts.Config;

/// <summary>How a release is switched to and watched.</summary>
public sealed record DeploymentConfig
{
    /// <summary>How a node switches; null: blue-green where the node has an edge, else in-place.</summary>
    public SwitchStrategy? Strategy { get; init; }

    /// <summary>How the nodes follow each other; default rolling.</summary>
    public RolloutKind Rollout { get; init; } = RolloutKind.Rolling;

    /// <summary>Details of a rolling rollout.</summary>
    public RollingConfig Rolling { get; init; } = new();

    /// <summary>Details of a canary rollout.</summary>
    public CanaryConfig Canary { get; init; } = new();

    /// <summary>How the app proves that it works.</summary>
    public HealthCheckConfig HealthCheck { get; init; } = new();

    /// <summary>How long the new release is watched after the switch; default 60 seconds. A crash, failing health or too many errors inside it puts the earlier release back.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Percent of answers through the edge that may be 5xx in the watch window; default 5. It counts from 20 answers on.</summary>
    public int MaxErrorRate { get; init; } = 5;

    /// <summary>How long requests under way in the old slot may take to finish after the switch; default 30 seconds.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after the switch the old slot is kept running, so that going back needs no start; default 60 seconds, and never shorter than the watch window.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Releases kept for rolling back, the serving one included; default 5, at least 2.</summary>
    public int KeepReleases { get; init; } = 5;

    /// <summary>How long a node that is offline is waited for; default 5 minutes.</summary>
    public TimeSpan OfflineWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What happens without a node that stayed offline: the deployment fails (the default), or goes on with the others.</summary>
    public OfflineNodes OfflineNodes { get; init; } = OfflineNodes.Fail;
}

/// <summary>How a node switches from one release to the next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwitchStrategy>))]
public enum SwitchStrategy
{
    /// <summary>The new release starts beside the old one, and the edge moves the traffic once it is healthy.</summary>
    [JsonStringEnumMemberName("blue-green")] BlueGreen,

    /// <summary>One unit, restarted.</summary>
    [JsonStringEnumMemberName("in-place")] InPlace,
}

/// <summary>How the nodes of a project follow each other.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutKind>))]
public enum RolloutKind
{
    /// <summary>Some nodes after the other.</summary>
    [JsonStringEnumMemberName("rolling")] Rolling,

    /// <summary>All nodes at once.</summary>
    [JsonStringEnumMemberName("all")] All,

    /// <summary>A few nodes first; the others when those have proved themselves.</summary>
    [JsonStringEnumMemberName("canary")] Canary,
}

/// <summary>What happens without a node that stayed offline.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OfflineNodes>))]
public enum OfflineNodes
{
    /// <summary>The deployment fails before anything is switched.</summary>
    [JsonStringEnumMemberName("fail")] Fail,

    /// <summary>The deployment goes on without it.</summary>
    [JsonStringEnumMemberName("exclude")] Exclude,
}

/// <summary>A rolling rollout. It stops at the first node that fails.</summary>
public sealed record RollingConfig
{
    /// <summary>Nodes switched at the same time; default 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Pause between two batches; default none.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.Zero;
}

/// <summary>A canary rollout.</summary>
public sealed record CanaryConfig
{
    /// <summary>Percent of the nodes that go first, at least one; on a project with one node, percent of its traffic. Default 10.</summary>
    public int Percent { get; init; } = 10;

    /// <summary>Number of nodes that go first; null: by percent.</summary>
    public int? Nodes { get; init; }

    /// <summary>How long the first nodes serve before they are judged; default 5 minutes.</summary>
    public TimeSpan Bake { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait for a person's approval after the bake time; default false.</summary>
    public bool Approval { get; init; }

    /// <summary>How long an approval is waited for before the deployment goes back; default 1 hour.</summary>
    public TimeSpan ApprovalTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Percent of answers of the first nodes that may be 5xx; default 5. It counts from 20 answers on.</summary>
    public int MaxErrorRate { get; init; } = 5;

    /// <summary>Percent points by which the first nodes' share of 5xx may exceed that of the others; null: not compared.</summary>
    public int? MaxErrorRateAboveOthers { get; init; }

    /// <summary>A URL that the control plane asks after the bake time; an answer other than 2xx means back. Null: none.</summary>
    public string? ProbeUrl { get; init; }
}

/// <summary>A health check. At most one of <see cref="Url"/>, <see cref="Command"/> and <see cref="Tcp"/> is given; without one, <see cref="Path"/> is asked on the app's port.</summary>
public sealed record HealthCheckConfig
{
    /// <summary>HTTP path asked on the app's own port; default <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>A full URL asked instead; <c>$PORT</c> in it is the app's port. Null: by path.</summary>
    public string? Url { get; init; }

    /// <summary>A shell command run in the release's environment instead; exit code 0 means healthy. Null: by path.</summary>
    public string? Command { get; init; }

    /// <summary>Only a connection to the app's port is made instead; default false.</summary>
    public bool Tcp { get; init; }

    /// <summary>HTTP status that means healthy; null accepts 200 to 399.</summary>
    public int? ExpectStatus { get; init; }

    /// <summary>Pause between two tries; default 2 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Limit of one try; default 5 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries before a starting release counts as unhealthy, and failures in a row before a watched one does; default 15 and (in the watch window) at most 3.</summary>
    public int Retries { get; init; } = 15;

    /// <summary>Wrong answers are not counted for so long after the start; default none.</summary>
    public TimeSpan StartGrace { get; init; } = TimeSpan.Zero;
}
