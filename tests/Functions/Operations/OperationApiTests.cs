using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Operations;

public sealed class OperationApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("restart", "{}", typeof(RestartCommand))]
    [InlineData("stop", "{}", typeof(StopCommand))]
    [InlineData("run", """{ "command": "node -v" }""", typeof(RunCommand))]
    public async Task An_operation_on_a_project_goes_to_each_of_its_nodes_and_ends_with_their_answers(string kind, string body, Type expected)
    {
        await using var one = await server.AgentAsync($"op-{kind}-1");
        await using var two = await server.AgentAsync($"op-{kind}-2");
        await server.ProjectAsync($"op-{kind}", one.NodeId, two.NodeId);
        var commands = new List<CommandEnvelope>();
        one.Answer = command => Keep(commands, command, new() { Outcome = CommandOutcome.Succeeded, ExitCode = 0 });
        two.Answer = command => Keep(commands, command, new() { Outcome = CommandOutcome.Failed, Failure = new Failure(kind, FailureKind.Exit, "it broke"), ExitCode = 3 });

        var accepted = await PostAsync($"api/projects/op-{kind}/{kind}", body).JsonAsync(HttpStatusCode.Accepted);
        ((string)accepted["kind"]!, (string)accepted["status"]!, (string)accepted["requestedBy"]!).ShouldBe((kind, "running", "admin"));
        var ended = await EndAsync((string)accepted["id"]!);
        ((string)ended["status"]!).ShouldBe("failed");
        ended["nodes"]!.AsArray().Select(n => ((string)n!["nodeId"]!, (string)n["outcome"]!, (int?)n["exitCode"])).ShouldBe([($"op-{kind}-1", "succeeded", 0), ($"op-{kind}-2", "failed", 3)], ignoreOrder: true);
        commands.Select(c => (c.Body.GetType(), c.ProjectId, c.DeploymentId)).Distinct().ShouldBe([(expected, $"op-{kind}", (string)accepted["id"]!)]);
        (await server.Admin.GetAsync("api/audit").JsonAsync())["items"]!.AsArray().ShouldContain(e => (string)e!["path"]! == $"/api/projects/op-{kind}/{kind}" && (int)e["status"]! == 202);
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_one_operation()
    {
        await using var agent = await server.AgentAsync("op-key-1");
        await server.ProjectAsync("op-key", agent.NodeId);
        var count = 0;
        agent.Answer = _ =>
        {
            Interlocked.Increment(ref count);
            return new() { Outcome = CommandOutcome.Succeeded };
        };
        var first = await PostAsync("api/projects/op-key/restart", "{}", key: "k1").JsonAsync(HttpStatusCode.Accepted);
        await EndAsync((string)first["id"]!);
        var second = await PostAsync("api/projects/op-key/restart", "{}", key: "k1").JsonAsync(HttpStatusCode.Accepted);
        second.ToJsonString().ShouldBe(first.ToJsonString());
        count.ShouldBe(1);
    }

    [Fact]
    public async Task The_output_of_a_command_is_streamed_while_it_runs_and_it_can_be_canceled()
    {
        await using var agent = await server.AgentAsync("op-stream-1");
        await server.ProjectAsync("op-stream", agent.NodeId);
        CommandEnvelope? running = null;
        agent.Answer = command =>
        {
            if (command.Body is not CancelCommand cancel)
            {
                running = command;
                return null;
            }

            cancel.TargetDeploymentId.ShouldBe(running!.DeploymentId);
            _ = agent.SendAsync(running, new CommandResult { Outcome = CommandOutcome.Canceled, Failure = new Failure("cancel", FailureKind.Canceled, "canceled") });
            return new() { Outcome = CommandOutcome.Succeeded };
        };
        var id = (string)(await PostAsync("api/projects/op-stream/run", """{ "name": "console", "timeoutSeconds": 60 }""").JsonAsync(HttpStatusCode.Accepted))["id"]!;
        await ApiServer.UntilAsync(() => Task.FromResult(running is not null));
        (running!.Body as RunCommand).ShouldBe(new RunCommand { CommandLine = "console", IsNamed = true, Timeout = TimeSpan.FromSeconds(60) });

        using var response = await server.Admin.GetAsync($"api/operations/{id}/log?follow=1", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        (await agent.AppendLogAsync(id, 0, "one\n")).EnsureSuccessStatusCode();
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe("one");
        (await agent.AppendLogAsync(id, 4, "two\n")).EnsureSuccessStatusCode();
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe("two");

        await PostAsync($"api/operations/{id}/cancel", "").JsonAsync(HttpStatusCode.Accepted);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeNull();
        ((string)(await EndAsync(id))["status"]!).ShouldBe("canceled");
        await PostAsync($"api/operations/{id}/cancel", "").ShouldBeProblemAsync(HttpStatusCode.Conflict, "operation-ended");
    }

    [Fact]
    public async Task Logs_are_followed_until_the_caller_leaves()
    {
        await using var agent = await server.AgentAsync("op-logs-1");
        await server.ProjectAsync("op-logs", agent.NodeId);
        var commands = new List<CommandEnvelope>();
        agent.Answer = command =>
        {
            commands.Add(command);
            if (command.Body is not LogsCommand logs)
            {
                return new() { Outcome = CommandOutcome.Succeeded };
            }

            agent.AppendLogAsync(command.DeploymentId!, 0, $"{logs.Lines} lines of {logs.Process}\n").GetAwaiter().GetResult().EnsureSuccessStatusCode();
            return logs.Follow == TimeSpan.Zero ? new() { Outcome = CommandOutcome.Succeeded } : null;
        };
        (await server.Admin.GetStringAsync("api/projects/op-logs/logs?lines=7&process=web")).ShouldBe("7 lines of web\n");
        using (var response = await server.Admin.GetAsync("api/projects/op-logs/logs?follow=1", HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe("100 lines of ");
        }

        await ApiServer.UntilAsync(() => Task.FromResult(commands.Exists(c => c.Body is CancelCommand)));
        await server.Admin.GetAsync("api/projects/op-logs/logs?lines=x&node=nope").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task What_a_node_could_not_do_stands_at_the_end_of_the_logs()
    {
        await using var agent = await server.AgentAsync("op-nolog-1");
        await server.ProjectAsync("op-nolog", agent.NodeId);
        agent.Answer = _ => new() { Outcome = CommandOutcome.Failed, Failure = new Failure("logs", FailureKind.Rejected, "The project has no units on this node.") { Hint = "Deploy it." } };
        (await server.Admin.GetStringAsync("api/projects/op-nolog/logs")).ShouldBe("==> op-nolog-1: The project has no units on this node. Deploy it.\n");
    }

    [Fact]
    public async Task Status_brings_units_and_archives_which_are_listed_from_then_on()
    {
        await using var agent = await server.AgentAsync("op-status-1");
        await server.ProjectAsync("op-status", agent.NodeId);
        (await server.Admin.GetAsync("api/projects/op-status/backups").JsonAsync())["items"]!.AsArray().ShouldBeEmpty();
        var archive = new BackupArchive("20260301-120000-abcdef", "r1", TestData.Commit, TestPlane.Start, 123, new string('f', 64));
        agent.Answer = _ => new() { Outcome = CommandOutcome.Succeeded, Units = [new("vpspilot-project-op-status.service", "web", null, "active") { Pid = 42, MemoryBytes = 1000 }], Backups = [archive] };
        var status = await server.Admin.GetAsync("api/projects/op-status/status").JsonAsync();
        var unit = status["nodes"]!.AsArray().ShouldHaveSingleItem()!["units"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)unit["state"]!, (int)unit["pid"]!, (long)unit["memoryBytes"]!).ShouldBe(("active", 42, 1000));
        var listed = (await server.Admin.GetAsync("api/projects/op-status/backups").JsonAsync())["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)listed["nodeId"]!, (string)listed["id"]!, (long)listed["bytes"]!, (string)listed["sha256"]!).ShouldBe((agent.NodeId, archive.Id, 123, archive.Sha256));
    }

    [Fact]
    public async Task A_node_is_examined_collected_and_updated_to_the_binary_that_is_offered()
    {
        await using var agent = await server.AgentAsync("op-node-1");
        var commands = new List<CommandEnvelope>();
        agent.Answer = command => Keep(commands, command, new()
        {
            Outcome = CommandOutcome.Succeeded,
            Findings = command.Body is DoctorCommand ? [new("disk", FindingState.Error, "The disk is full.", "Make room.")] : null,
        });
        var doctor = await EndAsync((string)(await PostAsync("api/nodes/op-node-1/doctor", "").JsonAsync(HttpStatusCode.Accepted))["id"]!);
        var finding = doctor["nodes"]![0]!["findings"]![0]!;
        ((string)finding["check"]!, (string)finding["state"]!, (string)finding["remedy"]!).ShouldBe(("disk", "error", "Make room."));
        await EndAsync((string)(await PostAsync("api/nodes/op-node-1/collect", "").JsonAsync(HttpStatusCode.Accepted))["id"]!);
        await EndAsync((string)(await PostAsync("api/nodes/op-node-1/update", """{ "version": "9.9.9" }""").JsonAsync(HttpStatusCode.Accepted))["id"]!);

        commands.Select(c => c.Body.GetType()).ShouldBe([typeof(DoctorCommand), typeof(CollectCommand), typeof(UpdateAgentCommand)]);
        commands.ShouldAllBe(c => c.ProjectId == null);
        var update = (UpdateAgentCommand)commands[2].Body;
        (update.Version, update.Path).ShouldBe(("9.9.9", "/api/agent/binary/linux-x64"));
        using var binary = await server.Anonymous.GetAsync(update.Path[1..]);
        binary.Headers.GetValues("X-Checksum-Sha256").ShouldBe([update.Sha256]);
        await PostAsync("api/nodes/nobody/doctor", "").ShouldBeProblemAsync(HttpStatusCode.NotFound, "node-not-found");
    }

    [Fact]
    public async Task Roles_and_mistakes_are_refused()
    {
        await using var agent = await server.AgentAsync("op-role-1");
        await server.ProjectAsync("op-role", agent.NodeId);
        using var viewer = await WithRoleAsync("viewer");
        using var deployer = await WithRoleAsync("deployer");
        foreach (var path in new[] { "projects/op-role/restart", "projects/op-role/stop", "projects/op-role/run", "nodes/op-role-1/doctor" })
        {
            await viewer.PostAsync($"api/{path}", JsonContent.Create(new { command = "x" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }

        foreach (var path in new[] { "nodes/op-role-1/collect", "nodes/op-role-1/update" })
        {
            await deployer.PostAsync($"api/{path}", null).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }

        (await viewer.GetAsync("api/projects/op-role/status").JsonAsync())["status"].ShouldNotBeNull();
        var wrong = await PostAsync("api/projects/op-role/run", """{ "command": "a", "name": "b", "timeoutSeconds": 0, "node": "nope" }""").JsonAsync(HttpStatusCode.BadRequest);
        wrong["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["$.command", "$.timeoutSeconds", "$.node"]);
        await PostAsync("api/projects/op-role/restart", """{ "environment": "new" }""").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.GetAsync("api/operations/nope").ShouldBeProblemAsync(HttpStatusCode.NotFound, "operation-not-found");
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return server.Admin.SendAsync(request);
    }

    private async Task<HttpClient> WithRoleAsync(string role) =>
        server.WithToken((string)(await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = $"op-{role}", role })).JsonAsync(HttpStatusCode.Created))["token"]!);

    private async Task<JsonNode> EndAsync(string id)
    {
        JsonNode operation = null!;
        await ApiServer.UntilAsync(async () => (operation = await server.Admin.GetAsync($"api/operations/{id}").JsonAsync())["finishedAt"] is not null);
        return operation;
    }

    private static CommandResult Keep(List<CommandEnvelope> commands, CommandEnvelope command, CommandResult answer)
    {
        lock (commands)
        {
            commands.Add(command);
        }

        return answer;
    }
}
