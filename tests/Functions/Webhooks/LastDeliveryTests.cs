using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>A project's webhook says when it was last heard.</summary>
public sealed class LastDeliveryTests : IAsyncLifetime
{
    private readonly WebhookRig rig = new();

    [Fact]
    public async Task A_webhook_waits_for_its_first_delivery_and_a_ping_is_one()
    {
        await rig.ProjectAsync("github");
        (await ViewAsync()).ShouldSatisfyAllConditions(v => v.LastDelivery.ShouldBeNull(), v => v.Url.ShouldBe("http://pilot.example/api/webhooks/github/shop"));

        await rig.GitHubAsync("""{"zen":"Keep it logically awesome."}""", "ping");

        var last = (await ViewAsync()).LastDelivery.ShouldNotBeNull();
        (last.At, last.Provider).ShouldBe((TestPlane.Start, "github"));
        last.Ignored.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_forged_delivery_is_none()
    {
        await rig.ProjectAsync("github");

        await rig.PostAsync("github", "{}", ("X-GitHub-Event", "ping"), ("X-GitHub-Delivery", "d-1"), ("X-Hub-Signature-256", "sha256=00"));

        (await ViewAsync()).LastDelivery.ShouldBeNull();
    }

    [Fact]
    public async Task Deliveries_of_one_minute_are_written_once_and_another_end_at_once()
    {
        await rig.ProjectAsync("github");
        var deliveries = rig.Plane.Get<LastDeliveries>();
        await deliveries.NoteAsync("shop", "github", null, default);
        rig.Plane.Time.Advance(TimeSpan.FromSeconds(30));

        await deliveries.NoteAsync("shop", "github", null, default);
        (await ViewAsync()).LastDelivery!.At.ShouldBe(TestPlane.Start);
        await deliveries.NoteAsync("shop", "github", "the branch is another", default);
        (await ViewAsync()).LastDelivery!.ShouldBe(new LastDelivery(TestPlane.Start.AddSeconds(30), "github", "the branch is another"));

        await deliveries.DeleteAsync("shop", default);
        (await ViewAsync()).LastDelivery.ShouldBeNull();
    }

    private async Task<WebhookView> ViewAsync()
    {
        var context = new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("pilot.example") } };
        return (await rig.Plane.Make<WebhookStateFunction>().GetWebhook(context.Request, "shop", default)).ShouldBeOfType<JsonAnswer<WebhookView>>().Value;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => rig.DisposeAsync().AsTask();
}
