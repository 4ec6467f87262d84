namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>Reads the <c>deployment</c> block.</summary>
internal static class DeploymentReader
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static DeploymentConfig Read(ConfigReader d) => ReadRollout(d, new DeploymentConfig
    {
        Strategy = d.OneOf("strategy", ConfigChoices.Strategies),
        HealthCheck = d.Part("health_check", new HealthCheckConfig(), HealthCheck),
        Watch = d.Duration("watch", TimeSpan.FromSeconds(60), TimeSpan.Zero, Hour),
        MaxErrorRate = d.Number("max_error_rate", 0, 100) ?? 5,
        Drain = d.Duration("drain", TimeSpan.FromSeconds(30), TimeSpan.Zero, Hour),
        Grace = d.Duration("grace", TimeSpan.FromSeconds(60), TimeSpan.Zero, Day),
        KeepReleases = d.Number("keep_releases", 2, 100) ?? 5,
    });

    /// <summary>Reads how the nodes follow each other; what is not given is as in <paramref name="standard"/>.</summary>
    public static DeploymentConfig ReadRollout(ConfigReader d, DeploymentConfig standard) => standard with
    {
        Rollout = d.OneOf("rollout", ConfigChoices.Rollouts) ?? standard.Rollout,
        Rolling = d.Part("rolling", standard.Rolling, r => new RollingConfig
        {
            Batch = r.Number("batch", 1, 100_000) ?? standard.Rolling.Batch,
            Pause = r.Duration("pause", standard.Rolling.Pause, TimeSpan.Zero, Day),
        }),
        Canary = d.Part("canary", standard.Canary, c => Canary(c, standard.Canary)),
        OfflineWait = d.Duration("offline_wait", standard.OfflineWait, TimeSpan.Zero, Day),
        OfflineNodes = d.OneOf("offline_nodes", ConfigChoices.OfflineNodes) ?? standard.OfflineNodes,
    };

    private static CanaryConfig Canary(ConfigReader c, CanaryConfig standard) => new()
    {
        Percent = c.Number("percent", 1, 99) ?? standard.Percent,
        Nodes = c.Number("nodes", 1, 100_000) ?? standard.Nodes,
        Bake = c.Duration("bake", standard.Bake, TimeSpan.Zero, Day),
        Approval = c.Flag("approval", standard.Approval),
        ApprovalTimeout = c.Duration("approval_timeout", standard.ApprovalTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
        MaxErrorRate = c.Number("max_error_rate", 0, 100) ?? standard.MaxErrorRate,
        MaxErrorRateAboveOthers = c.Number("max_error_rate_above_others", 0, 100) ?? standard.MaxErrorRateAboveOthers,
        ProbeUrl = c.Text("probe_url", ConfigChecks.HttpUrl) ?? standard.ProbeUrl,
    };

    private static HealthCheckConfig HealthCheck(ConfigReader h)
    {
        var check = new HealthCheckConfig
        {
            Path = h.Text("path", ConfigChecks.UrlPath) ?? "/",
            Url = h.Text("url", ConfigChecks.HttpUrl),
            Command = h.Text("command"),
            Tcp = h.Flag("tcp", false),
            ExpectStatus = h.Number("expect_status", 100, 599),
            Interval = h.Duration("interval", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10)),
            Timeout = h.Duration("timeout", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10)),
            Retries = h.Number("retries", 1, 1000) ?? 15,
            StartGrace = h.Duration("start_grace", TimeSpan.Zero, TimeSpan.Zero, Hour),
        };
        h.AtMostOne("path", "url", "command", "tcp");
        return check;
    }
}
