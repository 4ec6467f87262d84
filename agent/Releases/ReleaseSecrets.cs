using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Releases;

/// <summary>Knows which values of a release are secret, out of its own environment: those with placeholders, and what stood in for each placeholder.</summary>
internal sealed class ReleaseSecrets(ReleaseStore releases)
{
    public IEnumerable<string> Of(string projectId, ReleaseManifest release)
    {
        var file = releases.EnvironmentOf(projectId, release.ReleaseId);
        var values = File.Exists(file) ? EnvironmentFile.Parse(File.ReadAllText(file)) : [];
        return release.Config.Env.SelectMany(e => Placeholders.SecretsIn(e.Value, values.GetValueOrDefault(e.Key, "")));
    }

    /// <summary>Of every release that the node keeps: a log may have lines of each.</summary>
    public IEnumerable<string> OfAll(string projectId) => releases.List(projectId).SelectMany(r => Of(projectId, r));
}
