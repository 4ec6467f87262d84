using VpsPilot.Bench.Figures;
using VpsPilot.Bench.Webhooks;

// Usage: VpsPilot.Bench.Webhooks [FILE], in the repository's root, after make build. Debian's webhook runs beside where it is installed.
const int Connections = 32;
const int Deliveries = 20_000;
const int OtherDeliveries = 5_000;

await using var plane = await PlaneUnderLoad.StartAsync();
using var load = new DeliveryLoad(plane.WebhookUrl, plane.Secret, Connections);
await load.RunAsync(2_000);
var (rate, p99) = await load.RunAsync(Deliveries);
var resident = plane.ResidentMegabytes();
await plane.ShouldHaveStoredAsync(load.Unique);

List<Figure> others = [];
double? baseline = null;
if (DebianWebhook.IsInstalled)
{
    await using (var waiting = await DebianWebhook.StartAsync(plane.Secret, waits: true))
    {
        using var otherLoad = new DeliveryLoad(waiting.Url, plane.Secret, Connections);
        await otherLoad.RunAsync(500);
        var (otherRate, otherP99) = await otherLoad.RunAsync(OtherDeliveries);
        baseline = otherRate;
        others.Add(Figure.Shown("webhooks: Debian's webhook, which waits for its command", otherRate, "deliveries/s"));
        others.Add(Figure.Shown("webhooks: Debian's webhook, 99th percentile at 32 connections", otherP99.TotalMilliseconds, "ms"));
    }

    await using var atOnce = await DebianWebhook.StartAsync(plane.Secret, waits: false);
    using var rest = new DeliveryLoad(atOnce.Url, plane.Secret, Connections);
    var (accepted, _) = await rest.RunAsync(OtherDeliveries);
    var memory = atOnce.ResidentMegabytes();
    var ran = await atOnce.CommandsRunAsync(OtherDeliveries);
    others.Add(Figure.Shown("webhooks: Debian's webhook, which answers at once", accepted, "deliveries/s"));
    others.Add(Figure.Shown("webhooks: of those, their command really ran", 100.0 * ran / OtherDeliveries, "%"));
    others.Add(Figure.Shown("webhooks: Debian's webhook, resident after the load", memory, "MB"));
}
else
{
    others.Add(Figure.Shown("webhooks: Debian's webhook, which waits for its command (not installed: not measured)", 0, "deliveries/s"));
}

return await FigureTable.PublishAsync(
[
    Figure.AtLeast("webhooks: signed 7 KB deliveries verified, deduplicated, durably queued", rate, "deliveries/s", 2000) with { Baseline = baseline, Ratio = baseline is null ? null : Math.Round(rate / baseline.Value, 2) },
    Figure.AtMost("webhooks: 99th percentile at 32 connections", p99.TotalMilliseconds, "ms", 50),
    Figure.AtMost("webhooks: control plane resident after the load", resident, "MB", 250),
    .. others,
], args);
