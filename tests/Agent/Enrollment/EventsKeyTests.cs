using System.Text.Json;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Agent.Tests.Enrollment;

/// <summary>The whole daemon, whose key for events is changed.</summary>
public sealed class EventsKeyTests : DaemonTests
{
    [Fact]
    public async Task A_node_whose_key_is_refused_already_takes_the_new_one_reports_by_it_and_keeps_it()
    {
        await AcceptAsync("new-key");
        await StartAgentAsync();

        await Plane.SendAsync(NewKey("events-key.1.n1", "new-key"));

        (await Plane.ResultAsync("events-key.1.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        var kept = Identity.Load(Folder.Paths).ShouldNotBeNull();
        kept.Enrollment.ShouldBe(Plane.Enrollment with { Events = new("agent-events", "agents", "new-key") });
        File.GetUnixFileMode(Folder.Paths.Identity).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Plane.SendAsync(Inspect("inspect-1"));
        (await Plane.ResultAsync("inspect-1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
    }

    [Fact]
    public async Task A_key_of_an_earlier_command_never_replaces_a_later_one()
    {
        await StartAgentAsync();
        await AcceptAsync("second-key");

        await Plane.SendAsync(NewKey("events-key.2.n1", "second-key"));
        (await Plane.ResultAsync("events-key.2.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        await Plane.SendAsync(NewKey("events-key.1.n1", "first-key") with { IssuedAt = DateTimeOffset.UtcNow.AddMinutes(-1) });

        (await Plane.ResultAsync("events-key.1.n1")).Outcome.ShouldBe(CommandOutcome.Succeeded);
        Identity.Load(Folder.Paths).ShouldNotBeNull().Enrollment.Events.Key.ShouldBe("second-key");
    }

    [Theory]
    [InlineData("agent-events", "events-key.other.n1")]
    [InlineData("node-n1", "events-key.1.n1")]
    public async Task A_key_for_another_queue_or_of_another_command_is_refused_and_the_present_one_goes_on(string queue, string sealedFor)
    {
        await StartAgentAsync();

        await Plane.SendAsync(NewKey("events-key.1.n1", "new-key", queue, sealedFor));

        (await Plane.ResultAsync("events-key.1.n1")).Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Rejected);
        File.Exists(Folder.Paths.Identity).ShouldBeFalse();
    }

    private static CommandEnvelope Inspect(string id) => ControlPlaneStandIn.Command(id, new InspectCommand()) with { ProjectId = null, DeploymentId = null };

    private CommandEnvelope NewKey(string id, string key, string queue = "agent-events", string? sealedFor = null)
    {
        var credential = JsonSerializer.SerializeToUtf8Bytes(new QueueCredential(queue, "agents", key), ContractsJson.Default.QueueCredential);
        var command = new UseEventsKeyCommand { Credential = SealedBox.Seal(Folder.Keys.SealingKey, credential, sealedFor ?? id) };
        return ControlPlaneStandIn.Command(id, command) with { ProjectId = null, DeploymentId = null };
    }

    /// <summary>The queue of events takes this key, and no longer the one that the agent starts with.</summary>
    private Task AcceptAsync(string key) => Plane.Broker.UpdateQueueAsync("agent-events", new QueueSettings { Rules = [new QueueRule("agents", key, "unused", AccessRights.Send)] });
}
