using System.Text;
using System.Text.Json;
using Microsoft.DurableTask.Client;
using NSubstitute;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Problems;
using VpsPilot.Testing;

namespace VpsPilot.Functions.Tests.Fuzz;

/// <summary>Events that a node has signed, of any shape: each is read and handled, or is no event; nothing else comes of it.</summary>
public sealed class EventFuzzTests
{
    [Fact]
    public async Task Events_of_any_shape_are_handled_or_refused_as_JSON()
    {
        await using var plane = new TestPlane();
        await plane.EnrolledNodeAsync("web-1");
        await plane.ProjectAsync("shop", "web-1");
        var deployment = plane.Deployment("shop", DeploymentTrigger.Api, "web-1") with { Status = DeploymentStatus.Activating };
        await plane.Get<DeploymentStore>().InsertAsync(deployment, default);
        await plane.Get<DeploymentStore>().UpdateNodeAsync(deployment.Id, "web-1", _ => new() { NodeId = "web-1", Status = NodeStatus.Activating }, default);
        var handler = plane.Get<AgentEventHandler>();
        var client = Substitute.For<DurableTaskClient>("test");
        var command = $"{deployment.Id}.activate.0.web-1";
        var serving = new ServingRelease(deployment.Id, 3, TestData.Commit, "/nix/store/x", 21000) { Pid = 1, UnitState = "active", Traffic = new(10, 1), AnsweredBy = deployment.Id };
        string[] seeds =
        [
            Json(new Heartbeat { AgentVersion = "1", Facts = TestData.Facts, Serving = new Dictionary<string, ServingRelease> { ["shop"] = serving } }),
            Json(new StageProgress { Stage = Stages.Watch, State = StageState.Completed, DurationMilliseconds = 12, Detail = "x" }),
            Json(new Alert("a-code", "a message")),
            Json(new CommandResult { Outcome = CommandOutcome.Failed, Failure = new("start", FailureKind.Exit, "m") { Hint = "h", Problems = [new("$.a", "b")] }, Serving = serving, Backups = [new("b", "r", TestData.Commit, TestPlane.Start, 1, "s")] }),
        ];

        var handled = 0;
        Fuzzing.Feed("event envelope", Fuzzing.Near(seeds), bytes =>
        {
            EventEnvelope envelope;
            try
            {
                envelope = AgentEventsFunction.Read(Encoding.UTF8.GetString(bytes));
            }
            catch (JsonException)
            {
                return;
            }

            handled++;
            handler.HandleAsync(client, envelope with { NodeId = "web-1", OccurredAt = Bounds.Time(envelope.OccurredAt) }, default).GetAwaiter().GetResult();
        }, Fuzzing.Inputs(isSlow: true));
        handled.ShouldBeGreaterThan(0);
        (await plane.Get<AlertStore>().ListAsync(new Paging(200, null), default)).Items.ShouldNotBeNull();

        string Json(AgentEvent body) => JsonSerializer.Serialize(new EventEnvelope
        {
            EventId = "event-1",
            NodeId = "web-1",
            ProjectId = "shop",
            DeploymentId = deployment.Id,
            CommandId = command,
            OccurredAt = TestPlane.Start,
            Body = body,
        }, ContractsJson.Default.EventEnvelope);
    }
}
