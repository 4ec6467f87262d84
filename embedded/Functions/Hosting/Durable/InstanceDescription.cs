using System.Globalization;
using System.Text.Json.Nodes;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>Instances and history events as the management API shows them.</summary>
internal static class InstanceDescription
{
    public static JsonObject Of(OrchestrationMetadata instance, bool showInput) => new()
    {
        ["name"] = instance.Name,
        ["instanceId"] = instance.InstanceId,
        ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
        ["input"] = showInput ? Parse(instance.SerializedInput) : null,
        ["customStatus"] = Parse(instance.SerializedCustomStatus),
        ["output"] = instance.FailureDetails is { } failure ? failure.ToString() : Parse(instance.SerializedOutput),
        ["createdTime"] = instance.CreatedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["lastUpdatedTime"] = instance.LastUpdatedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
    };

    public static JsonObject OfEvent(RecordedEvent recorded, bool output)
    {
        var line = new JsonObject
        {
            ["EventType"] = recorded.EventType.ToString(),
            ["Timestamp"] = recorded.Timestamp.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
        };
        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                line[name] = value;
            }
        }

        Add("Name", recorded.Name);
        Add("FireAt", recorded.FireAt?.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        Add("InstanceId", recorded.InstanceId);
        Add("Reason", recorded.FailureDetails?.ErrorMessage);
        if (output)
        {
            Add("Input", Parse(recorded.Input));
            Add("Result", Parse(recorded.Result));
        }

        return line;
    }

    private static JsonNode? Parse(string? text) => text is null ? null : JsonNode.Parse(text);
}
