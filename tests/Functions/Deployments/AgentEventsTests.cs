using System.Text.Json;
using Microsoft.DurableTask.Client;
using NSubstitute;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Tests.Deployments;

public sealed class AgentEventsTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();
    private readonly DurableTaskClient client = Substitute.For<DurableTaskClient>("test");

    private DeploymentStore Store => plane.Get<DeploymentStore>();

    [Fact]
    public async Task A_result_is_raised_to_the_orchestration_under_its_commands_name()
    {
        var (node, deployment) = await DeploymentAsync();
        var command = $"{deployment.Id}.build.0.web-1";

        await ReceiveAsync(node.Message(Event(deployment, command, new CommandResult { Outcome = CommandOutcome.Succeeded })));

        await client.Received(1).RaiseEventAsync($"{deployment.Id}.0", $"result:{command}", Arg.Is<object>(r => ((CommandResult)r).Outcome == CommandOutcome.Succeeded), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_result_that_comes_after_the_end_is_raised_to_nobody()
    {
        var (node, deployment) = await DeploymentAsync();
        await Store.UpdateAsync(deployment.Id, d => d with { Status = DeploymentStatus.Failed }, default);

        await ReceiveAsync(node.Message(Event(deployment, $"{deployment.Id}.build.0.web-1", new CommandResult { Outcome = CommandOutcome.Succeeded })));

        client.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Progress_becomes_a_step_and_the_watch_window_shows_in_the_status()
    {
        var (node, deployment) = await DeploymentAsync();
        await Store.UpdateAsync(deployment.Id, d => d with { Status = DeploymentStatus.Activating }, default);
        await Store.UpdateNodeAsync(deployment.Id, "web-1", _ => new() { NodeId = "web-1", Status = NodeStatus.Activating }, default);

        await ReceiveAsync(node.Message(Event(deployment, $"{deployment.Id}.activate.1.web-1", new StageProgress { Stage = Stages.Watch, State = StageState.Started })));

        (await Store.StepsAsync(deployment.Id, default)).Single().Stage.ShouldBe("watch");
        (await Store.GetAsync(deployment.Id, default))!.Status.ShouldBe(DeploymentStatus.Watching);
    }

    [Fact]
    public async Task A_watch_report_that_comes_after_the_nodes_result_does_not_change_the_status()
    {
        var (node, deployment) = await DeploymentAsync();
        await Store.UpdateAsync(deployment.Id, d => d with { Status = DeploymentStatus.Activating }, default);
        await Store.UpdateNodeAsync(deployment.Id, "web-1", _ => new() { NodeId = "web-1", Status = NodeStatus.Succeeded }, default);

        await ReceiveAsync(node.Message(Event(deployment, $"{deployment.Id}.activate.1.web-1", new StageProgress { Stage = Stages.Watch, State = StageState.Started })));

        (await Store.GetAsync(deployment.Id, default))!.Status.ShouldBe(DeploymentStatus.Activating);
    }

    [Fact]
    public async Task A_heartbeat_makes_the_node_online_with_what_it_serves()
    {
        var (node, _) = await DeploymentAsync();
        var serving = new ServingRelease("r1", 3, TestData.Commit, "/nix/store/x", 3000);

        await ReceiveAsync(node.Message(Event(null, null, new Heartbeat { AgentVersion = "1", Facts = TestData.Facts, Serving = new Dictionary<string, ServingRelease> { ["shop"] = serving } })));

        (await plane.Get<NodeStore>().GetSignAsync("web-1", default))!.Serving["shop"].ShouldBe(serving);
    }

    [Fact]
    public async Task An_alert_that_comes_twice_is_one_alert()
    {
        var (node, deployment) = await DeploymentAsync();
        var message = node.Message(Event(deployment, null, new Alert("watch-rolled-back", "The release was put back.")));

        await ReceiveAsync(message);
        await ReceiveAsync(message);

        (await plane.Get<AlertStore>().ListAsync(new Paging(10, null), default)).Items.Single().Code.ShouldBe("watch-rolled-back");
    }

    [Fact]
    public async Task An_alert_is_of_the_nodes_own_projects_and_fits_every_message()
    {
        var (node, deployment) = await DeploymentAsync();
        await plane.ProjectAsync("shop", "web-1");
        await plane.ProjectAsync("other", "web-2");
        var foreign = plane.Deployment("other", DeploymentTrigger.Api, "web-2");
        await Store.InsertAsync(foreign, default);

        await ReceiveAsync(node.Message(Event(foreign, null, new Alert(new string('c', 5_000), new string('m', 50_000)))));
        await ReceiveAsync(node.Message(Event(deployment, null, new Alert("own", "m")) with { EventId = "event-2", OccurredAt = TestPlane.Start.AddSeconds(1) }));

        var alerts = (await plane.Get<AlertStore>().ListAsync(new Paging(10, null), default)).Items;
        (alerts[0].ProjectId, alerts[0].DeploymentId).ShouldBe(("shop", deployment.Id));
        alerts[1].ShouldSatisfyAllConditions(a => a.ProjectId.ShouldBeNull(), a => a.DeploymentId.ShouldBeNull(), a => a.Code.Length.ShouldBe(300), a => a.Message.Length.ShouldBe(2_000));
    }

    [Fact]
    public async Task An_alert_that_leaves_out_its_text_does_not_spoil_the_list_of_all()
    {
        var (node, _) = await DeploymentAsync();

        await ReceiveAsync(node.Message(Event(null, null, new Alert("a", null!))));

        (await plane.Get<AlertStore>().ListAsync(new Paging(10, null), default)).Items.ShouldHaveSingleItem().Message.ShouldBe("");
    }

    [Fact]
    public async Task Of_a_flood_of_alerts_a_bounded_number_is_kept_and_another_node_is_heard()
    {
        var (node, _) = await DeploymentAsync();
        var other = await plane.EnrolledNodeAsync("web-2");
        for (var i = 0; i < 2 * AlertGate.MostPerHour; i++)
        {
            await ReceiveAsync(node.Message(Event(null, null, new Alert("a", "m")) with { EventId = $"event-{i}" }));
        }

        await ReceiveAsync(other.Message(Event(null, null, new Alert("a", "m")) with { NodeId = "web-2" }));
        plane.Time.Advance(TimeSpan.FromHours(1));
        await ReceiveAsync(node.Message(Event(null, null, new Alert("a", "m")) with { EventId = "later" }));

        (await plane.Get<AlertStore>().ListAsync(new Paging(200, null), default)).Items.Count.ShouldBe(AlertGate.MostPerHour + 2);
    }

    [Fact]
    public async Task A_result_whose_orchestration_has_ended_is_dropped_and_one_that_a_running_one_waits_for_comes_again()
    {
        var (node, deployment) = await DeploymentAsync();
        var command = $"{deployment.Id}.build.0.web-1";
        var message = node.Message(Event(deployment, command, new CommandResult { Outcome = CommandOutcome.Succeeded }));
        client.RaiseEventAsync(default!, default!, (object?)null, CancellationToken.None).ReturnsForAnyArgs(Task.FromException(new InvalidOperationException("The instance has ended.")));

        await ReceiveAsync(message);

        client.GetInstanceAsync("running", Arg.Any<CancellationToken>()).Returns(new OrchestrationMetadata("NodeGroupOrchestrator", "running") { RuntimeStatus = OrchestrationRuntimeStatus.Running });
        await Should.ThrowAsync<InvalidOperationException>(() => client.RaiseIfRunningAsync("running", "result", "x", default));
    }

    [Fact]
    public async Task A_fault_that_passes_is_waited_for_before_the_queue_counts_the_delivery()
    {
        var (node, deployment) = await DeploymentAsync();
        var (instance, faults) = ($"{deployment.Id}.0", 4);
        client.GetInstanceAsync(instance, Arg.Any<CancellationToken>()).Returns(new OrchestrationMetadata("NodeGroupOrchestrator", instance) { RuntimeStatus = OrchestrationRuntimeStatus.Running });
        client.RaiseEventAsync(default!, default!, (object?)null, CancellationToken.None).ReturnsForAnyArgs(_ => faults-- > 0 ? Task.FromException(new IOException("The store is away.")) : Task.CompletedTask);

        var received = ReceiveAsync(node.Message(Event(deployment, $"{deployment.Id}.build.0.web-1", new CommandResult { Outcome = CommandOutcome.Succeeded })));
        for (var passed = 0; passed < 100 && !received.IsCompleted; passed++)
        {
            plane.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        await received.WaitAsync(TimeSpan.FromSeconds(10));
        faults.ShouldBe(-1);
    }

    [Theory]
    [InlineData("\"code\":\"a\"", "\"code\":null")]
    [InlineData("\"eventId\":\"event-1\"", "\"eventId\":null")]
    public async Task A_signed_event_with_a_null_where_a_value_must_be_is_thrown_so_that_it_is_kept(string right, string wrong)
    {
        var (node, _) = await DeploymentAsync();
        var payload = JsonSerializer.Serialize(Event(null, null, new Alert("a", "b")), ContractsJson.Default.EventEnvelope);
        payload.ShouldContain(right);
        var message = System.Text.Encoding.UTF8.GetString(SignedMessage.Sign(payload.Replace(right, wrong, StringComparison.Ordinal), "web-1", node.SigningKey).ToBytes());

        await Should.ThrowAsync<JsonException>(() => ReceiveAsync(message));
        (await plane.Get<AlertStore>().ListAsync(new Paging(10, null), default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_forged_event_changes_nothing()
    {
        var (node, deployment) = await DeploymentAsync();
        var other = await plane.EnrolledNodeAsync("web-2");
        var right = Event(deployment, $"{deployment.Id}.build.0.web-1", new CommandResult { Outcome = CommandOutcome.Succeeded });

        await ReceiveAsync("not json");
        await ReceiveAsync("{}");
        await ReceiveAsync(other.Message(right, keyId: "web-1"));
        await ReceiveAsync(other.Message(right));
        await ReceiveAsync(node.Message(right, keyId: "nobody"));
        await ReceiveAsync(node.Message(right).Replace("succeeded", "failed", StringComparison.Ordinal));

        client.ReceivedCalls().ShouldBeEmpty();
        plane.Queues.PutAside.ShouldBe(["malformed", "malformed", "unsigned", "wrong-node", "unsigned", "unsigned"]);
    }

    [Fact]
    public async Task Of_a_flood_of_forged_events_a_bounded_number_is_kept()
    {
        for (var i = 0; i < 200; i++)
        {
            await ReceiveAsync("not json");
        }

        plane.Queues.PutAside.Count.ShouldBe(60);
        plane.Time.Advance(TimeSpan.FromMinutes(2));
        await ReceiveAsync("not json");
        plane.Queues.PutAside.Count.ShouldBe(61);
    }

    [Fact]
    public async Task A_node_cannot_answer_for_another_or_for_a_deployment_that_is_not_its_own()
    {
        var (_, deployment) = await DeploymentAsync();
        var other = await plane.EnrolledNodeAsync("web-2");
        var result = new CommandResult { Outcome = CommandOutcome.Succeeded };

        await ReceiveAsync(other.Message(Event(deployment, $"{deployment.Id}.build.0.web-1", result) with { NodeId = "web-2" }));
        await ReceiveAsync(other.Message(Event(deployment, $"{deployment.Id}.build.0.web-2", result) with { NodeId = "web-2" }));
        await ReceiveAsync(other.Message(Event(deployment, $"{deployment.Id}.build.0.web-2", new StageProgress { Stage = "fetch", State = StageState.Started }) with { NodeId = "web-2" }));

        client.ReceivedCalls().ShouldBeEmpty();
        (await Store.StepsAsync(deployment.Id, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_signed_event_of_a_kind_that_is_not_known_is_thrown_so_that_it_is_kept()
    {
        var (node, _) = await DeploymentAsync();
        var payload = JsonSerializer.Serialize(Event(null, null, new Alert("a", "b")), ContractsJson.Default.EventEnvelope).Replace("\"alert\"", "\"from-the-future\"", StringComparison.Ordinal);
        var message = System.Text.Encoding.UTF8.GetString(SignedMessage.Sign(payload, "web-1", node.SigningKey).ToBytes());

        await Should.ThrowAsync<JsonException>(() => ReceiveAsync(message));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private static EventEnvelope Event(Deployment? deployment, string? command, AgentEvent body) => new()
    {
        EventId = "event-1",
        NodeId = "web-1",
        ProjectId = deployment?.ProjectId,
        DeploymentId = deployment?.Id,
        CommandId = command,
        OccurredAt = TestPlane.Start,
        Body = body,
    };

    private async Task<(TestNode Node, Deployment Deployment)> DeploymentAsync()
    {
        var node = await plane.EnrolledNodeAsync("web-1");
        var deployment = plane.Deployment("shop", DeploymentTrigger.Api, "web-1");
        await Store.InsertAsync(deployment, default);
        return (node, deployment);
    }

    private Task ReceiveAsync(string message) => plane.Make<AgentEventsFunction>().AgentEvents(message, client, default);
}
