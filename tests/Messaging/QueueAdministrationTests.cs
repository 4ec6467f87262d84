using VpsPilot.Messaging.Administration;

namespace VpsPilot.Messaging.Tests;

public sealed class QueueAdministrationTests
{
    private static readonly QueueDescription Node = new()
    {
        Name = "node-1",
        LockDuration = TimeSpan.FromSeconds(30),
        MaxDeliveryCount = 5,
        DefaultMessageTimeToLive = TimeSpan.FromDays(2),
        DeadLetteringOnMessageExpiration = true,
        RequiresDuplicateDetection = true,
        DuplicateDetectionHistoryTimeWindow = TimeSpan.FromHours(1),
        AuthorizationRules = [new("agent", "YWdlbnQta2V5", "c2Vjb25k", QueueRights.Listen)],
    };

    [Fact]
    public async Task A_queue_is_created_once_and_found_as_described()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var administration = fixture.Administration;

        (await administration.CreateOrUpdateAsync(Node)).ShouldBeTrue();
        (await administration.CreateOrUpdateAsync(Node with { MaxDeliveryCount = 7 })).ShouldBeFalse();

        var found = (await administration.FindAsync("node-1")).ShouldNotBeNull();
        found.MaxDeliveryCount.ShouldBe(7);
        found.LockDuration.ShouldBe(Node.LockDuration);
        found.DefaultMessageTimeToLive.ShouldBe(Node.DefaultMessageTimeToLive);
        found.DuplicateDetectionHistoryTimeWindow.ShouldBe(Node.DuplicateDetectionHistoryTimeWindow);
        found.RequiresDuplicateDetection.ShouldBe(true);
        found.DeadLetteringOnMessageExpiration.ShouldBe(true);
        found.AuthorizationRules.ShouldBe(Node.AuthorizationRules);
        found.ActiveMessageCount.ShouldBe(0);
        fixture.Broker.FindQueue("node-1")!.MaxDeliveryCount.ShouldBe(7);
    }

    [Fact]
    public async Task Queues_are_listed_and_deleted()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var administration = fixture.Administration;
        for (var i = 0; i < 130; i++)
            await administration.CreateOrUpdateAsync(new QueueDescription { Name = $"q-{i:000}" });

        var names = new List<string>();
        await foreach (var queue in administration.ListAsync())
            names.Add(queue.Name);

        names.ShouldBe(Enumerable.Range(0, 130).Select(i => $"q-{i:000}"));
        (await administration.DeleteAsync("q-000")).ShouldBeTrue();
        (await administration.DeleteAsync("q-000")).ShouldBeFalse();
        (await administration.ExistsAsync("q-000")).ShouldBeFalse();
        (await administration.ExistsAsync("q-001")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_rule_of_one_queue_can_do_what_it_says_there_and_nothing_elsewhere()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Administration.CreateOrUpdateAsync(Node);
        await fixture.Administration.CreateOrUpdateAsync(new QueueDescription { Name = "agent-events" });
        var agent = fixture.Options with { KeyName = "agent", Key = "YWdlbnQta2V5" };
        await using var root = fixture.Sender();
        await using var sender = fixture.Sender(agent);
        await root.SendAsync("node-1", QueueRoundTripTests.Message("command"));

        (await Should.ThrowAsync<QueueException>(sender.SendAsync("node-1", QueueRoundTripTests.Message("x")))).Error.ShouldBe(QueueError.Unauthorized);
        (await Should.ThrowAsync<QueueException>(sender.SendAsync("agent-events", QueueRoundTripTests.Message("x")))).Error.ShouldBe(QueueError.Unauthorized);
        using var http = new HttpClient();
        (await Should.ThrowAsync<QueueException>(new QueueAdministration(agent, http).DeleteAsync("node-1"))).Error.ShouldBe(QueueError.Unauthorized);
        var received = await QueueRoundTripTests.ReceiveAsync(fixture, "node-1", 1, options: agent);
        received.Single().MessageId.ShouldBe("command");
        fixture.Broker.Count("node-1").Active.ShouldBe(0);
    }

    [Fact]
    public async Task A_description_that_makes_no_sense_is_refused_with_its_reason()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var bad = Node with { AuthorizationRules = [new("agent", "", "", QueueRights.Listen)] };

        var failure = await Should.ThrowAsync<QueueException>(fixture.Administration.CreateOrUpdateAsync(bad));

        failure.Error.ShouldBe(QueueError.Refused);
        failure.Message.ShouldContain("KeyName and PrimaryKey");
        fixture.Broker.ListQueues().ShouldBeEmpty();
    }
}
