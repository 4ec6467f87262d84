using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Migration;
using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Tests.Api;
using VpsPilot.Functions.Tests.Storage.Azure;

namespace VpsPilot.Functions.Tests.Migration;

/// <summary>From a control plane on SQLite and files to one on Azure Tables and append blobs, and back to a new one on SQLite and files.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class MigrationTests(Azurite azurite) : IAsyncLifetime, IDisposable
{
    private const string Value = "hunter2-is-the-value";

    private readonly ApiServer first = new();
    private readonly ApiServer third = new();
    private ApiServer? second;

    [Fact]
    public async Task Everything_goes_to_Azure_and_back_and_the_node_follows()
    {
        second = new ApiServer { Settings = [$"--Storage:Account={azurite.ConnectionString}"] };
        await second.InitializeAsync();
        await using var agent = await first.AgentAsync("web-1");
        await FillAsync(agent);

        var there = await first.ExportAsync();
        Encoding.Latin1.GetString(there).ShouldNotContain(Value);
        var imported = await second.ImportAsync(there).JsonAsync();
        ((int)imported["content"]!["projects"]!, (int)imported["content"]!["nodes"]!, (int)imported["content"]!["logs"]!).ShouldBe((1, 1, 1));
        (await second.ImportAsync(there).JsonAsync(HttpStatusCode.Conflict))["code"]!.ToString().ShouldBe("not-empty");
        (await third.ImportAsync(await second.ExportAsync()).JsonAsync())["move"]!["nodes"]!.ToJsonString().ShouldBe("""["web-1"]""");

        await ShouldHaveAllAsync(await RecordsAsync(first), second);
        await ShouldHaveAllAsync(await RecordsAsync(first), third);
        await ShouldMoveAsync(agent, second, imported["move"]!);
    }

    [Fact]
    public async Task The_same_archive_may_be_imported_again_when_it_is_asked_for_and_changes_nothing()
    {
        await using var agent = await first.AgentAsync("web-1");
        await FillAsync(agent);
        var archive = await first.ExportAsync();
        await third.ImportAsync(archive).ShouldBeAsync(HttpStatusCode.OK);
        var before = await RecordsAsync(third);

        await third.ImportAsync(archive, query: "?merge=true").ShouldBeAsync(HttpStatusCode.OK);

        await ShouldHaveAllAsync(before, third);
    }

    [Fact]
    public async Task Of_every_partition_it_is_decided_whether_it_moves()
    {
        await using var agent = await first.AgentAsync("web-1");
        await FillAsync(agent);
        await third.ImportAsync(await first.ExportAsync()).ShouldBeAsync(HttpStatusCode.OK);

        foreach (var store in (IStateStore[])[first.Store, third.Store])
        {
            (await store.ScanAsync(1000, null, default)).Items.Select(d => d.Partition).Distinct().Where(p => !ArchivePartitions.IsKnown(p)).ShouldBeEmpty();
        }
    }

    public Task InitializeAsync() => Task.WhenAll(first.InitializeAsync(), third.InitializeAsync());

    public async Task DisposeAsync()
    {
        foreach (var server in new[] { first, second, third }.OfType<ApiServer>())
        {
            await server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        first.Dispose();
        second?.Dispose();
        third.Dispose();
    }

    /// <summary>A project with secrets of every scope, history with a log, a channel, a token.</summary>
    private async Task FillAsync(SimulatedAgent agent)
    {
        await first.ProjectAsync("shop", agent.NodeId);
        foreach (var (query, value) in (IEnumerable<(string, string)>)[("", "older"), ("", Value), ("?environment=staging", "staging"), ($"?node={agent.NodeId}", "of the node")])
        {
            await first.Admin.PutAsync("api/projects/shop/env/KEY" + query, JsonContent.Create(new { value })).ShouldBeAsync(HttpStatusCode.NoContent);
        }

        await first.Admin.PutAsync("api/projects/shop/env/OTHER", JsonContent.Create(new { value = Value })).ShouldBeAsync(HttpStatusCode.NoContent);
        await first.Admin.PutAsync("api/projects/shop/notices/ops", JsonContent.Create(new { kind = "webhook", url = "http://127.0.0.1:9/", events = new[] { "failed" } })).ShouldBeAsync(HttpStatusCode.Created);
        await first.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "ci", role = "deployer" })).ShouldBeAsync(HttpStatusCode.Created);
        await first.Admin.PostAsync("api/projects/shop/webhook-secret", JsonContent.Create(new { overlapHours = 2 })).ShouldBeAsync(HttpStatusCode.Created);
        var deployment = await DeployAsync(first);
        await agent.AppendLogAsync(deployment, 0, new string('x', 200_000));
        var restart = (string)(await first.Admin.PostAsync("api/projects/shop/restart", JsonContent.Create(new { })).JsonAsync(HttpStatusCode.Accepted))["id"]!;

        // What is still going on would change behind the export.
        await ApiServer.UntilAsync(async () => (string)(await first.Admin.GetAsync($"api/operations/{restart}").JsonAsync())["status"]! == "succeeded");
    }

    private static async Task<string> DeployAsync(ApiServer server)
    {
        var id = (string)(await server.Admin.PostAsync("api/projects/shop/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
        ((string)(await server.EndAsync(id))["status"]!).ShouldBe("succeeded");

        // The lane is left after the end; an export waits for that.
        await ApiServer.UntilAsync(async () => (await server.Store.ListAsync("open", "", 1, null, default)).Items.Count == 0);
        return id;
    }

    private async Task ShouldMoveAsync(SimulatedAgent agent, ApiServer there, JsonNode move)
    {
        var ordered = new TaskCompletionSource<CommandEnvelope>(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Answer = command =>
        {
            ordered.TrySetResult(command);
            return SimulatedAgent.Succeed(command);
        };

        var asked = await first.Admin.PostAsync("api/moves", JsonContent.Create(move)).JsonAsync(HttpStatusCode.Accepted);

        asked["nodes"]!.ToJsonString().ShouldBe("""["web-1"]""");
        var command = await ordered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        command.Body.ShouldBeOfType<MoveCommand>().Url.ShouldBe(there.Anonymous.BaseAddress!.ToString().TrimEnd('/'));
        await using var moved = await agent.MoveAsync(there.Anonymous, command.CommandId);
        await ApiServer.UntilAsync(async () => await StateAsync(first) == "moved");
        await ApiServer.UntilAsync(async () => await StateAsync(there) == "online");
        moved.Identity.CommandKey.ShouldBe(((MoveCommand)command.Body).CommandKey);
        await DeployAsync(there);
        moved.Environment.ShouldNotBeNull()["OTHER"].ShouldBe(Value);
    }

    private static async Task<string> StateAsync(ApiServer server) => (string)(await server.Admin.GetAsync("api/nodes/web-1").JsonAsync())["state"]!;

    private static async Task ShouldHaveAllAsync(Dictionary<string, string> records, ApiServer server)
    {
        var present = await RecordsAsync(server);
        records.Where(r => present.GetValueOrDefault(r.Key) != r.Value).ShouldBeEmpty();
        present.Keys.Except(records.Keys, StringComparer.Ordinal).Where(k => !k.StartsWith("audit/", StringComparison.Ordinal) && !k.StartsWith("token/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Everything that moves, by name; without what an import changes.</summary>
    private static async Task<Dictionary<string, string>> RecordsAsync(ApiServer server)
    {
        var records = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var record in server.Get<Exporter>().ReadAsync(new string('0', 32), withLogs: true, default))
        {
            var (name, text) = record switch
            {
                ArchivedDocument document => ($"{document.Partition}/{document.Key}", Without(document)),
                ArchivedProject project => ("project", project.Json + string.Join(',', project.WebhookSecrets)),
                ArchivedSecret secret => ($"secret {secret.Owner} {secret.Info.Scope} {secret.Info.Name} {secret.Info.Version}", $"{secret.Info} {secret.Value}"),
                ArchivedLog log => ($"log {log.Name} {log.Offset}", Convert.ToBase64String(log.Bytes)),
                _ => ("head", ""),
            };
            records[name] = text;
        }

        return records;
    }

    private static string Without(ArchivedDocument document)
    {
        var json = JsonNode.Parse(document.Json)!;
        foreach (var property in document.Partition switch { "node" => new[] { "renewal" }, "token" => ["id"], _ => [] })
        {
            json.AsObject().Remove(property);
        }

        return json.ToJsonString();
    }
}
