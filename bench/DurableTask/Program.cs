using VpsPilot.Bench.DurableTask;
using VpsPilot.Bench.Figures;

// Usage: VpsPilot.Bench.DurableTask [FILE]. Every figure is on a real file, fully durable.
await using var engine = await Engine.StartAsync();
await engine.SequencesAsync(instances: 200, together: 100);
var sequences = await engine.SequencesAsync(instances: 2000, together: 100);
var alone = await engine.MedianSequenceAsync(count: 100);
var fanOut = await engine.FanOutAsync(1000);
var (late, resident) = await engine.TimersAsync(10_000);

return await FigureTable.PublishAsync(
[
    Figure.AtLeast("engine: activities, 5 in sequence, 100 instances at a time", sequences, "activities/s", 1500),
    Figure.AtMost("engine: a sequence of 5 activities alone, median", alone.TotalMilliseconds, "ms", 30),
    Figure.AtMost("engine: fan-out of 1,000 activities and join", fanOut.TotalSeconds, "s", 2),
    Figure.AtMost("engine: 10,000 timers due at once, the last one late by", late.TotalSeconds, "s", 2),
    Figure.AtMost("engine: resident with 10,000 instances waiting", resident, "MB", 300),
], args);
