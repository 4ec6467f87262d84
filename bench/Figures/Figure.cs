using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace VpsPilot.Bench.Figures;

/// <summary>One measured figure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Baseline">What another program does on the same machine in the same run; null when there is none.</param>
/// <param name="Ratio">Value over baseline.</param>
/// <param name="Target">What it should reach; null when it is only shown.</param>
/// <param name="Met">Whether it does.</param>
/// <param name="Machine">Where it was measured.</param>
public sealed record Figure(string Name, double Value, string Unit, double? Baseline, double? Ratio, double? Target, bool? Met, string Machine)
{
    private static readonly string Here = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}";

    /// <summary>A figure that should be at least the target.</summary>
    public static Figure AtLeast(string name, double value, string unit, double target) => new(name, Math.Round(value, 2), unit, null, null, target, value >= target, Here);

    /// <summary>A figure that should be at most the target.</summary>
    public static Figure AtMost(string name, double value, string unit, double target) => new(name, Math.Round(value, 2), unit, null, null, target, value <= target, Here);

    /// <summary>A figure that is only shown.</summary>
    public static Figure Shown(string name, double value, string unit) => new(name, Math.Round(value, 2), unit, null, null, null, null, Here);
}

/// <summary>Source-generated JSON of figures.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<Figure>))]
internal sealed partial class FigureJson : JsonSerializerContext;
