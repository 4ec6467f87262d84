using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Releases;

public sealed class ReleaseSecretsTests : IDisposable
{
    private readonly AgentFolder folder = new();

    [Fact]
    public void A_password_inside_a_longer_value_is_secret_by_itself()
    {
        var store = new ReleaseStore(folder.Paths);
        var release = new ReleaseManifest
        {
            ReleaseId = "r1",
            Commit = new string('a', 40),
            StorePath = folder.Paths.Root,
            ClosureBytes = 1,
            Config = new ProjectConfig { Type = ProjectType.Static, Env = new Dictionary<string, string> { ["DATABASE"] = "postgres://u:{{PW}}@h/db", ["MODE"] = "fast" } },
            BuiltAt = DateTimeOffset.UnixEpoch,
        };
        store.Save("p", release);
        File.WriteAllText(store.EnvironmentOf("p", "r1"), EnvironmentFile.Render([new("DATABASE", "postgres://u:hush@h/db"), new("MODE", "fast")]));

        new ReleaseSecrets(store).Of("p", release).ShouldBe(["postgres://u:hush@h/db", "hush"], ignoreOrder: true);
        new ReleaseSecrets(store).OfAll("p").ShouldContain("hush");
    }

    public void Dispose() => folder.Dispose();
}
