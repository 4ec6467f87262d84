using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Nodes;

public sealed class EventsKeyRotationTests : IAsyncLifetime
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly TestPlane plane = new();

    [Fact]
    public async Task The_earlier_key_is_accepted_until_every_node_has_taken_the_new_one()
    {
        var keys = await EnrollAsync("a");
        await EnrollAsync("b");

        (await Rotation.BeginAsync(Week, default)).ShouldNotBeNull().Waiting.ShouldBe(["a", "b"]);

        plane.Queues.Keys.Primary.ShouldNotBe("k2");
        plane.Queues.Keys.Secondary.ShouldBe("k2");
        var (_, message) = plane.Queues.Sent.ShouldHaveSingleItemFor("a");
        var box = message.Command().Body.ShouldBeOfType<UseEventsKeyCommand>().Credential;
        JsonSerializer.Deserialize(box.Open(keys.SealingKey, message.Command().CommandId), ContractsJson.Default.QueueCredential)
            .ShouldBe(new(QueueNames.Events, NodeQueues.SendRule, plane.Queues.Keys.Primary));

        await TakenAsync("a");
        await Rotation.EndIfDueAsync(default);
        plane.Queues.Keys.Secondary.ShouldBe("k2", "b still has it");
        await TakenAsync("b");
        await Rotation.EndIfDueAsync(default);

        plane.Queues.Keys.Secondary.ShouldNotBe("k2");
        (await Rotation.ReadAsync(default)).ShouldSatisfyAllConditions(v => v.Waiting.ShouldBeEmpty(), v => v.EarlierUntil.ShouldBeNull(), v => v.RotatedAt.ShouldBe(TestPlane.Start));
        (await AuditAsync()).ShouldContain("the earlier key is refused: every node has the new one");
    }

    [Fact]
    public async Task The_earlier_key_is_refused_when_the_time_is_up_whoever_waits()
    {
        await EnrollAsync("away");
        await Rotation.BeginAsync(Week, default);

        plane.Time.Advance(Week - TimeSpan.FromSeconds(1));
        await Rotation.EndIfDueAsync(default);
        plane.Queues.Keys.Secondary.ShouldBe("k2");
        plane.Time.Advance(TimeSpan.FromSeconds(1));
        await Rotation.EndIfDueAsync(default);

        plane.Queues.Keys.Secondary.ShouldNotBe("k2");
        (await Rotation.ReadAsync(default)).Waiting.ShouldBe(["away"]);
        plane.Queues.Sent.Select(s => s.Message.MessageId).ShouldBe(Enumerable.Repeat($"events-key.{plane.Queues.Keys.Fingerprint}.away", 2), "it is brought once more before the earlier one is refused");
        (await AuditAsync()).ShouldContain("the earlier key is refused: the time is up; without the new one: away");
    }

    [Fact]
    public async Task Asked_again_it_brings_the_same_key_and_without_overlap_another_one_that_alone_is_accepted()
    {
        await EnrollAsync("a");
        await Rotation.BeginAsync(Week, default);
        var first = plane.Queues.Keys;

        await Rotation.BeginAsync(Week, default);
        plane.Queues.Keys.ShouldBe(first);
        plane.Queues.Sent.Select(s => s.Message.MessageId).Distinct().Count().ShouldBe(1);

        (await Rotation.BeginAsync(TimeSpan.Zero, default)).ShouldNotBeNull().EarlierUntil.ShouldBeNull();
        new[] { plane.Queues.Keys.Primary, plane.Queues.Keys.Secondary }.ShouldNotContain(k => k == "k2" || k == first.Primary);
        plane.Queues.Sent.Select(s => s.Message.MessageId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_is_enrolled_during_the_change_waits_for_nothing()
    {
        await Rotation.BeginAsync(Week, default);
        plane.Time.Advance(TimeSpan.FromSeconds(1));
        await EnrollAsync("late");

        (await Rotation.ReadAsync(default)).Waiting.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_that_was_interrupted_is_finished_with_one_new_key(bool isRuleChanged)
    {
        await EnrollAsync("a");
        var begun = new EventsKeyChange { AskedAt = plane.Time.GetUtcNow(), Replaced = plane.Queues.Keys.Fingerprint, Overlap = Week };
        await plane.Get<IStateStore>().InsertAsync(EventsKeyRotation.Partition, "change", begun, NodesJson.Default.EventsKeyChange, default);
        if (isRuleChanged)
        {
            plane.Queues.Keys = plane.Queues.Keys.Next(keepsEarlier: true);
        }

        (await Rotation.BeginAsync(Week, default)).ShouldBeNull("it may still be going on");
        plane.Time.Advance(TimeSpan.FromMinutes(1));
        await Rotation.EndIfDueAsync(default);

        plane.Queues.Keys.Secondary.ShouldBe("k2");
        plane.Queues.Sent.ShouldHaveSingleItem().Message.MessageId.ShouldBe($"events-key.{plane.Queues.Keys.Fingerprint}.a");
    }

    [Theory]
    [InlineData("events-key.0123456789abcdef.web-1", "0123456789abcdef")]
    [InlineData("events-key.0123456789abcdef0.web-1", null)]
    [InlineData("events-key.x.web-1", null)]
    [InlineData("events-key.", null)]
    [InlineData("move.0123456789abcdef.web-1", null)]
    [InlineData(null, null)]
    public void Of_an_id_that_a_node_sends_only_a_fingerprint_is_taken(string? id, string? key) => EventsKeyCommands.KeyOf(id).ShouldBe(key);

    [Fact]
    public void Keys_are_in_no_text_of_them() => new SendKeys("one", "two").ToString().ShouldNotContain("one");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await plane.DisposeAsync();

    private EventsKeyRotation Rotation => plane.Get<EventsKeyRotation>();

    private async Task<TestNode> EnrollAsync(string id)
    {
        var keys = SimulatedAgent.NewKeys();
        var nodes = plane.Get<NodeStore>();
        var (node, token) = (await nodes.CreateAsync(id, new Dictionary<string, string>(StringComparer.Ordinal), default)).ShouldNotBeNull();
        await nodes.EnrollAsync(node, keys.Request(token), "", default);
        return keys;
    }

    private Task TakenAsync(string id) => plane.Get<NodeStore>().TakeEventsKeyAsync(id, EventsKeyCommands.KeyOf(plane.Queues.Sent.ShouldHaveSingleItemFor(id).Message.MessageId)!, default);

    private async Task<IEnumerable<string?>> AuditAsync() => (await plane.Get<AuditLog>().ListAsync(new Paging(50, null), default)).Items.Select(e => e.Detail);
}

internal static class SentMessages
{
    public static (string Node, Messaging.OutgoingMessage Message) ShouldHaveSingleItemFor(this IEnumerable<(string Node, Messaging.OutgoingMessage Message)> sent, string node) =>
        sent.Where(s => s.Node == node).ShouldHaveSingleItem();
}
