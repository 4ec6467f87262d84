using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpsPilot.Cli.Output;

/// <summary>A file that was written.</summary>
internal sealed record WrittenFile(string File);

/// <summary>Source-generated JSON of what the program itself says with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Complaint))]
[JsonSerializable(typeof(WrittenFile))]
internal sealed partial class OutputJson : JsonSerializerContext
{
    public static string Write(Complaint complaint) => JsonSerializer.Serialize(complaint, Default.Complaint);

    public static string Write(WrittenFile file) => JsonSerializer.Serialize(file, Default.WrittenFile);
}
