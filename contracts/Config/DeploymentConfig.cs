namespace VpsPilot.Contracts.Config;

/// <summary>How a release is switched to and watched.</summary>
public sealed record DeploymentConfig
{
    /// <summary>How the app proves that it works.</summary>
    public HealthCheckConfig HealthCheck { get; init; } = new();

    /// <summary>How long the new release is watched after the switch; default 60 seconds. A crash or failing health inside it puts the earlier release back.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Releases kept for rolling back, the serving one included; default 5, at least 2.</summary>
    public int KeepReleases { get; init; } = 5;
}

/// <summary>A health check.</summary>
public sealed record HealthCheckConfig
{
    /// <summary>HTTP path asked on the app's own port; default <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>HTTP status that means healthy; null accepts 200 to 399.</summary>
    public int? ExpectStatus { get; init; }

    /// <summary>Pause between two tries; default 2 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Limit of one try; default 5 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries before a starting release counts as unhealthy, and failures in a row before a watched one does; default 15 and (in the watch window) at most 3.</summary>
    public int Retries { get; init; } = 15;
}
