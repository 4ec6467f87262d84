using System.Security.Cryptography;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Tests.Enrollment;
using VpsPilot.Agent.Updates;

namespace VpsPilot.Agent.Tests.Updates;

public sealed class UpdateUnitTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AgentPaths paths;

    public UpdateUnitTests() => paths = new AgentPaths(new AgentSettings { StateDirectory = folder.Path });

    [Fact]
    public void The_timer_runs_the_old_binary_with_the_same_settings() =>
        UpdateCommands.ArmPutBack(Update(), TimeSpan.FromMinutes(2), "/etc/vpspilot/agent.json").ShouldBe(
        [
            "--quiet", "--collect", "--unit=vpspilot-agent-put-back", "--on-active=120s", "--timer-property=AccuracySec=1s", "--",
            folder["agent"] + ".old", "put-back", "--settings", "/etc/vpspilot/agent.json",
        ]);

    [Fact]
    public async Task A_new_agent_that_has_not_reported_is_replaced_by_the_old_one_once()
    {
        await File.WriteAllTextAsync(folder["agent"], "new");
        await File.WriteAllTextAsync(folder["agent.old"], "old");
        (await PutBackAsync()).ShouldBeFalse();
        Update().Save(paths);
        (await PutBackAsync()).ShouldBeTrue();
        (await File.ReadAllTextAsync(folder["agent"])).ShouldBe("old");
        AgentUpdate.Load(paths).ShouldBe(Update() with { IsPutBack = true });
        (await PutBackAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_binary_is_fetched_with_the_nodes_own_token_and_must_have_the_checksum()
    {
        var authorization = "";
        using var plane = new HttpStub((request, _) =>
        {
            authorization = request.Headers["Authorization"]!;
            return request.Url!.AbsolutePath == "/api/agent/binary/linux-x64" ? (200, "the agent") : (404, "");
        });
        using var http = new HttpClient();
        var download = new BinaryDownload(new ControlPlaneDownload(TestIdentity.For(plane.Url), http));
        var hash = Convert.ToHexStringLower(SHA256.HashData("the agent"u8));
        (await download.FetchAsync("/api/agent/binary/linux-x64", hash, folder["new"], default)).ShouldBeNull();
        (await File.ReadAllTextAsync(folder["new"]), authorization).ShouldBe(("the agent", "Bearer agent-token-1"));
        (await download.FetchAsync("/api/agent/binary/linux-x64", new string('0', 64), folder["new"], default)).ShouldNotBeNull().Message.ShouldContain("checksum");
        (await download.FetchAsync("/api/agent/binary/none", hash, folder["new"], default)).ShouldNotBeNull().Message.ShouldContain("404");
        plane.Dispose();
        (await download.FetchAsync("/api/agent/binary/linux-x64", hash, folder["new"], default)).ShouldNotBeNull().Message.ShouldContain("could not be downloaded");
    }

    public void Dispose() => folder.Dispose();

    private AgentUpdate Update() => new() { CommandId = "c1", Version = "1.2.3", Sha256 = new string('a', 64), Binary = folder["agent"] };

    private Task<bool> PutBackAsync() => PutBack.RunAsync(paths, new ProcessRunner(TimeProvider.System), default);
}
