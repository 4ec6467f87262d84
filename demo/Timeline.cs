using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace VpsPilot.Demo;

/// <summary>The readable record of the demo on standard output: elapsed time, where, what.</summary>
internal sealed class Timeline
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    public TimeSpan Elapsed => clock.Elapsed;

    public static void Title(string text) => Console.WriteLine($"\n== {text}");

    public void Say(string text) => Line("", text);

    public void Step(string node, JsonNode step)
    {
        var duration = step["durationMilliseconds"] is { } ms ? $"{(long)ms / 1000.0:0.00} s" : "";
        Line(node, $"{step["stage"],-12} {step["state"],-10} {duration,8}  {step["detail"]}".TrimEnd());
    }

    private void Line(string node, string text) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,7:0.0} s  {node,-8} {text}").TrimEnd());
}
