using VpsPilot.Bench.Figures;
using VpsPilot.Bench.Webhooks;

// Usage: VpsPilot.Bench.Webhooks [FILE], in the repository's root, after make build. Debian's webhook runs beside where it is installed.
const int Connections = 32;
const int Deliveries = 20_000;

await using var plane = await PlaneUnderLoad.StartAsync();
using var load = new DeliveryLoad(plane.WebhookUrl, plane.Secret, Connections);
await load.RunAsync(2_000);
var (rate, p99) = await load.RunAsync(Deliveries);
var resident = plane.ResidentMegabytes();
await plane.ShouldHaveStoredAsync(load.LastCommit);

Figure other;
Figure[] otherTail = [];
await using (var webhook = await DebianWebhook.StartAsync(plane.Secret))
{
    if (webhook is null)
    {
        other = Figure.Shown("webhooks: Debian's webhook, which waits for its command (not installed: not measured)", 0, "deliveries/s");
    }
    else
    {
        using var otherLoad = new DeliveryLoad(webhook.Url, plane.Secret, Connections);
        await otherLoad.RunAsync(500);
        var (otherRate, otherP99) = await otherLoad.RunAsync(5_000);
        other = Figure.Shown("webhooks: Debian's webhook, which waits for its command", otherRate, "deliveries/s");
        otherTail = [Figure.Shown("webhooks: Debian's webhook, 99th percentile at 32 connections", otherP99.TotalMilliseconds, "ms")];
    }
}

var baseline = other.Value > 0 ? other.Value : (double?)null;
return await FigureTable.PublishAsync(
[
    Figure.AtLeast("webhooks: signed 7 KB deliveries verified, deduplicated, durably queued", rate, "deliveries/s", 2000) with { Baseline = baseline, Ratio = baseline is null ? null : Math.Round(rate / baseline.Value, 2) },
    Figure.AtMost("webhooks: 99th percentile at 32 connections", p99.TotalMilliseconds, "ms", 50),
    Figure.AtMost("webhooks: control plane resident after the load", resident, "MB", 250),
    other,
    .. otherTail,
], args);
