using System.Text.Json.Serialization;

namespace VpsPilot.Bench.Broker;

/// <summary>One figure. The baseline, where there is one, is what another program does on the same machine.</summary>
internal sealed record Row(string Name, double Value, string Unit, double? Baseline, double? Ratio, double? Target, bool? Met, string Machine);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<Row>))]
internal sealed partial class RowJson : JsonSerializerContext;
