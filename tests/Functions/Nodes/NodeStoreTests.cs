using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Tests.Nodes;

public sealed class NodeStoreTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private readonly TestPlane plane = new();

    private NodeStore Nodes => plane.Get<NodeStore>();

    [Fact]
    public async Task An_enrolment_token_works_once()
    {
        var (_, token) = (await Nodes.CreateAsync("web-1", NoLabels, default))!.Value;
        var node = (await Nodes.FindByEnrollmentAsync(token, default)).ShouldNotBeNull();
        var request = (await plane.EnrolledNodeAsync("other")).Request(token);

        (await Nodes.EnrollAsync(node, request, "command-key", default)).ShouldNotBeNull();

        (await Nodes.FindByEnrollmentAsync(token, default)).ShouldBeNull();
        (await Nodes.EnrollAsync(node, request, "command-key", default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_enrolment_token_ends_after_an_hour()
    {
        var (_, token) = (await Nodes.CreateAsync("web-1", NoLabels, default))!.Value;

        plane.Time.Advance(TimeSpan.FromMinutes(61));

        (await Nodes.FindByEnrollmentAsync(token, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("vpe_guess")]
    [InlineData("vpe_guess.web-1")]
    [InlineData("vpe_guess.nobody")]
    [InlineData("vpe_guess.../../x")]
    public async Task A_guessed_enrolment_token_finds_no_node(string token)
    {
        await Nodes.CreateAsync("web-1", NoLabels, default);

        (await Nodes.FindByEnrollmentAsync(token, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_new_enrolment_replaces_the_earlier_agent_token()
    {
        var first = await plane.EnrolledNodeAsync("web-1");
        (await Nodes.FindByAgentTokenAsync(first.AgentToken, default))!.Id.ShouldBe("web-1");
        var (_, token) = (await Nodes.RearmAsync("web-1", default))!.Value;
        var node = (await Nodes.FindByEnrollmentAsync(token, default))!;

        var second = (await Nodes.EnrollAsync(node, first.Request(token), "command-key", default))!;

        (await Nodes.FindByAgentTokenAsync(first.AgentToken, default)).ShouldBeNull();
        (await Nodes.FindByAgentTokenAsync(second, default))!.Id.ShouldBe("web-1");
    }

    [Fact]
    public async Task A_late_heartbeat_does_not_replace_a_newer_one()
    {
        await Nodes.RecordSignAsync("web-1", TestPlane.Start.AddSeconds(30), Heartbeat("2"), default);
        await Nodes.RecordSignAsync("web-1", TestPlane.Start.AddSeconds(15), Heartbeat("1"), default);

        (await Nodes.GetSignAsync("web-1", default))!.AgentVersion.ShouldBe("2");
    }

    [Fact]
    public async Task A_clock_that_was_ahead_and_is_set_right_keeps_nothing_out()
    {
        await Nodes.RecordSignAsync("web-1", TestPlane.Start.AddHours(5), Heartbeat("1"), default);
        plane.Time.Advance(TimeSpan.FromSeconds(15));

        await Nodes.RecordSignAsync("web-1", plane.Time.GetUtcNow(), Heartbeat("2"), default);
        plane.Time.Advance(TimeSpan.FromSeconds(15));
        await Nodes.RecordSignAsync("web-1", TestPlane.Start.AddHours(-1), Heartbeat("of yesterday's clock"), default);

        (await Nodes.GetSignAsync("web-1", default))!.ShouldSatisfyAllConditions(s => s.AgentVersion.ShouldBe("2"), s => s.LastSeenAt.ShouldBe(plane.Time.GetUtcNow()), s => s.ReportedAt.ShouldBe(TestPlane.Start.AddSeconds(15)));
    }

    [Fact]
    public async Task An_enrolment_forgets_what_the_agent_before_said()
    {
        await plane.EnrolledNodeAsync("web-1");
        await Nodes.RecordSignAsync("web-1", TestPlane.Start, Heartbeat("1"), default);
        var (_, token) = (await Nodes.RearmAsync("web-1", default))!.Value;

        await Nodes.EnrollAsync((await Nodes.FindByEnrollmentAsync(token, default))!, (await plane.EnrolledNodeAsync("other")).Request(token), "command-key", default);

        (await Nodes.GetSignAsync("web-1", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_heartbeat_of_very_many_projects_is_kept_with_as_many_as_fit()
    {
        var serving = Enumerable.Range(0, 1000).ToDictionary(i => $"project-{i:0000}", i => new ServingRelease(new string('r', 32), i, TestData.Commit, "/nix/store/" + new string('s', 60), 20_000 + i));

        await Nodes.RecordSignAsync("web-1", TestPlane.Start, Heartbeat("1") with { Serving = serving }, default);

        (await Nodes.GetSignAsync("web-1", default))!.ShouldSatisfyAllConditions(s => s.IsCut.ShouldBeTrue(), s => s.Serving.Count.ShouldBeGreaterThan(100));
    }

    [Fact]
    public async Task The_loads_of_the_last_heartbeats_are_kept_in_order()
    {
        for (var i = 0; i < 65; i++, plane.Time.Advance(TimeSpan.FromSeconds(15)))
        {
            await Nodes.RecordSignAsync("web-1", TestPlane.Start.AddSeconds(15 * i), Heartbeat("1") with { Facts = TestData.Facts with { Load1 = i } }, default);
        }

        var loads = (await Nodes.GetSignAsync("web-1", default))!.Loads;
        loads.Select(l => l.Load1).ShouldBe(Enumerable.Range(5, 60).Select(i => (double)i));
        loads[^1].At.ShouldBe(TestPlane.Start.AddSeconds(15 * 64));
    }

    [Fact]
    public async Task The_state_follows_enrolment_and_heartbeats()
    {
        var (created, _) = (await Nodes.CreateAsync("web-2", NoLabels, default))!.Value;
        var node = await plane.EnrolledNodeAsync("web-1");
        State(created, null).ShouldBe("pending");

        await Nodes.RecordSignAsync(node.Id, plane.Time.GetUtcNow(), Heartbeat("1"), default);
        var enrolled = (await Nodes.GetAsync("web-1", default))!;
        State(enrolled, await Nodes.GetSignAsync("web-1", default)).ShouldBe("online");

        plane.Time.Advance(TimeSpan.FromSeconds(61));
        State(enrolled, await Nodes.GetSignAsync("web-1", default)).ShouldBe("offline");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private static Heartbeat Heartbeat(string version) => new() { AgentVersion = version, Facts = TestData.Facts };

    private string State(Node node, NodeSign? sign) => NodeView.Of(node, sign, plane.Time.GetUtcNow(), TimeSpan.FromMinutes(1)).State;
}
