using System.Globalization;
using System.Text.Json;
using VpsPilot.Bench.Broker;

// Usage: VpsPilot.Bench.Broker [FILE]: prints a table and, when FILE is given, writes the rows there as JSON.
const int InFlight = 32;
var machine = $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}";

await using var workload = await Workload.StartAsync();
await workload.SendAndSettleAsync(5_000, InFlight);
var rows = new List<Row>
{
    AtLeast("broker: durable messages sent and settled, 32 in flight, 1 KB", await workload.SendAndSettleAsync(40_000, InFlight), "messages/s", 5_000),
    Plain("broker: durable messages sent, 32 in flight, 1 KB", await workload.SendAsync(40_000, InFlight), "messages/s"),
    Plain("broker: send to handler, one at a time, median", await workload.LatencyAsync(1_000), "ms"),
    Plain("broker and client: resident after the load", Environment.WorkingSet / 1024.0 / 1024.0, "MB"),
};

foreach (var row in rows)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,-66} {row.Value,10:0.0} {row.Unit,-11} {(row.Target is { } target ? $"target {target:0} {(row.Met == true ? "met" : "MISSED")}" : "")}"));
if (args is [var path, ..])
    await File.WriteAllTextAsync(path, JsonSerializer.Serialize(rows, RowJson.Default.ListRow));
return rows.TrueForAll(row => row.Met != false) ? 0 : 1;

Row AtLeast(string name, double value, string unit, double target) => new(name, Math.Round(value, 1), unit, null, null, target, value >= target, machine);

Row Plain(string name, double value, string unit) => new(name, Math.Round(value, 2), unit, null, null, null, null, machine);
