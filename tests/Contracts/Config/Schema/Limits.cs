namespace VpsPilot.Contracts.Tests.Config.Schema;

/// <summary>Smallest and largest value of each number of the config; the tests ask the parser whether they are true.</summary>
internal static class Limits
{
    private static readonly Dictionary<string, (int Min, int Max)> Numbers = new(StringComparer.Ordinal)
    {
        ["/deployment/rolling/batch"] = (1, 100_000),
        ["/deployment/canary/percent"] = (1, 99),
        ["/deployment/canary/nodes"] = (1, 100_000),
        ["/deployment/canary/max_error_rate"] = (0, 100),
        ["/deployment/canary/max_error_rate_above_others"] = (0, 100),
        ["/deployment/health_check/expect_status"] = (100, 599),
        ["/deployment/health_check/retries"] = (1, 1000),
        ["/deployment/max_error_rate"] = (0, 100),
        ["/deployment/keep_releases"] = (2, 100),
        ["/edge/port"] = (1, 65535),
        ["/backups/keep"] = (1, 1000),
        ["/resources/cpu_quota"] = (1, 100_000),
        ["/resources/open_files"] = (1, 10_000_000),
        ["/resources/tasks_max"] = (1, 1_000_000),
    };

    public static IEnumerable<string> Paths => Numbers.Keys;

    public static (int Min, int Max)? Of(string path) => Numbers.TryGetValue(path, out var limits) ? limits : null;
}
