using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>The key by which all nodes send events, changed on the real API and the real broker.</summary>
public sealed class EventsKeyApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Nodes_take_the_new_key_also_one_that_was_off_and_the_earlier_one_is_refused_after_it()
    {
        await using var here = await server.AgentAsync("here-1");
        await using var away = await server.AgentAsync("away-1");
        await away.StopReceivingAsync();
        var earlier = here.Identity.Events;

        await server.Admin.PostAsync("api/keys/events/rotate", JsonContent.Create(new { overlapHours = 721 })).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        var begun = await server.Admin.PostAsync("api/keys/events/rotate", null).JsonAsync(HttpStatusCode.Accepted);
        begun["waiting"]!.AsArray().Count.ShouldBe(2);
        await UntilWaitingAsync("away-1");
        await server.Get<EventsKeyRotation>().EndIfDueAsync(default);
        await SendAsync(earlier, here.Identity.QueueEndpoint); // The node that is off still has it.

        away.StartReceiving();
        await UntilWaitingAsync();
        await server.Get<EventsKeyRotation>().EndIfDueAsync(default);

        (await Should.ThrowAsync<QueueException>(SendAsync(earlier, here.Identity.QueueEndpoint))).Error.ShouldBe(QueueError.Unauthorized);
        await here.SendAsync(null, new Alert("by-the-new-key", "here"));
        await away.SendAsync(null, new Alert("by-the-new-key", "away"));
        await ApiServer.UntilAsync(async () => (await server.Admin.GetAsync("api/alerts").JsonAsync())["items"]!.AsArray().Count(a => (string)a!["code"]! == "by-the-new-key") == 2);
        var audit = (await server.Admin.GetAsync("api/audit?limit=200").JsonAsync())["items"]!.AsArray();
        audit.ShouldContain(e => (string)e!["what"]! == "RotateEventsKey" && (int)e["status"]! == 202);
        audit.ShouldContain(e => (string)e!["what"]! == "EndEventsKeyOverlap");
        audit.ToJsonString().ShouldNotContain(earlier.Key);
        begun.ToJsonString().ShouldNotContain(earlier.Key);
    }

    private async Task UntilWaitingAsync(params string[] nodes)
    {
        await ApiServer.UntilAsync(async () => (await server.Admin.GetAsync("api/keys/events").JsonAsync())["waiting"]!.AsArray().Select(n => (string)n!).SequenceEqual(nodes));
    }

    private static async Task SendAsync(QueueCredential credential, string endpoint)
    {
        await using var sender = new QueueSender(new() { Endpoint = new Uri(endpoint), KeyName = credential.KeyName, Key = credential.Key, OperationTimeout = TimeSpan.FromSeconds(10) }, NullLogger<QueueSender>.Instance);
        await sender.SendAsync("agent-events", new OutgoingMessage { MessageId = "m", Body = "m"u8.ToArray() });
    }
}
