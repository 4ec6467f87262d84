using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Releases;

/// <summary>A command line to run in a release, as the app's user, with what the app itself has: its programs, its type's variables, its <c>.env</c>.</summary>
internal static class ReleaseCommand
{
    /// <summary>What it may not do; where it may write comes on top.</summary>
    public static IReadOnlyList<(string Name, string Value)> Hardening { get; } = [("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("ProtectHome", "yes"), ("PrivateTmp", "yes"), ("LimitCORE", "0")];

    /// <param name="unit">Name of the unit, without <c>.service</c>.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="release">The release.</param>
    /// <param name="line">The command line, for bash.</param>
    /// <param name="environmentFile">The release's <c>.env</c>.</param>
    /// <param name="variables">More variables.</param>
    public static TransientCommand Of(string unit, string projectId, ReleasePlace release, string line, string environmentFile, params IEnumerable<(string Name, string Value)> variables)
    {
        var environment = Path.Combine(release.StorePath, "env");
        var program = Path.Combine(release.StorePath, "bin", "run");
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Path.Combine(environment, "bin"),
            ["LANG"] = "C.UTF-8",
            ["SSL_CERT_FILE"] = Path.Combine(environment, "etc/ssl/certs/ca-bundle.crt"),
            ["VPSPILOT_PROJECT"] = projectId,
            ["VPSPILOT_RELEASE"] = release.ReleaseId,
        };
        foreach (var (name, value) in variables)
            all[name] = value;

        // Releases of earlier agents have no such program: they get what it would set for every type.
        return new(unit, File.Exists(program) ? [program, line] : [Path.Combine(environment, "bin", "bash"), "-euo", "pipefail", "-c", line])
        {
            User = SystemUsers.Of(projectId),
            WorkingDirectory = Path.GetFullPath(Path.Combine(release.StorePath, "app", release.Root)),
            Environment = all,
            EnvironmentFile = environmentFile,
            Timeout = TimeSpan.FromMinutes(15),
            Properties = Hardening,
        };
    }
}

/// <summary>Where a release is.</summary>
/// <param name="ReleaseId">The release.</param>
/// <param name="StorePath">Its store path.</param>
/// <param name="Root">The app's folder in its tree.</param>
internal sealed record ReleasePlace(string ReleaseId, string StorePath, string Root);
