using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>Who may speak for a node, on the real API and the real broker.</summary>
public sealed class TrustApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Each_refused_enrolment_is_in_the_audit_log_with_its_reason()
    {
        var created = await CreateAsync("audit-1");
        var token = (string)created["enrollmentToken"]!;
        await using var agent = await SimulatedAgent.EnrollAsync(server.Anonymous, token);

        await EnrollAsync(token).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "enrollment-refused");
        await EnrollAsync("vpe_guess.audit-1").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "enrollment-refused");
        await EnrollAsync("vpe_guess.nobody").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "enrollment-refused");
        await server.Admin.PostAsync("api/nodes/audit-1/revoke", null).ShouldBeAsync(HttpStatusCode.NoContent);
        await EnrollAsync(token).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "enrollment-refused");

        IReadOnlyList<JsonNode> audit = [.. (await AuditAsync("EnrollAgent")).Where(e => (string?)e["who"] is null or "node audit-1")];
        audit.Select(e => ((int)e["status"]!, (string?)e["who"], (string?)e["detail"])).ShouldBe(
        [
            (401, "node audit-1", "the node is revoked"),
            (401, null, "unknown token"),
            (401, "node audit-1", "the token was used"),
            (401, "node audit-1", "the token was used"),
            (200, "node audit-1", "agent 0.1.0"),
        ]);
        audit.ToJsonArray().ShouldNotContain(token);
    }

    [Fact]
    public async Task A_revoked_node_reaches_nothing_until_it_is_enrolled_again()
    {
        await using var agent = await server.AgentAsync("revoked-1");
        await server.Admin.PostAsync("api/nodes/revoked-1/revoke", null).ShouldBeAsync(HttpStatusCode.NoContent);

        ((string)(await server.Admin.GetAsync("api/nodes/revoked-1").JsonAsync())["state"]!).ShouldBe("revoked");
        await agent.SendAsync(null, new Alert("shut-out", "x")); // Nodes send by one rule; what counts is the signature.
        await ApiServer.UntilAsync(async () => (await AuditAsync("AgentEvents")).Any(e => (string?)e["who"] == "node revoked-1"));
        (await server.Admin.GetAsync("api/alerts").JsonAsync()).ToJsonString().ShouldNotContain("shut-out");
        (await agent.AppendLogAsync(new string('0', 32), 0, "x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await server.Admin.PostAsync("api/nodes/revoked-1/rotate", null).ShouldBeProblemAsync(HttpStatusCode.Conflict, "node-not-enrolled");
        await server.Admin.PostAsync("api/nodes/nobody/revoke", null).ShouldBeProblemAsync(HttpStatusCode.NotFound, "node-not-found");

        var again = await server.Admin.PostAsync("api/nodes/revoked-1/enrollment", null).JsonAsync(HttpStatusCode.Created);
        await using var second = await SimulatedAgent.EnrollAsync(server.Anonymous, (string)again["enrollmentToken"]!);
        await ApiServer.UntilAsync(async () => (string)(await server.Admin.GetAsync("api/nodes/revoked-1").JsonAsync())["state"]! == "online");
    }

    [Fact]
    public async Task A_node_that_is_asked_gets_new_credentials_for_new_keys_and_the_earlier_ones_are_worth_nothing()
    {
        await using var agent = await server.AgentAsync("rotate-1");
        var command = await CommandAsync(agent, () => server.Admin.PostAsync("api/nodes/rotate-1/rotate", null).ShouldBeAsync(HttpStatusCode.Accepted));
        command.Body.ShouldBeOfType<RotateKeysCommand>();

        var keys = SimulatedAgent.NewKeys();
        var renewed = await server.Anonymous.RenewAsync(agent.NodeId, agent.Keys, keys, command.CommandId);

        renewed.AgentToken.ShouldNotBe(agent.Identity.AgentToken);
        renewed.Commands.Key.ShouldNotBe(agent.Identity.Commands.Key);
        (await agent.AppendLogAsync(new string('0', 32), 0, "x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // The answer may get lost: the same again with the key from before, and with the new one.
        var second = SimulatedAgent.NewKeys();
        await server.Anonymous.RenewAsync(agent.NodeId, agent.Keys, second, command.CommandId);
        var third = await server.Anonymous.RenewAsync(agent.NodeId, second, SimulatedAgent.NewKeys(), command.CommandId);
        await using var sender = Sender(third.Events, third.QueueEndpoint);
        await sender.SendAsync("agent-events", new OutgoingMessage { MessageId = "y", Body = "y"u8.ToArray() });
        (await server.Admin.GetAsync("api/nodes/rotate-1").JsonAsync())["renewedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_renewal_that_nobody_asked_for_or_that_another_signed_is_refused_and_audited()
    {
        await using var agent = await server.AgentAsync("rotate-2");
        await using var other = await server.AgentAsync("rotate-3");

        (await server.Anonymous.PostRenewalAsync(agent.NodeId, agent.Keys, SimulatedAgent.NewKeys(), "keys.guess.rotate-2")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var command = await CommandAsync(agent, () => server.Admin.PostAsync("api/nodes/rotate-2/rotate", null).ShouldBeAsync(HttpStatusCode.Accepted));
        (await server.Anonymous.PostRenewalAsync(agent.NodeId, other.Keys, SimulatedAgent.NewKeys(), command.CommandId)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Anonymous.PostRenewalAsync(agent.NodeId, agent.Keys, SimulatedAgent.NewKeys(), command.CommandId, DateTimeOffset.UtcNow.AddMinutes(-11))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await AuditAsync("RenewAgent")).Select(e => (string?)e["detail"]).Where(d => d != "keys and credentials renewed").ShouldBe(
            ["the node's clock is off by more than ten minutes", "not signed by the node", "nobody asked the node to renew its keys, or too long ago"]);
        await agent.SendAsync(null, new Alert("still", "here")).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task After_a_rotation_of_the_command_key_each_node_gets_commands_under_the_key_that_it_has()
    {
        await using var agent = await server.AgentAsync("signer-1");
        var before = agent.Identity.CommandKey;
        var command = await CommandAsync(agent, () => server.Admin.PostAsync("api/keys/commands/rotate", null).ShouldBeAsync(HttpStatusCode.Accepted)); // Checked with the key from before.

        var renewed = await server.Anonymous.RenewAsync(agent.NodeId, agent.Keys, SimulatedAgent.NewKeys(), command.CommandId);

        renewed.CommandKey.ShouldNotBe(before);
        await agent.StopReceivingAsync(); // Its link of before holds for a while yet, and would take the command.
        await server.Admin.PostAsync("api/nodes/signer-1/rotate", null).ShouldBeAsync(HttpStatusCode.Accepted);
        var signed = await TakeAsync(renewed);
        signed.IsSignedBy(renewed.CommandKey).ShouldBeTrue();
        signed.IsSignedBy(before).ShouldBeFalse();
    }

    [Theory]
    [InlineData("malformed")]
    [InlineData("unsigned")]
    [InlineData("wrong-node")]
    public async Task A_forged_event_is_put_aside_with_the_reason_and_audited(string reason)
    {
        await using var agent = await server.AgentAsync($"forger-{reason[0]}");
        await using var victim = await server.AgentAsync($"victim-{reason[0]}");
        var envelope = new EventEnvelope { EventId = Guid.NewGuid().ToString("N"), NodeId = victim.NodeId, OccurredAt = DateTimeOffset.UtcNow, Body = new Alert("forged", reason) };
        var text = reason switch
        {
            "malformed" => "{\"payload\": 1}",
            "unsigned" => agent.Keys.Message(envelope, keyId: victim.NodeId),
            _ => agent.Keys.Message(envelope, keyId: agent.NodeId),
        };
        await using var sender = Sender(agent.Identity.Events, agent.Identity.QueueEndpoint);
        await sender.SendAsync("agent-events", new OutgoingMessage { MessageId = envelope.EventId, Body = Encoding.UTF8.GetBytes(text) });

        var aside = await TakeRefusedAsync(m => Encoding.UTF8.GetString(m.Body.Span) == text);

        aside.ApplicationProperties["DeadLetterReason"].ShouldBe(reason);
        ((string)aside.ApplicationProperties["DeadLetterErrorDescription"]).ShouldNotBeEmpty();
        (await server.Admin.GetAsync("api/alerts").JsonAsync()).ToJsonString().ShouldNotContain("forged");
        await ApiServer.UntilAsync(async () => (await AuditAsync("AgentEvents")).Any(e => ((string)e["detail"]!).StartsWith(reason, StringComparison.Ordinal)));
    }

    private Task<JsonNode> CreateAsync(string name) => server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name })).JsonAsync(HttpStatusCode.Created);

    private Task<HttpResponseMessage> EnrollAsync(string token) =>
        server.Anonymous.PostAsync("api/agent/enroll", JsonContent.Create(SimulatedAgent.NewKeys().Request(token), ContractsJson.Default.EnrollRequest));

    private async Task<IReadOnlyList<JsonNode>> AuditAsync(string what) =>
        [.. (await server.Admin.GetAsync("api/audit?limit=200").JsonAsync())["items"]!.AsArray().Where(e => (string)e!["what"]! == what).Select(e => e!)];

    private static QueueSender Sender(QueueCredential credential, string endpoint) =>
        new(new() { Endpoint = new Uri(endpoint), KeyName = credential.KeyName, Key = credential.Key, OperationTimeout = TimeSpan.FromSeconds(10) }, NullLogger<QueueSender>.Instance);

    /// <summary>The command that the agent gets for what is done.</summary>
    private static async Task<CommandEnvelope> CommandAsync(SimulatedAgent agent, Func<Task> act)
    {
        var got = new TaskCompletionSource<CommandEnvelope>(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Answer = command =>
        {
            if (command.Body is RotateKeysCommand)
            {
                got.TrySetResult(command);
            }

            return null;
        };
        await act();
        return await got.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task<SignedMessage> TakeAsync(EnrollResponse identity)
    {
        SignedMessage? taken = null;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var receiver = new QueueReceiver(new() { Endpoint = new Uri(identity.QueueEndpoint), KeyName = identity.Commands.KeyName, Key = identity.Commands.Key }, NullLogger<QueueReceiver>.Instance);
        await receiver.RunAsync(identity.Commands.Queue, async (message, _) =>
        {
            taken = SignedMessage.Parse(message.Body.Span);
            await stop.CancelAsync();
            return Settlement.Complete;
        }, 1, stop.Token);
        return taken.ShouldNotBeNull();
    }

    private async Task<ReceivedMessage> TakeRefusedAsync(Func<ReceivedMessage, bool> isIt)
    {
        ReceivedMessage? taken = null;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await new QueueReceiver(server.RootConnection, NullLogger<QueueReceiver>.Instance).RunAsync("agent-events-refused", async (message, _) =>
        {
            if (isIt(message))
            {
                taken = message;
                await stop.CancelAsync();
            }

            return Settlement.Complete;
        }, 1, stop.Token);
        return taken.ShouldNotBeNull();
    }
}

internal static class JsonNodes
{
    public static string ToJsonArray(this IEnumerable<JsonNode> nodes) => string.Join(',', nodes.Select(n => n.ToJsonString()));
}
