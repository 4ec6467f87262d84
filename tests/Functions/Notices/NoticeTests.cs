using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Tests.Notices;

/// <summary>Notices of deployments, through every kind of channel, to real receivers.</summary>
public sealed class NoticeTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly NoticeRig rig = new();
    private HttpReceiver receiver = null!;

    public async Task InitializeAsync()
    {
        receiver = await HttpReceiver.StartAsync();
        await rig.WithProjectAsync();
    }

    [Fact]
    public async Task A_failure_is_posted_signed_with_all_that_a_program_needs()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url + "hook");

        var deployment = await rig.EndAsync(DeploymentStatus.Failed, "test: npm test ended with exit code 1.");
        await rig.PumpAsync();

        var sent = receiver.All.ShouldHaveSingleItem();
        sent.Path.ShouldBe("/hook");
        ((string)sent.Json["kind"]!).ShouldBe("failed");
        ((string)sent.Json["projectId"]!).ShouldBe("shop");
        ((string)sent.Json["deploymentId"]!).ShouldBe(deployment.Id);
        ((string)sent.Json["url"]!).ShouldBe($"https://pilot.example.com/deployments/{deployment.Id}");
        ((string)sent.Json["text"]!).ShouldStartWith("test: npm test ended with exit code 1.");
        sent.Headers["X-VpsPilot-Delivery"].ShouldBe((string)sent.Json["id"]!);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes("a-signing-secret"), Encoding.UTF8.GetBytes($"{sent.Headers["X-VpsPilot-Timestamp"]}.{sent.Body}"));
        sent.Headers["X-VpsPilot-Signature"].ShouldBe("sha256=" + Convert.ToHexStringLower(signed));
        (await rig.StateAsync("ops")).LastSentAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Slack_and_Discord_get_text_that_can_call_and_format_nobody()
    {
        await rig.ChannelAsync("slack", ChannelKind.Slack, receiver.Url + "slack");
        await rig.ChannelAsync("discord", ChannelKind.Discord, receiver.Url + "discord");

        await rig.EndAsync(DeploymentStatus.RolledBack, "<!channel> & @everyone " + new string('x', 3000));
        await rig.PumpAsync();

        var slack = receiver.All.Single(r => r.Path == "/slack").Json;
        ((string)slack["text"]!).ShouldStartWith("*shop: release was rolled back*\n&lt;!channel&gt; &amp; ");
        var discord = receiver.All.Single(r => r.Path == "/discord").Json;
        ((string)discord["content"]!).Length.ShouldBeLessThanOrEqualTo(2000);
        ((string)discord["content"]!).ShouldStartWith("**shop: release was rolled back**");
        discord["allowed_mentions"]!["parse"]!.AsArray().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Recovered_is_told_once_after_a_bad_end_and_superseded_ones_between_do_not_count()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url.ToString());

        foreach (var status in (DeploymentStatus[])[DeploymentStatus.Succeeded, DeploymentStatus.Failed, DeploymentStatus.Superseded, DeploymentStatus.Canceled, DeploymentStatus.Succeeded, DeploymentStatus.Succeeded])
        {
            await rig.EndAsync(status);
            await rig.PumpAsync();
        }

        receiver.All.Select(r => (string)r.Json["kind"]!).ShouldBe(["failed", "recovered"]);
    }

    [Fact]
    public async Task Recovered_is_told_however_many_gave_way_in_between()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url.ToString());
        await rig.EndAsync(DeploymentStatus.Failed);
        await rig.PumpAsync(); // What is due together is told side by side, in no order.
        for (var i = 0; i < 60; i++)
        {
            await rig.EndAsync(DeploymentStatus.Superseded);
        }

        await rig.EndAsync(DeploymentStatus.Succeeded);
        await rig.PumpAsync();

        receiver.All.Select(r => (string)r.Json["kind"]!).ShouldBe(["failed", "recovered"]);
    }

    [Fact]
    public async Task One_occasion_that_cannot_be_told_holds_up_no_other_and_is_given_up_after_a_day()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url.ToString());
        var outbox = rig.Plane.Get<OutboxStore>();
        var huge = new Notice { Id = "a", Kind = NoticeKind.Alert, Title = "t", Text = "", At = rig.Plane.Time.GetUtcNow() };
        var rest = JsonSerializer.SerializeToUtf8Bytes(new Occasion { Notice = huge, At = huge.At }, NoticesJson.Default.Occasion).Length;
        await outbox.AnnounceAsync(huge with { Text = new string('x', StateLimits.MaxDocumentBytes - rest - 10) }, default);
        await outbox.AnnounceAsync(huge with { Id = "b" }, default);

        await rig.PumpAsync();
        receiver.All.Select(r => (string)r.Json["id"]!).ShouldBe(["b"]);
        (await outbox.OccasionsAsync(default)).ShouldHaveSingleItem();

        rig.Plane.Time.Advance(TimeSpan.FromHours(25));
        await rig.PumpAsync();
        (await outbox.OccasionsAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_channel_gets_the_kinds_and_the_project_that_it_asked_for()
    {
        await rig.Plane.ProjectAsync("other", "web-1");
        await rig.ChannelAsync("all", ChannelKind.Webhook, receiver.Url + "all", events: [NoticeKind.RolledBack]);
        await rig.ChannelAsync("own", ChannelKind.Webhook, receiver.Url + "own", project: "shop");
        await rig.ChannelAsync("own", ChannelKind.Webhook, receiver.Url + "other", project: "other");

        await rig.EndAsync(DeploymentStatus.Failed);
        await rig.EndAsync(DeploymentStatus.RolledBack);
        await rig.PumpAsync();

        receiver.All.Select(r => $"{r.Path} {r.Json["kind"]}").Order().ShouldBe(["/all rolled-back", "/own failed", "/own rolled-back"]);
    }

    [Fact]
    public async Task What_is_announced_again_is_sent_once()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url.ToString());
        var deployment = await rig.EndAsync(DeploymentStatus.Failed);

        for (var i = 0; i < 3; i++)
        {
            await rig.Plane.Get<OutboxStore>().AnnounceAsync(deployment, default);
            await rig.PumpAsync();
        }

        receiver.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_announcement_whose_state_never_came_is_dropped_and_one_that_comes_late_is_kept()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url.ToString());
        var outbox = rig.Plane.Get<OutboxStore>();
        var begun = await rig.BeginAsync();
        await outbox.AnnounceAsync(begun with { Status = DeploymentStatus.Failed }, default);

        await rig.PumpAsync();
        (await outbox.OccasionsAsync(default)).ShouldHaveSingleItem();
        await rig.Plane.Get<DeploymentStore>().UpdateAsync(begun.Id, d => d with { Status = DeploymentStatus.Failed, Summary = "no" }, default);
        await rig.PumpAsync();
        receiver.All.Count.ShouldBe(1);

        var other = await rig.BeginAsync();
        await outbox.AnnounceAsync(other with { Status = DeploymentStatus.Failed }, default);
        rig.Plane.Time.Advance(TimeSpan.FromMinutes(3));
        await rig.PumpAsync();
        (await outbox.OccasionsAsync(default)).ShouldBeEmpty();
        receiver.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_tried_again_with_growing_pauses_and_named_in_the_channel()
    {
        await rig.ChannelAsync("ops", ChannelKind.Webhook, receiver.Url.ToString());
        receiver.Answer = _ => (503, "later");
        await rig.EndAsync(DeploymentStatus.Failed);

        var gaps = new List<TimeSpan>();
        var last = rig.Plane.Time.GetUtcNow();
        for (var seen = 0; receiver.All.Count < OutboxPump.MaxAttempts; rig.Plane.Time.Advance(TimeSpan.FromSeconds(5)))
        {
            await rig.PumpAsync();
            if (receiver.All.Count > seen)
            {
                seen = receiver.All.Count;
                gaps.Add(rig.Plane.Time.GetUtcNow() - last);
                last = rig.Plane.Time.GetUtcNow();
            }

            if (seen == 5)
            {
                break;
            }
        }

        gaps[1..].ShouldBe([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(135)]);
        (await rig.StateAsync("ops")).LastError.ShouldBe("The receiver answered 503.");
        receiver.All.Select(r => r.Headers["X-VpsPilot-Delivery"]).Distinct().Count().ShouldBe(1);
        receiver.Answer = _ => (200, "");
        rig.Plane.Time.Advance(TimeSpan.FromHours(1));
        await rig.PumpAsync();
        (await rig.StateAsync("ops")).LastError.ShouldBeNull();
        await rig.PumpAsync();
        receiver.All.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_receiver_that_refuses_is_not_asked_again()
    {
        await rig.ChannelAsync("gone", ChannelKind.Slack, receiver.Url.ToString());
        receiver.Answer = _ => (404, "no_service");
        await rig.EndAsync(DeploymentStatus.Failed);

        await rig.PumpAsync();
        rig.Plane.Time.Advance(TimeSpan.FromDays(1));
        await rig.PumpAsync();

        receiver.All.Count.ShouldBe(1);
        (await rig.StateAsync("gone")).LastError.ShouldBe("The receiver answered 404.");
    }

    [Fact]
    public void The_pauses_together_last_about_a_day_and_never_shrink()
    {
        var pauses = Enumerable.Range(1, OutboxPump.MaxAttempts - 1).Select(OutboxPump.PauseAfter).ToList();

        pauses.ShouldBeInOrder();
        TimeSpan.FromTicks(pauses.Sum(p => p.Ticks)).ShouldBeInRange(TimeSpan.FromHours(12), TimeSpan.FromHours(30));
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await rig.DisposeAsync();
    }
}
