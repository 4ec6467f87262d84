using VpsPilot.Bench.Broker;
using VpsPilot.Bench.Figures;

// Usage: VpsPilot.Bench.Broker [FILE].
const int InFlight = 32;

await using var workload = await Workload.StartAsync();
await workload.SendAndSettleAsync(5_000, InFlight);
return await FigureTable.PublishAsync(
[
    Figure.AtLeast("broker: durable messages sent and settled, 32 in flight, 1 KB", await workload.SendAndSettleAsync(40_000, InFlight), "messages/s", 5_000),
    Figure.Shown("broker: durable messages sent, 32 in flight, 1 KB", await workload.SendAsync(40_000, InFlight), "messages/s"),
    Figure.Shown("broker: send to handler, one at a time, median", await workload.LatencyAsync(1_000), "ms"),
    Figure.Shown("broker and client: resident after the load", Environment.WorkingSet / 1024.0 / 1024.0, "MB"),
], args);
